import { sql } from "kysely";
import type { Predicate, Value } from "../filters.ts";
import { type JsonDialect, metadataPredicate } from "../metadata-filters.ts";
import type { PageDialect } from "../pages.ts";
import type { Tables } from "../schema.ts";

const isIn = (text: Value, operands: readonly string[]): Predicate => sql`${text} = any(${operands}::text[])`;

const numeral = (number: number): Value => sql`${JSON.stringify(number)}::numeric`;

/** Text from JSON gets the collation of the columns, so that it compares by code point. */
const byCodePoint = (text: Value): Value => sql`((${text}) collate "C")`;

const isOfType = (type: string, value: Value): Predicate => sql`jsonb_typeof(${value}) = ${sql.lit(type)}`;

// Null if the value has another type. We use `case`, because PostgreSQL may compute the sides of an `and` in any order.
const textOf = (value: Value): Value =>
  byCodePoint(sql`case when ${isOfType("string", value)} then ${value} #>> '{}' end`);
const numberOf = (value: Value): Value =>
  sql`(case when ${isOfType("number", value)} then (${value} #>> '{}')::numeric end)`;
const elementsOf = (value: Value): Value =>
  sql`jsonb_array_elements(case when ${isOfType("array", value)} then ${value} else '[]' end)`;

/** The predicates that need no table. None uses `like`, because `%` is an ordinary character in a filter. */
const textDialect: Omit<PageDialect, "tables" | "publishes"> = {
  contains: (text, part) => sql`strpos(${text}, ${part}::text) > 0`,
  startsWith: (text, start) => sql`starts_with(${text}, ${start}::text)`,
  endsWith: (text, end) => sql`right(${text}, length(${end}::text)) = ${end}::text`,
  isOneOf: isIn,
  anyElement: (array, passes) =>
    sql`exists (select 1 from json_array_elements_text(${array}::json) as element(value)
      where ${passes(byCodePoint(sql.ref("element.value")))})`,
  lengthOf: (array) => sql`json_array_length(${array}::json)`,
  numeral,
  firstOf: (array) => byCodePoint(sql`${array}::json ->> 0`),
  nullsFirst: (descending) => (descending ? sql`nulls last` : sql`nulls first`),
  metadata: (metadata, key, condition) =>
    sql`exists (select 1 from (select ${metadata}::jsonb -> ${key}::text as value) as entry
      where entry.value is not null and ${metadataPredicate(jsonDialect, sql.ref("entry.value"), condition)})`,
};

const jsonDialect: JsonDialect<Value> = {
  ...textDialect,
  text: textOf,
  number: numberOf,
  length: (value) => sql`(case when ${isOfType("array", value)} then jsonb_array_length(${value}) end)`,
  isNull: (value) => isOfType("null", value),
  isBoolean: (value, boolean) => sql`${value} = ${String(boolean)}::jsonb`,
  isOneOfNumbers: (number, numbers) => sql`${number} = any(${numbers.map((one) => JSON.stringify(one))}::numeric[])`,
  inArray: (value, passes) =>
    sql`exists (select 1 from ${elementsOf(value)} as element(value) where ${passes(sql.ref("element.value"))})`,
};

/** The filters and pages of PostgreSQL. */
export const filtersOn = (tables: Tables): PageDialect => ({
  ...textDialect,
  tables,
  // The tables of claims and of failures have indexes for codes and for voucher ids. The arrays in the publications have none.
  publishes: (list, operands) => {
    const name = sql.ref(list === "codes" ? "code" : "voucher_id");
    return sql`id in (
      select publication_id from ${sql.table(tables.claims)} where ${isIn(name, operands)}
      union all select publication_id from ${sql.table(tables.failures)} where ${isIn(name, operands)})`;
  },
  // With a plain subquery the planner may expect many rows and read the whole table. With an array it uses the index.
  holderIndexPredicate: (holders) =>
    sql`id = any(array(
      select voucher_id from ${sql.table(tables.claims)} where ${isIn(sql.ref("holder_id"), holders)}))`,
});
