import { DummyDriver, Kysely, MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler, type RawBuilder, sql } from "kysely";
import { COLUMNS, SET_ASIDE_MAX, type Tables } from "../schema.ts";
import type { ServerDialect } from "../server/dialect.ts";
import { claimExecutor, claimTexts } from "./claim.ts";
import { drawExecutor, drawTexts } from "./draw.ts";
import { classifyError, isSnapshotConflict } from "./errors.ts";
import { filtersOn } from "./filters.ts";
import { columnsOf, type Flavour, inputNames, inputRows, recordChunks } from "./input-lists.ts";
import { snapshotLoader, snapshotTexts } from "./snapshot.ts";

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
    classifyError: classifyError,
    isSnapshotConflict: isSnapshotConflict,
    claimsInOneStatement: false,
    compile,
    fromWhereIn: (from, column) => sql`from ${inputNames(flavour)} straight_join ${from} on ${column} = input.name`,
    listParameter: (values) => JSON.stringify(values),
    forShare: sql`lock in share mode`,
    draw: drawExecutor(drawTexts(tables, flavour, compile), claims),
    loadSnapshot: snapshotLoader(snapshotTexts(tables, flavour, compile)),
    claim: claimExecutor(claims),
    insertIgnoringConflicts: async (session, rows) => {
      // Not `insert ignore`, which would make do with anything. To set a column to what it is changes nothing.
      for (const chunk of recordChunks(COLUMNS.vouchers, rows))
        await sql`
          insert into ${vouchers} (${columns})
          select ${columns} from ${inputRows(flavour, COLUMNS.vouchers, sql`${chunk}`)} as given
          on duplicate key update ${vouchers}.id = ${vouchers}.id`.execute(session);
    },
    setAsideExpired: async (session, { campaignId, now }) => {
      const { rows } = await sql<{ readonly id: string }>`
        select id from ${sql.table(tables.vouchers)} force index (expiring)
        where campaign_id = ${campaignId} and publication_id is null and active = 1 and set_aside = 0
          and expiration_date <= ${now}
        limit ${sql.lit(SET_ASIDE_MAX)} for update skip locked`.execute(session);
      if (rows.length === 0) return;
      await sql`
        update ${sql.table(tables.vouchers)} set set_aside = 1
        where id in (${sql.join(rows.map(({ id }) => id))})`.execute(session);
    },
    notSetAside: [sql`set_aside = 0`],
    syncPool: async () => {},
  };
};
