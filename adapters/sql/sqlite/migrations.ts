import { Kysely, SqliteDialect, sql } from "kysely";
import { type Migrations, migrateToLatest, migrationOf } from "../migrations.ts";
import { DEFAULT_PREFIX } from "../schema.ts";
import type { SqliteHandle } from "./connections.ts";
import { TABLES_0001 } from "./tables.ts";

const step = (statements: readonly string[]): Migrations[string] =>
  migrationOf(statements.map((statement) => sql.raw(statement)));

/** In order of their names. What was released never changes: a new one is added. */
const MIGRATIONS: Migrations = { "0001-tables": step(TABLES_0001) };

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
export const migrate = (handle: SqliteHandle): Promise<void> =>
  migrateToLatest(kyselyOn(handle), MIGRATIONS, { prefix: DEFAULT_PREFIX, schema: null });
