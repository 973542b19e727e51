import { type RawBuilder, type SqlBool, sql } from "kysely";
import { type Condition, columnOf, type Filter, type Kind, metadataKey, type Operator, operandForms } from "oncecode";
import { columnName } from "./schema.ts";

/** A condition in SQL. What the host gave is always a bound parameter in it, never text. */
export type Test = RawBuilder<SqlBool>;
export type Value = RawBuilder<unknown>;

/** What a dialect says about a single text. Where a value is null, the tests may be null too. */
export interface TextDialect {
  contains(text: Value, part: string): Test;
  startsWith(text: Value, start: string): Test;
  endsWith(text: Value, end: string): Test;
}

/** What each dialect says in its own words. */
export interface FilterDialect extends TextDialect {
  /** The text is one of several. */
  isOneOf(text: Value, texts: readonly string[]): Test;
  /** Any of the texts in a JSON array passes. */
  anyElement(array: Value, passes: (text: Value) => Test): Test;
  /** The publication has one of these codes, or vouchers. */
  publishes(list: "codes" | "voucher_ids", wanted: readonly string[]): Test;
  /** What is so besides of a voucher that one of these has, where an index finds it by that rather than by its column. */
  holderIndexTest?(holders: readonly string[]): Test;
  lengthOf(array: Value): Value;
  /** A number as it compares with a length. */
  numeral(number: number): Value;
  /** What `condition`, which is a positive one, says about the value of `key`. */
  metadata(metadata: Value, key: string, condition: Condition): Test;
}

export const ALWAYS: Test = sql`1 = 1`;
export const NEVER: Test = sql`1 = 0`;

/** Halves lists, because a database limits how deep a chain of `or` may be. */
const joinTests = (word: "and" | "or", tests: readonly Test[]): Test => {
  const [first] = tests;
  if (first === undefined) return word === "and" ? ALWAYS : NEVER;
  if (tests.length === 1) return first;
  const middle = Math.ceil(tests.length / 2);
  return sql`(${joinTests(word, tests.slice(0, middle))} ${sql.raw(word)} ${joinTests(word, tests.slice(middle))})`;
};
const every = (tests: readonly Test[]): Test => joinTests("and", tests);
export const some = (tests: readonly Test[]): Test => joinTests("or", tests);

/** Each negative operator holds where its positive one does not, which includes where there is no value. */
const OPPOSITES: { readonly [O in Operator]?: Operator } = {
  isNot: "is",
  notIn: "in",
  notContain: "contains",
  isUnknown: "hasValue",
};

const COMPARISONS: { readonly [O in Operator]?: RawBuilder<unknown> } = {
  moreThan: sql`>`,
  after: sql`>`,
  lessThan: sql`<`,
  before: sql`<`,
  moreThanEqual: sql`>=`,
  lessThanEqual: sql`<=`,
  count: sql`=`,
  countMore: sql`>`,
  countLess: sql`<`,
};
export const comparison = (operator: Operator): RawBuilder<unknown> | undefined => COMPARISONS[operator];

/** A positive condition that is neither equality nor about length, on one text. */
export const textTest = (dialect: TextDialect, text: Value, { operator, operands }: Condition): Test => {
  const texts = operands.map((operand) => operandForms(operand).text);
  switch (operator) {
    case "contains":
      return some(texts.map((part) => dialect.contains(text, part)));
    case "startsWith":
      return some(texts.map((start) => dialect.startsWith(text, start)));
    case "endsWith":
      return some(texts.map((end) => dialect.endsWith(text, end)));
    case "moreThan":
    case "after":
    case "lessThan":
    case "before":
    case "moreThanEqual":
    case "lessThanEqual":
      return some(texts.map((operand) => sql`${text} ${comparison(operator)} ${operand}`));
    default:
      return NEVER;
  }
};

const textColumnTest = (dialect: FilterDialect, text: Value, condition: Condition): Test => {
  switch (condition.operator) {
    case "hasValue":
      return sql`${text} is not null`;
    case "is":
    case "in": {
      const texts = condition.operands.map((operand) => operandForms(operand).text);
      return texts.length > 1 ? dialect.isOneOf(text, texts) : some(texts.map((only) => sql`${text} = ${only}`));
    }
    default:
      return textTest(dialect, text, condition);
  }
};

const holderTest = (dialect: FilterDialect, holder: Value, condition: Condition): Test => {
  const test = textColumnTest(dialect, holder, condition);
  const isEqual = condition.operator === "is" || condition.operator === "in";
  const indexTest = isEqual
    ? dialect.holderIndexTest?.(condition.operands.map((operand) => operandForms(operand).text))
    : undefined;
  return indexTest === undefined ? test : every([test, indexTest]);
};

/** Booleans are equal or not; they have no order and no substrings. */
const flagTest = (value: Value, { operator, operands }: Condition): Test => {
  const booleans = operands.map((operand) => operandForms(operand).boolean).filter((boolean) => boolean !== null);
  if (operator === "hasValue") return ALWAYS;
  if (operator !== "is" && operator !== "in") return NEVER;
  return some(booleans.map((boolean) => sql`${value} = ${boolean ? 1 : 0}`));
};

const textListTest = (
  dialect: FilterDialect,
  list: "codes" | "voucher_ids",
  array: Value,
  condition: Condition,
): Test => {
  const { operator, operands } = condition;
  const wantedForms = operands.map(operandForms);
  switch (operator) {
    case "hasValue":
      return sql`${dialect.lengthOf(array)} > 0`;
    case "count":
    case "countMore":
    case "countLess": {
      const numbers = wantedForms.map(({ number }) => number).filter((number) => number !== null);
      return some(
        numbers.map((number) => sql`${dialect.lengthOf(array)} ${comparison(operator)} ${dialect.numeral(number)}`),
      );
    }
    case "is":
    case "in":
      return wantedForms.length === 0
        ? NEVER
        : dialect.publishes(
            list,
            wantedForms.map(({ text }) => text),
          );
    default:
      return dialect.anyElement(array, (text) => textTest(dialect, text, condition));
  }
};

const positiveTest = (dialect: FilterDialect, kind: Kind, condition: Condition): Test => {
  const key = metadataKey(condition.attribute);
  if (key !== null) return dialect.metadata(sql.ref("metadata"), key, condition);
  const column = columnOf(kind, condition.attribute);
  if (column === undefined) return NEVER;
  const value = sql.ref(columnName(column.field));
  if (column.type === "boolean") return flagTest(value, condition);
  if (column.field === "holderId") return holderTest(dialect, value, condition);
  if (column.type !== "texts") return textColumnTest(dialect, value, condition);
  return textListTest(dialect, column.field === "codes" ? "codes" : "voucher_ids", value, condition);
};

/** The filter in SQL: true for the rows of the records that `matches`. */
export const filterTest = (dialect: FilterDialect, kind: Kind, filter: Filter): Test => {
  if (filter.type !== "condition") {
    const tests = filter.filters.map((part) => filterTest(dialect, kind, part));
    return filter.type === "and" ? every(tests) : some(tests);
  }
  const opposite = OPPOSITES[filter.operator];
  if (opposite === undefined) return positiveTest(dialect, kind, filter);
  return sql`(${positiveTest(dialect, kind, { ...filter, operator: opposite })}) is not true`;
};
