import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from "kysely";
import type { Tables } from "../schema.ts";
import { COLUMNS } from "../schema.ts";
import type { ServerDialect } from "../server/dialect.ts";
import { claimExecutor } from "./claim.ts";
import { drawExecutor } from "./draw.ts";
import { classifyError, isSnapshotConflict } from "./errors.ts";
import { filtersOn } from "./filters.ts";
import { columnsOf, inputRows } from "./input-lists.ts";
import { insertIntoPool, setAsideExpired, syncPool } from "./pool.ts";
import { snapshotLoader } from "./snapshot.ts";

/** Compiles statements into text. It has no connection. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

// `postgres/` holds the statements and rules for PostgreSQL. This file lists them all, as a `ServerDialect`.
// `../server/` runs them, and `../postgres.ts` opens connections.
// It imports `oncecode`, Kysely, `../server/` and the files of `../`, but no driver.

/** `onStatement` gets each text that runs often, so that it can be prepared. */
export const postgresDialect = (tables: Tables, onStatement: (statementText: string) => void): ServerDialect => {
  const compile = (statement: RawBuilder<unknown>): string => {
    const { sql: text } = statement.compile(compiler);
    onStatement(text);
    return text;
  };

  return {
    ...filtersOn(tables),
    classifyError,
    isSnapshotConflict,
    claimsInOneStatement: true,
    compile,
    fromWhereIn: (from, column) => sql`from ${from} where ${column} = any(${null}::text[])`,
    listParameter: (values) => values,
    forShare: sql`for share`,
    loadSnapshot: snapshotLoader(tables, compile),
    draw: drawExecutor(tables, compile),
    claim: claimExecutor(tables, compile),
    insertIgnoringConflicts: async (session, rows) => {
      const inserted = sql`
        insert into ${sql.table(tables.vouchers)} (${columnsOf("vouchers")})
        select ${columnsOf("vouchers")} from ${inputRows(sql`${JSON.stringify(rows)}`, COLUMNS.vouchers)}
        on conflict do nothing`;
      await sql`with inserted as (${inserted} returning *) ${insertIntoPool(tables, sql`inserted`)}`.execute(session);
    },
    setAsideExpired: setAsideExpired(tables),
    setAsideReset: [],
    syncPool: syncPool(tables),
  };
};
