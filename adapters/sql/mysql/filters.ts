import { sql } from "kysely";
import { NEVER, type Predicate, type Value } from "../filters.ts";
import { type JsonDialect, metadataPredicate } from "../metadata-filters.ts";
import type { PageDialect } from "../pages.ts";
import type { Tables } from "../schema.ts";
import type { Flavour } from "./flavour.ts";
import { textType } from "./input-lists.ts";

/** The largest list of which each element is a parameter. Longer lists are one JSON parameter. */
const LIST_MAX = 2000;

const NUMBERS = sql`('INTEGER', 'DOUBLE', 'UNSIGNED INTEGER', 'DECIMAL')`;

const typeOf = (value: Value): Value => sql`json_type(${value})`;

/** Null if the value has another type. It is a `case`, because the server may compute either side of an `and` first. */
const numberOf = (value: Value): Value => sql`(case when ${typeOf(value)} in ${NUMBERS} then ${value} + 0e0 end)`;
const arrayOf = (value: Value): Value => sql`(case when ${typeOf(value)} = 'ARRAY' then ${value} else '[]' end)`;

/** The path of a key in a JSON document. As JSON text, the key may have any character. */
const pathTo = (key: string): string => `$.${JSON.stringify(key)}`;

/** No text of a host starts with this mark: the character is reserved for private use. */
const MARK = "\u{f8ff}oncecode";

/**
 * The value of a key, or null. MariaDB reads a key that begins with a minus as an index from the end, even in quotes. So
 * every key and text that begins with a minus gets a mark in front, and the result loses the mark again.
 */
const valueAt = (json: Value, key: string): Value => {
  if (!key.startsWith("-")) return sql`json_extract(${json}, ${pathTo(key)})`;
  const marked = sql`replace(${json}, '"-', ${`"${MARK}-`})`;
  return sql`replace(json_extract(${marked}, ${pathTo(MARK + key)}), ${`"${MARK}-`}, '"-')`;
};

/** The operators of filters as SQL for MariaDB and MySQL. There is no `like`: in a filter, `%` is an ordinary character. */
export const filtersOn = (tables: Tables, flavour: Flavour): PageDialect => {
  const collated = sql.raw(`collate ${flavour.collation}`);
  const long = textType(flavour, "long");

  /** Text from JSON has a collation of its own. Columns are compared by code point, so this text must be, too. */
  const byCodePoint = (text: Value): Value => sql`(convert(${text} using utf8mb4) ${collated})`;

  const isIn = (text: Value, operands: readonly string[]): Predicate => {
    if (operands.length === 0) return NEVER;
    if (operands.length <= LIST_MAX) return sql`${text} in (${sql.join(operands)})`;
    return sql`${text} in (
      select name from json_table(${JSON.stringify(operands)}, '$[*]' columns (name ${long} path '$')) as operands)`;
  };

  const operators: Omit<PageDialect, "tables" | "publishes"> = {
    contains: (text, part) => sql`locate(${part}, ${text}) > 0`,
    startsWith: (text, start) => sql`left(${text}, char_length(${start})) = ${start}`,
    endsWith: (text, end) => sql`right(${text}, char_length(${end})) = ${end}`,
    isOneOf: isIn,
    // If no row can match, MariaDB still evaluates one row, in which the array is an empty text.
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
      return sql`(${value} is not null and ${metadataPredicate(json, value, condition)})`;
    },
  };

  const json: JsonDialect<Value> = {
    ...operators,
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
    ...operators,
    tables,
    // The tables of claims and of failures have indexes by code and by voucher id. The arrays in publications have none.
    publishes: (list, operands) => {
      const name = sql.ref(list === "codes" ? "code" : "voucher_id");
      return sql`id in (
        select publication_id from (
          select publication_id from ${sql.table(tables.claims)} where ${isIn(name, operands)}
          union all select publication_id from ${sql.table(tables.failures)} where ${isIn(name, operands)}) as owning)`;
    },
  };
};
