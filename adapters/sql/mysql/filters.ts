import { sql } from "kysely";
import { NEVER, type Test, type Value } from "../filters.ts";
import { type JsonDialect, metadataTest } from "../metadata-filters.ts";
import type { PageDialect } from "../pages.ts";
import type { Tables } from "../schema.ts";
import { type Flavour, textType } from "./input-lists.ts";

/** As many as may stand in a statement one by one, each found by an index. */
const LIST_MAX = 2000;

const NUMBERS = sql`('INTEGER', 'DOUBLE', 'UNSIGNED INTEGER', 'DECIMAL')`;

const typeOf = (value: Value): Value => sql`json_type(${value})`;

/** Null where the value is of another type. A `case`, because in an `and` either side may be computed first. */
const numberOf = (value: Value): Value => sql`(case when ${typeOf(value)} in ${NUMBERS} then ${value} + 0e0 end)`;
const arrayOf = (value: Value): Value => sql`(case when ${typeOf(value)} = 'ARRAY' then ${value} else '[]' end)`;

/** JSON text that stands for a key or an index of a document. The server reads it as JSON does, whatever is in it. */
const pathTo = (key: string): string => `$.${JSON.stringify(key)}`;

/** Stands at the start of no text that anybody writes. */
const MARK = "\u{f8ff}oncecode";

/**
 * The value of a key, null if there is none. MariaDB takes a key that begins with a minus for an index from the end,
 * also in quotes: all that begins so gets a mark in front, and what was found loses it again.
 */
const valueAt = (json: Value, key: string): Value => {
  if (!key.startsWith("-")) return sql`json_extract(${json}, ${pathTo(key)})`;
  const marked = sql`replace(${json}, '"-', ${`"${MARK}-`})`;
  return sql`replace(json_extract(${marked}, ${pathTo(MARK + key)}), ${`"${MARK}-`}, '"-')`;
};

/** Filters in MySQL's words. No `LIKE`: to a filter, `%` is an ordinary character. */
export const filtersOn = (tables: Tables, flavour: Flavour): PageDialect => {
  const collated = sql.raw(`collate ${flavour.collation}`);
  const long = textType(flavour, "long");

  /** Text that was taken out of JSON, or that is to compare with such, goes by code point as the columns do. */
  const byCodePoint = (text: Value): Value => sql`(convert(${text} using utf8mb4) ${collated})`;

  const isIn = (text: Value, wanted: readonly string[]): Test => {
    if (wanted.length === 0) return NEVER;
    if (wanted.length <= LIST_MAX) return sql`${text} in (${sql.join(wanted)})`;
    return sql`${text} in (
      select name from json_table(${JSON.stringify(wanted)}, '$[*]' columns (name ${long} path '$')) as wanted)`;
  };

  const words: Omit<PageDialect, "tables" | "publishes"> = {
    contains: (text, part) => sql`locate(${part}, ${text}) > 0`,
    startsWith: (text, start) => sql`left(${text}, char_length(${start})) = ${start}`,
    endsWith: (text, end) => sql`right(${text}, char_length(${end})) = ${end}`,
    isOneOf: isIn,
    // Where no row can pass, MariaDB looks at one all the same in which the array is empty text.
    anyElement: (array, passes) =>
      sql`exists (select 1 from json_table(coalesce(nullif(${array}, ''), '[]'), '$[*]' columns (value ${long} path '$')) as element
        where ${passes(sql.ref("element.value"))})`,
    lengthOf: (array) => sql`json_length(${array})`,
    numeral: (number) => sql`${number}`,
    firstOf: (array) => byCodePoint(sql`json_unquote(json_extract(${array}, '$[0]'))`),
    nullsFirst: () => sql``,
    seeksRowValues: false,
    metadata: (metadata, key, condition) => {
      const value = valueAt(metadata, key);
      return sql`(${value} is not null and ${metadataTest(json, value, condition)})`;
    },
  };

  const json: JsonDialect<Value> = {
    ...words,
    text: (value) => byCodePoint(sql`case when ${typeOf(value)} = 'STRING' then json_unquote(${value}) end`),
    number: numberOf,
    length: (value) => sql`(case when ${typeOf(value)} = 'ARRAY' then json_length(${value}) end)`,
    isNull: (value) => sql`${typeOf(value)} = 'NULL'`,
    isBoolean: (value, boolean) =>
      sql`(case when ${typeOf(value)} = 'BOOLEAN' then json_unquote(${value}) = ${sql.lit(String(boolean))} end)`,
    isOneOfNumbers: (number, numbers) => sql`${number} in (${sql.join(numbers)})`,
    inArray: (value, passes) =>
      sql`exists (select 1 from json_table(${arrayOf(value)}, '$[*]' columns (value json path '$')) as element
        where ${passes(sql.ref("element.value"))})`,
  };

  return {
    ...words,
    tables,
    // Claims and attempts are indexed by both; the arrays in the rows are not.
    publishes: (list, wanted) => {
      const name = sql.ref(list === "codes" ? "code" : "voucher_id");
      return sql`id in (
        select publication_id from (
          select publication_id from ${sql.table(tables.claims)} where ${isIn(name, wanted)}
          union all select publication_id from ${sql.table(tables.attempts)} where ${isIn(name, wanted)}) as owning)`;
    },
  };
};
