import { setTimeout } from "node:timers/promises";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { Unfit } from "./unfit.ts";

/** The steps from nothing to the tables as they are now, by name, in the order of their names. */
export type Migrations = Readonly<Record<string, Migration>>;

/** Where the migrator writes down what it has done. */
export interface Ledger {
  /** What the names of its tables start with. */
  readonly prefix: string;
  readonly schema: string | null;
}

/** A migration that runs these statements. */
export const running = (statements: readonly RawBuilder<unknown>[]): Migration => ({
  up: async (db) => {
    for (const statement of statements) await statement.execute(db);
  },
});

const migratorFor = (db: Kysely<unknown>, migrations: Migrations, { prefix, schema }: Ledger): Migrator =>
  new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: `${prefix}migrations`,
    migrationLockTableName: `${prefix}migrations_lock`,
    ...(schema === null ? {} : { migrationTableSchema: schema }),
  });

/** The names of the migrations that a database has been through. */
const doneIn = async (db: Kysely<unknown>, { prefix, schema }: Ledger): Promise<readonly string[]> => {
  const name = `${prefix}migrations`;
  const table = sql.id(...(schema === null ? [name] : [schema, name]));
  const { rows } = await sql<{ readonly name: string }>`select name from ${table}`.execute(db);
  return rows.map((row) => row.name);
};

const refuseNewer = (done: readonly string[], migrations: Migrations): void => {
  const unknown = done.find((name) => !Object.hasOwn(migrations, name));
  if (unknown !== undefined)
    throw new Unfit(
      `The tables were made by a newer version of oncecode (migration ${unknown}): install that version here, too`,
    );
};

/** Brings the tables up to date. */
const migrateOnce = async (db: Kysely<unknown>, migrations: Migrations, ledger: Ledger): Promise<void> => {
  const { error } = await migratorFor(db, migrations, ledger).migrateToLatest();
  if (error === undefined) return;
  const done = await doneIn(db, ledger).catch((): readonly string[] => []);
  refuseNewer(done, migrations);
  throw error;
};

const ATTEMPTS = 10;

/**
 * Brings the tables up to date. Where others are at it at the same moment, a step may fail that they have just made, which
 * `isContested` tells: then it is looked at again.
 */
export const migrateToLatest = async (
  db: Kysely<unknown>,
  migrations: Migrations,
  ledger: Ledger,
  isContested: (thrown: unknown) => boolean = () => false,
): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await migrateOnce(db, migrations, ledger);
    } catch (thrown) {
      if (!isContested(thrown) || attempt === ATTEMPTS) throw thrown;
    }
    await setTimeout(20 * attempt);
  }
};

/** Makes sure that the tables are up to date, and changes nothing. `missing` says whether a failure means no table. */
export const checkMigrated = async (
  db: Kysely<unknown>,
  migrations: Migrations,
  ledger: Ledger,
  isMissing: (thrown: unknown) => boolean,
): Promise<void> => {
  const done = await doneIn(db, ledger).catch((thrown): readonly string[] => {
    if (isMissing(thrown)) return [];
    throw thrown;
  });
  refuseNewer(done, migrations);
  const waiting = Object.keys(migrations).filter((name) => !done.includes(name));
  if (waiting.length > 0)
    throw new Unfit(
      `The tables are not up to date (${waiting.join(", ")}): run \`npx oncecode migrate --url …\` first`,
    );
};
