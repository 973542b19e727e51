import { sql } from "kysely";
import { type Condition, operandForms } from "oncecode";
import { comparison, type FilterDialect, NEVER, some, type Test, textTest, type Value } from "./filters.ts";

/** A dialect's tests of a value inside JSON. `Json` is the dialect's reference to such a value. */
export interface JsonDialect<Json> extends Pick<FilterDialect, "contains" | "startsWith" | "endsWith" | "numeral"> {
  /** The value if it has this type, else null: a text that compares by code point, a number, the length of an array. */
  text(value: Json): Value;
  number(value: Json): Value;
  length(value: Json): Value;
  isNull(value: Json): Test;
  isBoolean(value: Json, boolean: boolean): Test;
  isOneOf(text: Value, texts: readonly string[]): Test;
  isOneOfNumbers(number: Value, numbers: readonly number[]): Test;
  /** The value is an array, and at least one element passes. */
  inArray(value: Json, passes: (element: Json) => Test): Test;
}

const numbersIn = ({ operands }: Condition): readonly number[] =>
  operands.map((operand) => operandForms(operand).number).filter((number) => number !== null);

/** A positive condition on a metadata value that exists. */
export const metadataTest = <Json>(dialect: JsonDialect<Json>, value: Json, condition: Condition): Test => {
  const { operator } = condition;

  const equalityTest = (one: Json): Test => {
    const forms = condition.operands.map(operandForms);
    const texts = forms.map(({ text }) => text);
    const numbers = numbersIn(condition);
    const booleans = forms.map(({ boolean }) => boolean).filter((boolean) => boolean !== null);
    return some([
      dialect.isOneOf(dialect.text(one), texts),
      ...(numbers.length === 0 ? [] : [dialect.isOneOfNumbers(dialect.number(one), numbers)]),
      ...booleans.map((boolean) => dialect.isBoolean(one, boolean)),
    ]);
  };

  const numberTests = (number: Value): readonly Test[] =>
    numbersIn(condition).map((operand) => sql`${number} ${comparison(operator)} ${dialect.numeral(operand)}`);

  const partTest = (one: Json): Test => textTest(dialect, dialect.text(one), condition);
  const orderTest = (one: Json): Test => some([partTest(one), ...numberTests(dialect.number(one))]);

  /** The value passes, or it is an array and at least one element passes. */
  const valueOrElementTest = (passes: (one: Json) => Test): Test =>
    sql`(${passes(value)} or ${dialect.inArray(value, passes)})`;

  switch (operator) {
    case "hasValue":
      return sql`not ${dialect.isNull(value)}`;
    case "is":
    case "in":
      return valueOrElementTest(equalityTest);
    case "contains":
      return sql`(${partTest(value)} or ${dialect.inArray(value, equalityTest)})`;
    case "startsWith":
    case "endsWith":
      return valueOrElementTest(partTest);
    case "count":
    case "countMore":
    case "countLess":
      return some(numberTests(dialect.length(value)));
    default:
      return comparison(operator) === undefined ? NEVER : valueOrElementTest(orderTest);
  }
};
