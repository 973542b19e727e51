import { setTimeout } from "node:timers/promises";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";

/** The migrations by name. They run in the order of their names. */
export type Migrations = Readonly<Record<string, Migration>>;

/** The table in which the migrator records the migrations that ran. */
export interface MigrationTable {
  /** The prefix of its table names. */
  readonly prefix: string;
  readonly schema: string | null;
}

/** A migration that runs these statements. */
export const migrationOf = (statements: readonly RawBuilder<unknown>[]): Migration => ({
  up: async (db) => {
    for (const statement of statements) await statement.execute(db);
  },
});

const createMigrator = (db: Kysely<unknown>, migrations: Migrations, { prefix, schema }: MigrationTable): Migrator =>
  new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: `${prefix}migrations`,
    migrationLockTableName: `${prefix}migrations_lock`,
    ...(schema === null ? {} : { migrationTableSchema: schema }),
  });

/** The names of the migrations that ran on this database. */
const readAppliedMigrations = async (
  db: Kysely<unknown>,
  { prefix, schema }: MigrationTable,
): Promise<readonly string[]> => {
  const name = `${prefix}migrations`;
  const table = sql.id(...(schema === null ? [name] : [schema, name]));
  const { rows } = await sql<{ readonly name: string }>`select name from ${table}`.execute(db);
  return rows.map((row) => row.name);
};

const refuseNewerTables = (applied: readonly string[], migrations: Migrations): void => {
  const unknownMigration = applied.find((name) => !Object.hasOwn(migrations, name));
  if (unknownMigration !== undefined)
    throw new UnusableDatabase(
      `The tables were made by a newer version of oncecode (migration ${unknownMigration}): install that version here, too`,
    );
};

/** Runs the missing migrations. */
const migrateOnce = async (
  db: Kysely<unknown>,
  migrations: Migrations,
  migrationTable: MigrationTable,
): Promise<void> => {
  const { error } = await createMigrator(db, migrations, migrationTable).migrateToLatest();
  if (error === undefined) return;
  const applied = await readAppliedMigrations(db, migrationTable).catch((): readonly string[] => []);
  refuseNewerTables(applied, migrations);
  throw error;
};

const TRIES_MAX = 10;

/**
 * Runs the missing migrations. Another process may migrate at the same moment, and a step may then fail because the other
 * process has just done it. `isMigrationConflict` recognises such a failure, and we start again.
 */
export const migrateToLatest = async (
  db: Kysely<unknown>,
  migrations: Migrations,
  migrationTable: MigrationTable,
  isMigrationConflict: (thrown: unknown) => boolean = () => false,
): Promise<void> => {
  for (let tryNumber = 1; ; tryNumber++) {
    try {
      return await migrateOnce(db, migrations, migrationTable);
    } catch (thrown) {
      if (!isMigrationConflict(thrown) || tryNumber === TRIES_MAX) throw thrown;
    }
    await setTimeout(20 * tryNumber);
  }
};

/** Checks that all migrations ran, and changes nothing. `isMissing` recognises the error for a table that does not exist. */
export const checkMigrated = async (
  db: Kysely<unknown>,
  migrations: Migrations,
  migrationTable: MigrationTable,
  isMissing: (thrown: unknown) => boolean,
): Promise<void> => {
  const applied = await readAppliedMigrations(db, migrationTable).catch((thrown): readonly string[] => {
    if (isMissing(thrown)) return [];
    throw thrown;
  });
  refuseNewerTables(applied, migrations);
  const missing = Object.keys(migrations).filter((name) => !applied.includes(name));
  if (missing.length > 0)
    throw new UnusableDatabase(
      `The tables are not up to date (${missing.join(", ")}): run \`npx oncecode migrate --url …\` first`,
    );
};

/** The database cannot be used. The message says why, and what to do. A retry does not help. */
export class UnusableDatabase extends Error {}
