import { sql } from "kysely";
import { type Condition, forms } from "oncecode";
import { comparison, every, NEVER, some, type Test, textTest, type Value } from "../filters.ts";
import type { PageDialect } from "../pages.ts";
import { TABLES } from "../schema.ts";

/** Substrings go by bytes, because `substr` and `length` of a text end at a NUL character. In UTF-8 that is the same. */
const bytes = (text: Value): Value => sql`cast(${text} as blob)`;

const isIn = (value: Value, wanted: readonly (string | number)[]): Test =>
  sql`${value} in (select value from json_each(${JSON.stringify(wanted)}))`;

/** JSON, so that SQLite reads an operand as it reads what is stored, to the last bit. */
const numeral = (number: number): Value => sql`(${JSON.stringify(number)} ->> '$')`;

/** A row of `json_each`. The value of an array or an object in it is text, too: look at the type first. */
interface Element {
  readonly type: Value;
  readonly value: Value;
}
const elementOf = (alias: string): Element => ({ type: sql.ref(`${alias}.type`), value: sql.ref(`${alias}.value`) });

const isText = ({ type }: Element): Test => sql`${type} = 'text'`;
const isNumber = ({ type }: Element): Test => sql`${type} in ('integer', 'real')`;

const equality = (element: Element, { operands }: Condition): Test => {
  const wanted = operands.map(forms);
  const texts = wanted.map(({ text }) => text);
  const numbers = wanted.map(({ number }) => number).filter((number) => number !== null);
  const booleans = wanted.map(({ boolean }) => boolean).filter((boolean) => boolean !== null);
  return some([
    every([isText(element), isIn(element.value, texts)]),
    ...(numbers.length === 0 ? [] : [every([isNumber(element), isIn(element.value, numbers)])]),
    ...booleans.map((boolean) => sql<boolean>`${element.type} = ${String(boolean)}`),
  ]);
};

const order = (element: Element, condition: Condition): Test => {
  const { operator, operands } = condition;
  const numbers = operands.map((operand) => forms(operand).number).filter((number) => number !== null);
  return some([
    every([isText(element), textTest(dialect, element.value, condition)]),
    ...numbers.map((number) =>
      every([isNumber(element), sql`${element.value} ${comparison(operator)} ${numeral(number)}`]),
    ),
  ]);
};

/** The whole value passes, or it is an array and any of its elements does. */
const anyOf = (entry: Element, passes: (element: Element) => Test): Test =>
  sql`(${passes(entry)} or ${inArray(entry, passes)})`;

const inArray = ({ type, value }: Element, passes: (element: Element) => Test): Test =>
  sql`(${type} = 'array' and exists (
    select 1 from json_each(${value}) as element where ${passes(elementOf("element"))}))`;

const metadataTest = (entry: Element, condition: Condition): Test => {
  const { operator, operands } = condition;
  switch (operator) {
    case "hasValue":
      return sql`${entry.type} <> 'null'`;
    case "is":
    case "in":
      return anyOf(entry, (element) => equality(element, condition));
    case "contains":
      return sql`(${every([isText(entry), textTest(dialect, entry.value, condition)])}
        or ${inArray(entry, (element) => equality(element, condition))})`;
    case "startsWith":
    case "endsWith":
      return anyOf(entry, (element) => every([isText(element), textTest(dialect, element.value, condition)]));
    case "count":
    case "countMore":
    case "countLess": {
      const numbers = operands.map((operand) => forms(operand).number).filter((number) => number !== null);
      const length = dialect.lengthOf(entry.value);
      return every([
        sql`${entry.type} = 'array'`,
        some(numbers.map((number) => sql`${length} ${comparison(operator)} ${numeral(number)}`)),
      ]);
    }
    default:
      return comparison(operator) === undefined ? NEVER : anyOf(entry, (element) => order(element, condition));
  }
};

/** What SQLite makes of an empty substring depends on where it looks; to a filter, every text has one. */
const substring = (text: Value, part: string, test: (part: Value) => Test): Test =>
  part === "" ? sql`${text} is not null` : test(bytes(sql`${part}`));

/** Filters in SQLite's words. No `LIKE`: it takes no heed of case, and `%` is an ordinary character to a filter. */
export const dialect: PageDialect = {
  tables: TABLES,
  nullsFirst: () => sql``,
  numeral,
  contains: (text, part) => substring(text, part, (sought) => sql`instr(${bytes(text)}, ${sought}) > 0`),
  startsWith: (text, start) =>
    substring(text, start, (sought) => sql`substr(${bytes(text)}, 1, length(${sought})) = ${sought}`),
  endsWith: (text, end) =>
    substring(text, end, (sought) => sql`substr(${bytes(text)}, -length(${sought})) = ${sought}`),
  isOneOf: isIn,
  anyElement: (array, passes) =>
    sql`exists (select 1 from json_each(${array}) as element where ${passes(sql.ref("element.value"))})`,
  // Claims and attempts are indexed by both; the arrays in the rows are not.
  publishes: (list, wanted) => {
    const name = sql.ref(list === "codes" ? "code" : "voucher_id");
    return sql`id in (
      select publication_id from oncecode_claims where ${isIn(name, wanted)}
      union all select publication_id from oncecode_attempts where ${isIn(name, wanted)})`;
  },
  lengthOf: (array) => sql`json_array_length(${array})`,
  firstOf: (array) => sql`(${array} ->> 0)`,
  metadata: (metadata, key, condition) =>
    sql`exists (select 1 from json_each(${metadata}) as entry
      where entry.key = ${key} and ${metadataTest(elementOf("entry"), condition)})`,
};
