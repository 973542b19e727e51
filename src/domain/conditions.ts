import * as E from "fp-ts/lib/Either.js";
import { type InputError, inputError } from "../errors.ts";
import { columnOf, metadataKey, type ValueType } from "./attributes.ts";
import { collect } from "./collect.ts";
import type { Condition, Operator, Scalar } from "./filters.ts";
import { instantOf } from "./instants.ts";
import { LIMITS } from "./limits.ts";
import type { Kind, VoucherType } from "./model.ts";
import { isStorable } from "./storable.ts";

/** Checks of a single condition, for every way in which filters come in. */

export const refuse = (path: string, expected: string): E.Either<InputError, never> =>
  E.left(inputError("invalid_query_params", path, expected));

const shown = (name: string): string => JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);

/** Names the unknown one, and lists those there are. */
export const oneOf = (names: readonly string[], given: unknown): string =>
  `one of: ${names.join(", ")}${typeof given === "string" ? `; there is no ${shown(given)}` : ""}`;

const VOUCHER_TYPES: ReadonlyMap<string, VoucherType> = new Map(
  (["DISCOUNT_VOUCHER", "GIFT_VOUCHER", "LOYALTY_CARD"] as const).flatMap((type) => [
    [type.toLowerCase(), type],
    [type.toLowerCase().split("_")[0] ?? "", type],
  ]),
);
/** A voucher type in full or in short (`gift`), in any case; undefined if there is none of that name. */
export const voucherTypeOf = (text: string): VoucherType | undefined => VOUCHER_TYPES.get(text.toLowerCase());

/** Whether this may be an attribute at all: the key after `metadata.` is the host's. */
export const isAttribute = (attribute: unknown): attribute is string =>
  typeof attribute === "string" && attribute.length <= LIMITS.operand && isStorable(attribute);

/** What an attribute's values are; undefined if the kind has no such attribute. */
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

/** An operand in the form that stores compare with; null if it is not of the type. */
type Normalise = (operand: unknown) => Scalar | null;

const text: Normalise = (operand) =>
  typeof operand === "string" && operand.length <= LIMITS.operand && isStorable(operand) ? operand : null;

const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ["true", true],
  ["false", false],
]);
const DIGITS = /^\d{1,15}$/;
const size: Normalise = (operand) => {
  const number = typeof operand === "string" && DIGITS.test(operand) ? Number(operand) : operand;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number + 0 : null;
};
/** JSON has no -0. */
const finite = (operand: unknown): number | null =>
  typeof operand === "number" && Number.isFinite(operand) ? (operand === 0 ? 0 : operand) : null;

const TEXT = `a text of at most ${LIMITS.operand} characters`;
const OPERANDS: Readonly<Record<ValueType, { readonly expected: string; readonly normalise: Normalise }>> = {
  text: { expected: TEXT, normalise: text },
  texts: { expected: TEXT, normalise: text },
  instant: {
    expected: "a date such as 2026-03-02, or with time and zone 2026-03-02T09:15:04Z",
    normalise: (operand) => (typeof operand === "string" || operand instanceof Date ? instantOf(operand) : null),
  },
  boolean: { expected: "true or false", normalise: (operand) => BOOLEANS.get(operand) ?? null },
  json: {
    expected: `${TEXT}, a finite number, true or false`,
    normalise: (operand) => (typeof operand === "boolean" ? operand : (finite(operand) ?? text(operand))),
  },
};
const SIZE = { expected: "a whole number, 0 or more", normalise: size };

const isSize = (operator: Operator): boolean =>
  operator === "count" || operator === "countMore" || operator === "countLess";

/** Voucher types are matched in every spelling; an unknown one stays, and matches nothing. */
const spelled = (attribute: string, operator: Operator, operand: Scalar): Scalar =>
  attribute === "voucherType" && typeof operand === "string" && ["is", "isNot", "in", "notIn"].includes(operator)
    ? (voucherTypeOf(operand) ?? operand)
    : operand;

/** A condition on an attribute that exists, with an operator that is allowed: what remains are the operands. */
export const conditionOf = (
  { type, attribute, operator }: { readonly type: ValueType; readonly attribute: string; readonly operator: Operator },
  given: readonly unknown[],
  pathOf: (index: number) => string,
): E.Either<InputError, Condition> => {
  const { expected, normalise } = isSize(operator) ? SIZE : OPERANDS[type];
  const operands = collect(given, (operand, index): E.Either<InputError, Scalar> => {
    const normal = normalise(operand);
    return normal === null ? refuse(pathOf(index), expected) : E.right(spelled(attribute, operator, normal));
  });
  return E.map(
    (normal: readonly Scalar[]): Condition => ({ type: "condition", attribute, operator, operands: normal }),
  )(operands);
};
