import { type RawBuilder, sql } from "kysely";
import type { Kind, Position, Query } from "oncecode";
import { ALWAYS, type FilterDialect, filterTest, type Test, type Value } from "./filters.ts";
import { columnName, TABLES } from "./schema.ts";

export interface PageDialect extends FilterDialect {
  /** The first text of a JSON array; null if it is empty. */
  firstOf(array: Value): Value;
}

const ID: Value = sql.ref("id");

/** Orders by something that a record may lack. The others get the shorter condition, which an index can answer. */
const OPTIONAL: ReadonlySet<string> = new Set(["voucherCode", "trackingId", "updatedAt", "name", "email", "sourceId"]);

const afterTest = (column: Value, by: string, { value, id }: Position, descending: boolean): Test => {
  const beyond = descending ? sql`<` : sql`>`;
  if (by === "id") return sql`${ID} ${beyond} ${id}`;
  if (value === null) {
    const tied = sql<boolean>`(${column} is null and ${ID} ${beyond} ${id})`;
    return descending ? tied : sql`(${tied} or ${column} is not null)`;
  }
  const further = sql<boolean>`(${column}, ${ID}) ${beyond} (${value}, ${id})`;
  return descending && OPTIONAL.has(by) ? sql`(${further} or ${column} is null)` : further;
};

/** Unknown values come first when ascending, as SQLite and MySQL have it by themselves. */
export const pageOf = (dialect: PageDialect, query: Query): RawBuilder<unknown> => {
  const { kind, filter, by, descending, after, offset, limit } = query;
  const column = by === "voucherCode" ? dialect.firstOf(sql.ref("codes")) : sql.ref(columnName(by));
  const direction = descending ? sql`desc` : sql`asc`;
  return sql`
    select * from ${sql.table(TABLES[kind])}
    where ${filterTest(dialect, kind, filter)} and ${after === null ? ALWAYS : afterTest(column, by, after, descending)}
    order by ${column} ${direction}, ${ID} ${direction}
    limit ${limit} offset ${offset}`;
};

export const countOf = (dialect: FilterDialect, kind: Kind, filter: Query["filter"]): RawBuilder<unknown> =>
  sql`select count(*) as count from ${sql.table(TABLES[kind])} where ${filterTest(dialect, kind, filter)}`;
