import { setTimeout } from "node:timers/promises";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";

/** The steps from nothing to the tables as they are now, by name, in the order of their names. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Where the migrator writes down what it has done. */
export interface MigrationTable {
  /** What the names of its tables start with. */
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

/** The names of the migrations that a database has been through. */
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
  const unknown = applied.find((name) => !Object.hasOwn(migrations, name));
  if (unknown !== undefined)
    throw new UnusableDatabase(
      `The tables were made by a newer version of oncecode (migration ${unknown}): install that version here, too`,
    );
};

/** Brings the tables up to date. */
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

const ATTEMPTS_MAX = 10;

/**
 * Brings the tables up to date. Where others are at it at the same moment, a step may fail that they have just made, which
 * `isContested` tells: then it is looked at again.
 */
export const migrateToLatest = async (
  db: Kysely<unknown>,
  migrations: Migrations,
  migrationTable: MigrationTable,
  isContested: (thrown: unknown) => boolean = () => false,
): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await migrateOnce(db, migrations, migrationTable);
    } catch (thrown) {
      if (!isContested(thrown) || attempt === ATTEMPTS_MAX) throw thrown;
    }
    await setTimeout(20 * attempt);
  }
};

/** Makes sure that the tables are up to date, and changes nothing. `missing` says whether a failure means no table. */
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

/** A database that cannot be used as it is: says why, and what to do about it. To try again does not help. */
export class UnusableDatabase extends Error {}
