import { Kysely, SqliteDialect, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { MIGRATIONS_LOCK_TABLE, MIGRATIONS_TABLE } from "../schema.ts";
import type { SqliteHandle } from "./handle.ts";
import { TABLES_0001 } from "./tables.ts";

const running = (statements: readonly string[]): Migration => ({
  up: async (db) => {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
});

/** In order of their names. What was released never changes: a new one is added. */
const MIGRATIONS: Readonly<Record<string, Migration>> = { "0001-tables": running(TABLES_0001) };

const READS = /^\s*(?:select|with|pragma)\b/i;

/** Gives Kysely the handle in the shape it asks for. */
const kyselyOn = (handle: SqliteHandle): Kysely<unknown> =>
  new Kysely({
    dialect: new SqliteDialect({
      database: {
        close: () => undefined,
        prepare: (text) => {
          const statement = handle.prepare(text);
          return {
            reader: READS.test(text),
            all: (parameters) => statement.all(...(parameters as (string | number | null)[])),
            run: (parameters) => {
              const { changes } = statement.run(...(parameters as (string | number | null)[]));
              return { changes, lastInsertRowid: 0 };
            },
            iterate: () => {
              throw new Error("A migration streams nothing");
            },
          };
        },
      },
    }),
  });

/** Brings the tables up to date. */
export const migrate = async (handle: SqliteHandle): Promise<void> => {
  const migrator = new Migrator({
    db: kyselyOn(handle),
    provider: { getMigrations: async () => MIGRATIONS },
    migrationTableName: MIGRATIONS_TABLE,
    migrationLockTableName: MIGRATIONS_LOCK_TABLE,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
};
