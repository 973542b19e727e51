import { type RawBuilder, sql } from "kysely";
import type { Kind, Position, Query } from "oncecode";
import { ALWAYS, type FilterDialect, filterTest, type Test, type Value } from "./filters.ts";
import { columnName, type Tables } from "./schema.ts";

export interface PageDialect extends FilterDialect {
  readonly tables: Tables;
  /** The first text of a JSON array; null if it is empty. */
  firstOf(array: Value): Value;
  /** Puts rows without a value first when ascending, and last when descending, if the database does not by itself. */
  nullsFirst(descending: boolean): RawBuilder<unknown>;
  /** Whether an index answers `(a, b) > (x, y)`, as it does unless this is false. Otherwise `a` gets a bound of its own. */
  readonly seeksPairs?: boolean;
}

const ID: Value = sql.ref("id");
const NOTHING = sql``;

/** Orders by something that a record may lack. The others get the shorter condition, which an index can answer. */
const OPTIONAL: ReadonlySet<string> = new Set(["voucherCode", "trackingId", "updatedAt", "name", "email", "sourceId"]);

const afterTest = (dialect: PageDialect, column: Value, by: string, position: Position, descending: boolean): Test => {
  const { value, id } = position;
  const beyond = descending ? sql`<` : sql`>`;
  if (by === "id") return sql`${ID} ${beyond} ${id}`;
  if (value === null) {
    const tied = sql<boolean>`(${column} is null and ${ID} ${beyond} ${id})`;
    return descending ? tied : sql`(${tied} or ${column} is not null)`;
  }
  const bound = dialect.seeksPairs === false ? sql`${column} ${beyond}= ${value} and ` : NOTHING;
  const further = sql<boolean>`${bound}(${column}, ${ID}) ${beyond} (${value}, ${id})`;
  return descending && OPTIONAL.has(by) ? sql`(${further} or ${column} is null)` : further;
};

/** Unknown values come first when ascending. */
export const pageOf = (dialect: PageDialect, query: Query): RawBuilder<unknown> => {
  const { kind, filter, by, descending, after, offset, limit } = query;
  const column = by === "voucherCode" ? dialect.firstOf(sql.ref("codes")) : sql.ref(columnName(by));
  const direction = descending ? sql`desc` : sql`asc`;
  return sql`
    select * from ${sql.table(dialect.tables[kind])}
    where ${filterTest(dialect, kind, filter)} and ${after === null ? ALWAYS : afterTest(dialect, column, by, after, descending)}
    order by ${column} ${direction} ${OPTIONAL.has(by) ? dialect.nullsFirst(descending) : NOTHING}, ${ID} ${direction}
    limit ${sql.lit(limit)} offset ${sql.lit(offset)}`;
};

export const countOf = (dialect: PageDialect, kind: Kind, filter: Query["filter"]): RawBuilder<unknown> =>
  sql`select count(*) as count from ${sql.table(dialect.tables[kind])} where ${filterTest(dialect, kind, filter)}`;
