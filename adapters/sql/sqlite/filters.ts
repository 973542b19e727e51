import { type RawBuilder, sql } from "kysely";
import type { Predicate, Value } from "../filters.ts";
import { type JsonDialect, metadataPredicate } from "../metadata-filters.ts";
import type { PageDialect } from "../pages.ts";
import { TABLES } from "../schema.ts";

/** `substr` and `length` of a text stop at a NUL character, so texts are compared as bytes. In UTF-8 the result is the same. */
const bytes = (text: Value): Value => sql`cast(${text} as blob)`;

const isIn = (value: Value, operands: readonly (string | number)[]): Predicate =>
  sql`${value} in (select value from json_each(${JSON.stringify(operands)}))`;

/** SQLite reads the number from JSON, as it reads the stored numbers. So equal numbers are equal to the last bit. */
const numeral = (number: number): Value => sql`(${JSON.stringify(number)} ->> '$')`;

/** A row of `json_each`. In it, arrays and objects are texts, too, so check the type first. */
interface Element {
  readonly type: Value;
  readonly value: Value;
}
const elementOf = (alias: string): Element => ({ type: sql.ref(`${alias}.type`), value: sql.ref(`${alias}.value`) });

/** Null if the value has another type. */
const ifType = (isOne: RawBuilder<unknown>, { type, value }: Element): Value =>
  sql`(case when ${type} ${isOne} then ${value} end)`;

/** In a filter, every text contains the empty text. SQLite's functions do not agree on that. */
const substring = (text: Value, part: string, predicateOf: (part: Value) => Predicate): Predicate =>
  part === "" ? sql`${text} is not null` : predicateOf(bytes(sql`${part}`));

/** The operators of filters as SQL for SQLite. There is no `like`: it ignores case, and in a filter `%` is an ordinary character. */
export const sqliteFilters: PageDialect = {
  tables: TABLES,
  nullsFirst: () => sql``,
  numeral,
  contains: (text, part) => substring(text, part, (bytesOfPart) => sql`instr(${bytes(text)}, ${bytesOfPart}) > 0`),
  startsWith: (text, start) =>
    substring(text, start, (bytesOfPart) => sql`substr(${bytes(text)}, 1, length(${bytesOfPart})) = ${bytesOfPart}`),
  endsWith: (text, end) =>
    substring(text, end, (bytesOfPart) => sql`substr(${bytes(text)}, -length(${bytesOfPart})) = ${bytesOfPart}`),
  isOneOf: isIn,
  anyElement: (array, passes) =>
    sql`exists (select 1 from json_each(${array}) as element where ${passes(sql.ref("element.value"))})`,
  // The tables of claims and of failures have indexes by code and by voucher id. The arrays in publications have none.
  publishes: (list, operands) => {
    const name = sql.ref(list === "codes" ? "code" : "voucher_id");
    return sql`id in (
      select publication_id from oncecode_claims where ${isIn(name, operands)}
      union all select publication_id from oncecode_failures where ${isIn(name, operands)})`;
  },
  lengthOf: (array) => sql`json_array_length(${array})`,
  firstOf: (array) => sql`(${array} ->> 0)`,
  metadata: (metadata, key, condition) =>
    sql`exists (select 1 from json_each(${metadata}) as entry
      where entry.key = ${key} and ${metadataPredicate(jsonDialect, elementOf("entry"), condition)})`,
};

const jsonDialect: JsonDialect<Element> = {
  ...sqliteFilters,
  text: (element) => ifType(sql`= 'text'`, element),
  number: (element) => ifType(sql`in ('integer', 'real')`, element),
  length: (element) => sqliteFilters.lengthOf(ifType(sql`= 'array'`, element)),
  isNull: ({ type }) => sql`${type} = 'null'`,
  isBoolean: ({ type }, boolean) => sql`${type} = ${String(boolean)}`,
  isOneOfNumbers: isIn,
  inArray: ({ type, value }, passes) => sql`(${type} = 'array' and exists (
    select 1 from json_each(${value}) as element where ${passes(elementOf("element"))}))`,
};
