import { Kysely, SqliteDialect, sql } from "kysely";
import { type Migrations, migrateToLatest, migrationOf } from "../migrations.ts";
import { DEFAULT_PREFIX } from "../schema.ts";
import type { SqliteHandle } from "./connections.ts";
import { TABLES_0001 } from "./tables.ts";

const step = (statements: readonly string[]): Migrations[string] =>
  migrationOf(statements.map((statement) => sql.raw(statement)));

/** Migrations run in the order of their names. After a release a migration never changes: add a new one. */
const MIGRATIONS: Migrations = { "0001-tables": step(TABLES_0001) };

const READS = /^\s*(?:select|with|pragma)\b/i;

/** A Kysely that runs on the handle. */
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

/** Creates or updates the tables. */
export const migrate = (handle: SqliteHandle): Promise<void> =>
  migrateToLatest(kyselyOn(handle), MIGRATIONS, { prefix: DEFAULT_PREFIX, schema: null });
