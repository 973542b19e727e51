import { type RawBuilder, sql } from "kysely";
import type { Kind, Position, Query } from "oncecode";
import { ALWAYS, type FilterDialect, filterPredicate, type Predicate, type Value } from "./filters.ts";
import { columnName, type Tables } from "./schema.ts";

export interface PageDialect extends FilterDialect {
  readonly tables: Tables;
  /** The first text of a JSON array; null if it is empty. */
  firstOf(array: Value): Value;
  /** Makes null values come first in ascending order and last in descending order; empty if the database does so by default. */
  nullsFirst(descending: boolean): RawBuilder<unknown>;
  /** False if no index can answer `(a, b) > (x, y)`. The query then has a second condition on `a` alone. */
  readonly seeksRowValues?: boolean;
}

const ID: Value = sql.ref("id");
const EMPTY = sql``;

/** Orders by a value that may be null. Other orders get a shorter condition, which an index can answer. */
const NULLABLE_ORDERS: ReadonlySet<string> = new Set([
  "voucherCode",
  "trackingId",
  "updatedAt",
  "name",
  "email",
  "sourceId",
]);

const afterPredicate = (
  dialect: PageDialect,
  column: Value,
  by: string,
  position: Position,
  descending: boolean,
): Predicate => {
  const { value, id } = position;
  const comparator = descending ? sql`<` : sql`>`;
  if (by === "id") return sql`${ID} ${comparator} ${id}`;
  if (value === null) {
    const nullAfterId = sql<boolean>`(${column} is null and ${ID} ${comparator} ${id})`;
    return descending ? nullAfterId : sql`(${nullAfterId} or ${column} is not null)`;
  }
  const bound = dialect.seeksRowValues === false ? sql`${column} ${comparator}= ${value} and ` : EMPTY;
  const beyondPosition = sql<boolean>`${bound}(${column}, ${ID}) ${comparator} (${value}, ${id})`;
  return descending && NULLABLE_ORDERS.has(by) ? sql`(${beyondPosition} or ${column} is null)` : beyondPosition;
};

/** The query for one page. Null values come first in ascending order. */
export const pageQuery = (dialect: PageDialect, query: Query): RawBuilder<unknown> => {
  const { kind, filter, by, descending, after, offset, limit } = query;
  const column = by === "voucherCode" ? dialect.firstOf(sql.ref("codes")) : sql.ref(columnName(by));
  const direction = descending ? sql`desc` : sql`asc`;
  return sql`
    select * from ${sql.table(dialect.tables[kind])}
    where ${filterPredicate(dialect, kind, filter)} and ${after === null ? ALWAYS : afterPredicate(dialect, column, by, after, descending)}
    order by ${column} ${direction} ${NULLABLE_ORDERS.has(by) ? dialect.nullsFirst(descending) : EMPTY}, ${ID} ${direction}
    limit ${sql.lit(limit)} offset ${sql.lit(offset)}`;
};

export const countQuery = (dialect: PageDialect, kind: Kind, filter: Query["filter"]): RawBuilder<unknown> =>
  sql`select count(*) as count from ${sql.table(dialect.tables[kind])} where ${filterPredicate(dialect, kind, filter)}`;
