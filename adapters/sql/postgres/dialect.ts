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
import { claiming } from "./claim.ts";
import { drawingFor } from "./draw.ts";
import { entering, following, parking } from "./drawable.ts";
import { isFixed, judge } from "./failures.ts";
import { filtersOn } from "./filters.ts";
import { looking } from "./look.ts";
import { columnsOf, recordsOf } from "./records.ts";

/** Turns statements into text, once. It has no connection. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** `onText` is told of each text that will be run over and over, so that it may be prepared. */
export const postgresDialect = (tables: Tables, onText: (text: string) => void): ServerDialect => {
  const text = (statement: RawBuilder<unknown>): string => {
    const { sql: compiled } = statement.compile(compiler);
    onText(compiled);
    return compiled;
  };

  return {
    ...filtersOn(tables),
    judge,
    isFixed,
    claimsAtOnce: true,
    text,
    among: (from, column) => sql`from ${from} where ${column} = any(${null}::text[])`,
    list: (values) => values,
    forShare: sql`for share`,
    look: looking(tables, text),
    draw: drawingFor(tables, text),
    claim: claiming(tables, text),
    insertFree: async (session, rows) => {
      const inserted = sql`
        insert into ${sql.table(tables.vouchers)} (${columnsOf("vouchers")})
        select ${columnsOf("vouchers")} from ${recordsOf(sql`${JSON.stringify(rows)}`, COLUMNS.vouchers)}
        on conflict do nothing`;
      await sql`with inserted as (${inserted} returning *) ${entering(tables, sql`inserted`)}`.execute(session);
    },
    park: parking(tables),
    unparked: [],
    follow: following(tables),
  };
};
