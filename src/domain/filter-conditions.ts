import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import { type InputError, inputError } from "../errors.ts";
import { columnOf, metadataKey, type ValueType } from "./attributes.ts";
import type { Condition, Operator, Scalar } from "./filters.ts";
import { instantOf } from "./instants.ts";
import { LIMITS } from "./limits.ts";
import type { Kind, VoucherType } from "./model.ts";
import { isStorable } from "./text.ts";

export const refuse = (path: string, expected: string): E.Either<InputError, never> =>
  E.left(inputError("invalid_query_params", path, expected));

const quoted = (name: string): string => JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);

/** Lists the allowed names, and quotes the wrong one. */
export const expectedOneOf = (names: readonly string[], input: unknown): string =>
  `one of: ${names.join(", ")}${typeof input === "string" ? `; there is no ${quoted(input)}` : ""}`;

const VOUCHER_TYPES: ReadonlyMap<string, VoucherType> = new Map(
  (["DISCOUNT_VOUCHER", "GIFT_VOUCHER", "LOYALTY_CARD"] as const).flatMap((type) => [
    [type.toLowerCase(), type],
    [type.toLowerCase().split("_")[0] ?? "", type],
  ]),
);
/** The voucher type with this full or short name (`gift`), in upper or lower case; undefined if there is none. */
export const voucherTypeOf = (text: string): VoucherType | undefined => VOUCHER_TYPES.get(text.toLowerCase());

/** Whether this can be the name of an attribute. The host chooses the key after `metadata.`. */
export const isAttribute = (attribute: unknown): attribute is string =>
  typeof attribute === "string" && attribute.length <= LIMITS.operand && isStorable(attribute);

/** The value type of an attribute; undefined if the kind has no such attribute. */
export const typeOf = (kind: Kind, attribute: string): ValueType | undefined =>
  metadataKey(attribute) === null ? columnOf(kind, attribute)?.type : "json";

type Arity = "none" | "one" | "many";
export const arityOf = (operator: Operator): Arity => {
  switch (operator) {
    case "hasValue":
    case "isUnknown":
      return "none";
    case "in":
    case "notIn":
      return "many";
    default:
      return "one";
  }
};

/** Brings an operand into the form that stores compare; null if it has the wrong type. */
type NormalizeOperand = (operand: unknown) => Scalar | null;

const text: NormalizeOperand = (operand) =>
  typeof operand === "string" && operand.length <= LIMITS.operand && isStorable(operand) ? operand : null;

const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ["true", true],
  ["false", false],
]);
const DIGITS = /^\d{1,15}$/;
const lengthOperand: NormalizeOperand = (operand) => {
  const number = typeof operand === "string" && DIGITS.test(operand) ? Number(operand) : operand;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number + 0 : null;
};
/** JSON has no -0. */
const finiteNumber = (operand: unknown): number | null =>
  typeof operand === "number" && Number.isFinite(operand) ? (operand === 0 ? 0 : operand) : null;

const TEXT = `a text of at most ${LIMITS.operand} characters`;
const OPERANDS: Readonly<Record<ValueType, { readonly expected: string; readonly normalize: NormalizeOperand }>> = {
  text: { expected: TEXT, normalize: text },
  texts: { expected: TEXT, normalize: text },
  instant: {
    expected: "a date such as 2026-03-02, or with time and zone 2026-03-02T09:15:04Z",
    normalize: (operand) => (typeof operand === "string" || operand instanceof Date ? instantOf(operand) : null),
  },
  boolean: { expected: "true or false", normalize: (operand) => BOOLEANS.get(operand) ?? null },
  json: {
    expected: `${TEXT}, a finite number, true or false`,
    normalize: (operand) => (typeof operand === "boolean" ? operand : (finiteNumber(operand) ?? text(operand))),
  },
};
const LENGTH_OPERAND = { expected: "a whole number, 0 or more", normalize: lengthOperand };

const comparesLength = (operator: Operator): boolean =>
  operator === "count" || operator === "countMore" || operator === "countLess";

/** A short name of a voucher type becomes the full name. An unknown name stays, and equals no voucher type. */
const normalizeVoucherType = (attribute: string, operator: Operator, operand: Scalar): Scalar =>
  attribute === "voucherType" && typeof operand === "string" && ["is", "isNot", "in", "notIn"].includes(operator)
    ? (voucherTypeOf(operand) ?? operand)
    : operand;

/** Checks and normalizes the operands of a condition. The attribute and the operator have been checked before. */
export const conditionOf = (
  { type, attribute, operator }: { readonly type: ValueType; readonly attribute: string; readonly operator: Operator },
  values: readonly unknown[],
  pathOf: (index: number) => string,
): E.Either<InputError, Condition> => {
  const { expected, normalize } = comparesLength(operator) ? LENGTH_OPERAND : OPERANDS[type];
  const operands = E.traverseArrayWithIndex((index, value: unknown): E.Either<InputError, Scalar> => {
    const operand = normalize(value);
    return operand === null
      ? refuse(pathOf(index), expected)
      : E.right(normalizeVoucherType(attribute, operator, operand));
  })(values);
  return pipe(
    operands,
    E.map((normalized): Condition => ({ type: "condition", attribute, operator, operands: normalized })),
  );
};
