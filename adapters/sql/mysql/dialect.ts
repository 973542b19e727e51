import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, type RawBuilder, sql } from "kysely";
import { COLUMNS, type Tables } from "../schema.ts";
import type { ServerDialect } from "../server/dialect.ts";
import { claimExecutor, claimTexts } from "./claim.ts";
import { drawExecutor, drawTexts } from "./draw.ts";
import { classifyError, isSnapshotConflict } from "./errors.ts";
import { filtersOn } from "./filters.ts";
import type { Flavour } from "./flavour.ts";
import { columnsOf, inputRows, inputValues, recordChunks } from "./input-lists.ts";
import { setAsideExpired } from "./pool.ts";
import { snapshotLoader, snapshotTexts } from "./snapshot.ts";

// `mysql/` holds the statements and rules for MariaDB and MySQL. This file lists them all, as a `ServerDialect`.
// `../server/` runs them, and `../mysql.ts` opens connections.
// It imports `oncecode`, Kysely, `../server/` and the files of `../`, but no driver.

/** Compiles statements into text. It has no connection. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new MysqlAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new MysqlIntrospector(db),
    createQueryCompiler: () => new MysqlQueryCompiler(),
  },
});

export const mysqlDialect = (tables: Tables, flavour: Flavour): ServerDialect => {
  const compile = (statement: RawBuilder<unknown>): string => statement.compile(compiler).sql;

  const claims = claimTexts(tables, flavour, compile);
  const [vouchers, columns] = [sql.table(tables.vouchers), columnsOf(COLUMNS.vouchers)];

  return {
    ...filtersOn(tables, flavour),
    classifyError,
    isSnapshotConflict,
    claimsInOneStatement: false,
    compile,
    fromWhereIn: (from, column) => sql`from ${inputValues(flavour)} straight_join ${from} on ${column} = input.value`,
    listParameter: (values) => JSON.stringify(values),
    forShare: sql`lock in share mode`,
    draw: drawExecutor(drawTexts(tables, flavour, compile), claims),
    loadSnapshot: snapshotLoader(snapshotTexts(tables, flavour, compile)),
    claim: claimExecutor(claims),
    insertIgnoringConflicts: async (session, rows) => {
      // `insert ignore` would also hide other errors, such as a text that is too long. This update changes nothing.
      for (const chunk of recordChunks(COLUMNS.vouchers, rows))
        await sql`
          insert into ${vouchers} (${columns})
          select ${columns} from ${inputRows(flavour, COLUMNS.vouchers, sql`${chunk}`)} as input
          on duplicate key update ${vouchers}.id = ${vouchers}.id`.execute(session);
    },
    setAsideExpired: setAsideExpired(tables),
    setAsideReset: [sql`set_aside = 0`],
    // The pool is an index of the vouchers, so that the server keeps it up to date.
    syncPool: async () => {},
  };
};
