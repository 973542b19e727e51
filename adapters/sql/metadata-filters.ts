import { sql } from "kysely";
import { operandForms } from "oncecode";
import {
  anyOf,
  type FilterDialect,
  isOrderOperator,
  LENGTH_SIGNS,
  ORDER_SIGNS,
  type PositiveCondition,
  type Predicate,
  textPredicate,
  type Value,
} from "./filters.ts";

/** A dialect's predicates of a value inside JSON. `Json` is the dialect's reference to such a value. */
export interface JsonDialect<Json> extends Pick<FilterDialect, "contains" | "startsWith" | "endsWith" | "numeral"> {
  /** The value if it has this type, else null: a text that compares by code point, a number, the length of an array. */
  text(value: Json): Value;
  number(value: Json): Value;
  length(value: Json): Value;
  isNull(value: Json): Predicate;
  isBoolean(value: Json, boolean: boolean): Predicate;
  isOneOf(text: Value, texts: readonly string[]): Predicate;
  isOneOfNumbers(number: Value, numbers: readonly number[]): Predicate;
  /** The value is an array, and at least one element passes. */
  inArray(value: Json, passes: (element: Json) => Predicate): Predicate;
}

const numbersIn = ({ operands }: PositiveCondition): readonly number[] =>
  operands.map((operand) => operandForms(operand).number).filter((number) => number !== null);

/** A condition on a metadata value that exists. */
export const metadataPredicate = <Json>(
  dialect: JsonDialect<Json>,
  value: Json,
  condition: PositiveCondition,
): Predicate => {
  const { operator } = condition;

  const equalityPredicate = (one: Json): Predicate => {
    const forms = condition.operands.map(operandForms);
    const texts = forms.map(({ text }) => text);
    const numbers = numbersIn(condition);
    const booleans = forms.map(({ boolean }) => boolean).filter((boolean) => boolean !== null);
    return anyOf([
      dialect.isOneOf(dialect.text(one), texts),
      ...(numbers.length === 0 ? [] : [dialect.isOneOfNumbers(dialect.number(one), numbers)]),
      ...booleans.map((boolean) => dialect.isBoolean(one, boolean)),
    ]);
  };

  const numberPredicates = (number: Value, sign: Value): readonly Predicate[] =>
    numbersIn(condition).map((operand) => sql`${number} ${sign} ${dialect.numeral(operand)}`);

  const textPredicateOf = (one: Json): Predicate => textPredicate(dialect, dialect.text(one), condition);

  /** The value passes, or it is an array and at least one element passes. */
  const valueOrElementPredicate = (passes: (one: Json) => Predicate): Predicate =>
    sql`(${passes(value)} or ${dialect.inArray(value, passes)})`;

  if (isOrderOperator(operator)) {
    const sign = ORDER_SIGNS[operator];
    return valueOrElementPredicate((one) =>
      anyOf([textPredicateOf(one), ...numberPredicates(dialect.number(one), sign)]),
    );
  }
  switch (operator) {
    case "hasValue":
      return sql`not ${dialect.isNull(value)}`;
    case "is":
    case "in":
      return valueOrElementPredicate(equalityPredicate);
    case "contains":
      return sql`(${textPredicateOf(value)} or ${dialect.inArray(value, equalityPredicate)})`;
    case "startsWith":
    case "endsWith":
      return valueOrElementPredicate(textPredicateOf);
    case "count":
    case "countMore":
    case "countLess":
      return anyOf(numberPredicates(dialect.length(value), LENGTH_SIGNS[operator]));
  }
};
