import { type RawBuilder, type SqlBool, sql } from "kysely";
import { type Condition, columnOf, type Filter, type Kind, metadataKey, type Operator, operandForms } from "oncecode";
import { columnName } from "./schema.ts";

/** A condition in SQL. Values of the host are always bound parameters, never part of the text. */
export type Predicate = RawBuilder<SqlBool>;
export type Value = RawBuilder<unknown>;

/** A dialect's predicates of a text. If the value is null, a predicate may be null. */
export interface TextDialect {
  contains(text: Value, part: string): Predicate;
  startsWith(text: Value, start: string): Predicate;
  endsWith(text: Value, end: string): Predicate;
}

/** The parts of a filter that differ between dialects. */
export interface FilterDialect extends TextDialect {
  /** The text is one of these. */
  isOneOf(text: Value, texts: readonly string[]): Predicate;
  /** At least one text of a JSON array passes. */
  anyElement(array: Value, passes: (text: Value) => Predicate): Predicate;
  /** The publication has at least one of these codes or voucher ids. */
  publishes(list: "codes" | "voucher_ids", operands: readonly string[]): Predicate;
  /** A second predicate for vouchers of these holders, if the dialect has an index for that predicate and not for the column. */
  holderIndexPredicate?(holders: readonly string[]): Predicate;
  lengthOf(array: Value): Value;
  /** A number in the type that compares with a length. */
  numeral(number: number): Value;
  /** A condition on the value of the metadata key `key`. */
  metadata(metadata: Value, key: string, condition: PositiveCondition): Predicate;
}

export const ALWAYS: Predicate = sql`1 = 1`;
export const NEVER: Predicate = sql`1 = 0`;

/** Splits the list in halves, because a database limits the depth of a chain of `or`. */
const joinPredicates = (word: "and" | "or", predicates: readonly Predicate[]): Predicate => {
  const [first] = predicates;
  if (first === undefined) return word === "and" ? ALWAYS : NEVER;
  if (predicates.length === 1) return first;
  const middle = Math.ceil(predicates.length / 2);
  return sql`(${joinPredicates(word, predicates.slice(0, middle))} ${sql.raw(word)} ${joinPredicates(word, predicates.slice(middle))})`;
};
const allOf = (predicates: readonly Predicate[]): Predicate => joinPredicates("and", predicates);
export const anyOf = (predicates: readonly Predicate[]): Predicate => joinPredicates("or", predicates);

type NegativeOperator = "isNot" | "notIn" | "notContain" | "isUnknown";

/** A condition whose operator is not negative. */
export interface PositiveCondition extends Condition {
  readonly operator: Exclude<Operator, NegativeOperator>;
}

/** A negative operator holds if its positive operator does not hold. So it also holds if there is no value. */
const OPPOSITES: { readonly [O in NegativeOperator]: PositiveCondition["operator"] } = {
  isNot: "is",
  notIn: "in",
  notContain: "contains",
  isUnknown: "hasValue",
};
const isNegative = (operator: Operator): operator is NegativeOperator => Object.hasOwn(OPPOSITES, operator);

type OrderOperator = "moreThan" | "after" | "lessThan" | "before" | "moreThanEqual" | "lessThanEqual";

export const ORDER_SIGNS: { readonly [O in OrderOperator]: Value } = {
  moreThan: sql`>`,
  after: sql`>`,
  lessThan: sql`<`,
  before: sql`<`,
  moreThanEqual: sql`>=`,
  lessThanEqual: sql`<=`,
};
export const isOrderOperator = (operator: Operator): operator is OrderOperator => Object.hasOwn(ORDER_SIGNS, operator);

export const LENGTH_SIGNS: { readonly [O in "count" | "countMore" | "countLess"]: Value } = {
  count: sql`=`,
  countMore: sql`>`,
  countLess: sql`<`,
};

/** A condition on one text. Only operators that look into a text or compare by order are handled here. */
export const textPredicate = (
  dialect: TextDialect,
  text: Value,
  { operator, operands }: PositiveCondition,
): Predicate => {
  const texts = operands.map((operand) => operandForms(operand).text);
  if (isOrderOperator(operator)) return anyOf(texts.map((operand) => sql`${text} ${ORDER_SIGNS[operator]} ${operand}`));
  switch (operator) {
    case "contains":
      return anyOf(texts.map((part) => dialect.contains(text, part)));
    case "startsWith":
      return anyOf(texts.map((start) => dialect.startsWith(text, start)));
    case "endsWith":
      return anyOf(texts.map((end) => dialect.endsWith(text, end)));
    case "is":
    case "in":
    case "hasValue":
    case "count":
    case "countMore":
    case "countLess":
      return NEVER;
  }
};

const textColumnPredicate = (dialect: FilterDialect, text: Value, condition: PositiveCondition): Predicate => {
  switch (condition.operator) {
    case "hasValue":
      return sql`${text} is not null`;
    case "is":
    case "in": {
      const texts = condition.operands.map((operand) => operandForms(operand).text);
      return texts.length > 1 ? dialect.isOneOf(text, texts) : anyOf(texts.map((only) => sql`${text} = ${only}`));
    }
    default:
      return textPredicate(dialect, text, condition);
  }
};

const holderPredicate = (dialect: FilterDialect, holder: Value, condition: PositiveCondition): Predicate => {
  const columnPredicate = textColumnPredicate(dialect, holder, condition);
  const isEqual = condition.operator === "is" || condition.operator === "in";
  const indexPredicate = isEqual
    ? dialect.holderIndexPredicate?.(condition.operands.map((operand) => operandForms(operand).text))
    : undefined;
  return indexPredicate === undefined ? columnPredicate : allOf([columnPredicate, indexPredicate]);
};

/** Booleans can only be equal or not equal. They have no order and no substrings. */
const flagPredicate = (value: Value, { operator, operands }: PositiveCondition): Predicate => {
  const booleans = operands.map((operand) => operandForms(operand).boolean).filter((boolean) => boolean !== null);
  if (operator === "hasValue") return ALWAYS;
  if (operator !== "is" && operator !== "in") return NEVER;
  return anyOf(booleans.map((boolean) => sql`${value} = ${boolean ? 1 : 0}`));
};

const textListPredicate = (
  dialect: FilterDialect,
  list: "codes" | "voucher_ids",
  array: Value,
  condition: PositiveCondition,
): Predicate => {
  const { operator, operands } = condition;
  const wantedForms = operands.map(operandForms);
  switch (operator) {
    case "hasValue":
      return sql`${dialect.lengthOf(array)} > 0`;
    case "count":
    case "countMore":
    case "countLess": {
      const numbers = wantedForms.map(({ number }) => number).filter((number) => number !== null);
      return anyOf(
        numbers.map((number) => sql`${dialect.lengthOf(array)} ${LENGTH_SIGNS[operator]} ${dialect.numeral(number)}`),
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
      return dialect.anyElement(array, (text) => textPredicate(dialect, text, condition));
  }
};

const positivePredicate = (dialect: FilterDialect, kind: Kind, condition: PositiveCondition): Predicate => {
  const key = metadataKey(condition.attribute);
  if (key !== null) return dialect.metadata(sql.ref("metadata"), key, condition);
  const column = columnOf(kind, condition.attribute);
  if (column === undefined) return NEVER;
  const value = sql.ref(columnName(column.field));
  if (column.type === "boolean") return flagPredicate(value, condition);
  if (column.field === "holderId") return holderPredicate(dialect, value, condition);
  if (column.type !== "texts") return textColumnPredicate(dialect, value, condition);
  return textListPredicate(dialect, column.field === "codes" ? "codes" : "voucher_ids", value, condition);
};

/** The filter in SQL. It is true for exactly those rows whose records `matches` accepts. */
export const filterPredicate = (dialect: FilterDialect, kind: Kind, filter: Filter): Predicate => {
  if (filter.type !== "condition") {
    const predicates = filter.filters.map((part) => filterPredicate(dialect, kind, part));
    return filter.type === "and" ? allOf(predicates) : anyOf(predicates);
  }
  const { operator } = filter;
  if (!isNegative(operator)) return positivePredicate(dialect, kind, { ...filter, operator });
  return sql`(${positivePredicate(dialect, kind, { ...filter, operator: OPPOSITES[operator] })}) is not true`;
};
