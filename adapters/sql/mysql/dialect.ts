import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, type RawBuilder, sql } from "kysely";
import { PARKED_MAX } from "../parking.ts";
import { COLUMNS, type Tables } from "../schema.ts";
import type { ServerDialect } from "../server/dialect.ts";
import { claiming, claimTexts } from "./claim.ts";
import { drawing, drawTexts } from "./draw.ts";
import { isFixed, judge } from "./failures.ts";
import { filtersOn } from "./filters.ts";
import { looking, lookTexts } from "./look.ts";
import { asked, columnsOf, type Flavour, recordChunks, recordsOf } from "./records.ts";

/** Turns statements into text, once. It has no connection. */
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
    judge,
    isFixed,
    claimsAtOnce: false,
    text: compile,
    among: (from, column) => sql`from ${asked(flavour)} straight_join ${from} on ${column} = asked.name`,
    list: (values) => JSON.stringify(values),
    forShare: sql`lock in share mode`,
    draw: drawing(drawTexts(tables, flavour, compile), claims),
    look: looking(lookTexts(tables, flavour, compile)),
    claim: claiming(claims),
    insertFree: async (session, rows) => {
      // Not `insert ignore`, which would make do with anything. To set a column to what it is changes nothing.
      for (const chunk of recordChunks(COLUMNS.vouchers, rows))
        await sql`
          insert into ${vouchers} (${columns})
          select ${columns} from ${recordsOf(flavour, COLUMNS.vouchers, sql`${chunk}`)} as given
          on duplicate key update ${vouchers}.id = ${vouchers}.id`.execute(session);
    },
    park: async (session, { campaignId, now }) => {
      const { rows } = await sql<{ readonly id: string }>`
        select id from ${sql.table(tables.vouchers)} force index (expiring)
        where campaign_id = ${campaignId} and publication_id is null and active = 1 and parked = 0
          and expiration_date <= ${now}
        limit ${sql.lit(PARKED_MAX)} for update skip locked`.execute(session);
      if (rows.length === 0) return;
      await sql`
        update ${sql.table(tables.vouchers)} set parked = 1
        where id in (${sql.join(rows.map(({ id }) => id))})`.execute(session);
    },
    unparked: [sql`parked = 0`],
    follow: async () => {},
  };
};
