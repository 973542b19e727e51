import { columnOf, metadataKey } from "./attributes.ts";
import type { Condition, Filter, Scalar } from "./filters.ts";
import type { Kind, Records } from "./model.ts";
import { compareText } from "./text-order.ts";

/**
 * The values of one attribute of a record: none if it is null or missing, one for a scalar, and one per element for codes
 * and for arrays in metadata. A positive operator holds if any value satisfies it. A negative operator is its exact
 * opposite, so it also holds if there is no value.
 */
interface Values {
  readonly hasValue: boolean;
  readonly scalars: readonly Scalar[];
  /** The number of elements, for the length operators; null if the value is not a list. */
  readonly length: number | null;
  /** True for an array in metadata: `contains` then looks for an equal element. In a text, `contains` looks for a substring. */
  readonly isMetadataArray: boolean;
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

const toValues = (value: unknown): Values => {
  if (value === null || value === undefined)
    return { hasValue: false, scalars: [], length: null, isMetadataArray: false };
  if (Array.isArray(value))
    return { hasValue: true, scalars: value.filter(isScalar), length: value.length, isMetadataArray: true };
  return { hasValue: true, scalars: isScalar(value) ? [value] : [], length: null, isMetadataArray: false };
};

const attributeValues = <K extends Kind>(kind: K, record: Records[K], attribute: string): Values => {
  const key = metadataKey(attribute);
  if (key !== null) return toValues(Object.hasOwn(record.metadata, key) ? record.metadata[key] : null);
  const column = columnOf(kind, attribute);
  if (column === undefined) return toValues(null);
  const values = toValues(Reflect.get(record, column.field));
  return column.type === "texts" ? { ...values, hasValue: values.scalars.length > 0, isMetadataArray: false } : values;
};

/** An operand, converted to each type that a stored value can have; null if it cannot be converted. */
export interface OperandForms {
  readonly text: string;
  readonly number: number | null;
  readonly boolean: boolean | null;
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

const parseNumber = (text: string): number | null => {
  const number = JSON_NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : null;
};

/** Operands from a query string are text. A comparison uses the form that has the type of the stored value. */
export const operandForms = (operand: Scalar): OperandForms => {
  switch (typeof operand) {
    case "string":
      return {
        text: operand,
        number: parseNumber(operand),
        boolean: operand === "true" ? true : operand === "false" ? false : null,
      };
    case "number":
      return { text: String(operand), number: operand, boolean: null };
    case "boolean":
      return { text: String(operand), number: null, boolean: operand };
  }
};

/** Negative, zero or positive: the stored value is less than, equal to or greater than the operand. Null: not comparable. */
const compare = (stored: Scalar, operand: OperandForms): number | null => {
  switch (typeof stored) {
    case "string":
      return compareText(stored, operand.text);
    case "number":
      return operand.number === null ? null : stored < operand.number ? -1 : stored > operand.number ? 1 : 0;
    case "boolean":
      return operand.boolean === null ? null : Number(stored) - Number(operand.boolean);
  }
};

const equals = (stored: Scalar, operand: OperandForms): boolean => compare(stored, operand) === 0;

/** Booleans have no order, so that `orderSatisfies` is false for them. */
const orderSatisfies = (stored: Scalar, operand: OperandForms, holds: (sign: number) => boolean): boolean => {
  const sign = typeof stored === "boolean" ? null : compare(stored, operand);
  return sign !== null && holds(sign);
};

const textSatisfies = (stored: Scalar, holds: (text: string) => boolean): boolean =>
  typeof stored === "string" && holds(stored);

const conditionHolds = ({ operator, operands }: Condition, values: Values): boolean => {
  const forms = operands.map(operandForms);
  const any = (holds: (stored: Scalar, operand: OperandForms) => boolean): boolean =>
    values.scalars.some((stored) => forms.some((operand) => holds(stored, operand)));
  const length = (holds: (length: number, operand: number) => boolean): boolean =>
    values.length !== null &&
    forms.some(({ number }) => values.length !== null && number !== null && holds(values.length, number));
  const contains = (stored: Scalar, operand: OperandForms): boolean =>
    values.isMetadataArray ? equals(stored, operand) : textSatisfies(stored, (text) => text.includes(operand.text));

  switch (operator) {
    case "hasValue":
      return values.hasValue;
    case "isUnknown":
      return !values.hasValue;
    case "is":
    case "in":
      return any(equals);
    case "isNot":
    case "notIn":
      return !any(equals);
    case "contains":
      return any(contains);
    case "notContain":
      return !any(contains);
    case "startsWith":
      return any((stored, { text }) => textSatisfies(stored, (whole) => whole.startsWith(text)));
    case "endsWith":
      return any((stored, { text }) => textSatisfies(stored, (whole) => whole.endsWith(text)));
    case "moreThan":
    case "after":
      return any((stored, operand) => orderSatisfies(stored, operand, (sign) => sign > 0));
    case "lessThan":
    case "before":
      return any((stored, operand) => orderSatisfies(stored, operand, (sign) => sign < 0));
    case "moreThanEqual":
      return any((stored, operand) => orderSatisfies(stored, operand, (sign) => sign >= 0));
    case "lessThanEqual":
      return any((stored, operand) => orderSatisfies(stored, operand, (sign) => sign <= 0));
    case "count":
      return length((actual, operand) => actual === operand);
    case "countMore":
      return length((actual, operand) => actual > operand);
    case "countLess":
      return length((actual, operand) => actual < operand);
  }
};

/** Whether a record matches a filter. This function defines what a filter means: every store must agree with it. */
export const matches = <K extends Kind>(kind: K, filter: Filter, record: Records[K]): boolean => {
  switch (filter.type) {
    case "and":
      return filter.filters.every((part) => matches(kind, part, record));
    case "or":
      return filter.filters.some((part) => matches(kind, part, record));
    case "condition":
      return conditionHolds(filter, attributeValues(kind, record, filter.attribute));
  }
};
