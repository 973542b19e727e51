import { type RawBuilder, type SqlBool, sql } from "kysely";
import { type Condition, columnOf, type Filter, type Kind, metadataKey, type Operator, operandForms } from "oncecode";
import { columnName } from "./schema.ts";

/** A condition in SQL. Values of the host are always bound parameters, never part of the text. */
export type Test = RawBuilder<SqlBool>;
export type Value = RawBuilder<unknown>;

/** A dialect's tests of a text. If the value is null, a test may be null. */
export interface TextDialect {
  contains(text: Value, part: string): Test;
  startsWith(text: Value, start: string): Test;
  endsWith(text: Value, end: string): Test;
}

/** The parts of a filter that differ between dialects. */
export interface FilterDialect extends TextDialect {
  /** The text is one of these. */
  isOneOf(text: Value, texts: readonly string[]): Test;
  /** At least one text of a JSON array passes. */
  anyElement(array: Value, passes: (text: Value) => Test): Test;
  /** The publication has at least one of these codes or voucher ids. */
  publishes(list: "codes" | "voucher_ids", operands: readonly string[]): Test;
  /** A second test for vouchers of these holders, if the dialect has an index for that test and not for the column. */
  holderIndexTest?(holders: readonly string[]): Test;
  lengthOf(array: Value): Value;
  /** A number in the type that compares with a length. */
  numeral(number: number): Value;
  /** A positive condition on the value of the metadata key `key`. */
  metadata(metadata: Value, key: string, condition: Condition): Test;
}

export const ALWAYS: Test = sql`1 = 1`;
export const NEVER: Test = sql`1 = 0`;

/** Splits the list in halves, because a database limits the depth of a chain of `or`. */
const joinTests = (word: "and" | "or", tests: readonly Test[]): Test => {
  const [first] = tests;
  if (first === undefined) return word === "and" ? ALWAYS : NEVER;
  if (tests.length === 1) return first;
  const middle = Math.ceil(tests.length / 2);
  return sql`(${joinTests(word, tests.slice(0, middle))} ${sql.raw(word)} ${joinTests(word, tests.slice(middle))})`;
};
const every = (tests: readonly Test[]): Test => joinTests("and", tests);
export const some = (tests: readonly Test[]): Test => joinTests("or", tests);

/** A negative operator holds if its positive operator does not hold. So it also holds if there is no value. */
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

/** A positive condition on one text, for the operators other than equality and length. */
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

/** Booleans can only be equal or not equal. They have no order and no substrings. */
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

/** The filter in SQL. It is true for exactly those rows whose records `matches` accepts. */
export const filterTest = (dialect: FilterDialect, kind: Kind, filter: Filter): Test => {
  if (filter.type !== "condition") {
    const tests = filter.filters.map((part) => filterTest(dialect, kind, part));
    return filter.type === "and" ? every(tests) : some(tests);
  }
  const opposite = OPPOSITES[filter.operator];
  if (opposite === undefined) return positiveTest(dialect, kind, filter);
  return sql`(${positiveTest(dialect, kind, { ...filter, operator: opposite })}) is not true`;
};
