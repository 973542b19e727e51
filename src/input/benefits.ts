import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import type { Benefit, Discount, VoucherType } from "../domain/model.ts";
import { fieldPath } from "../domain/paths.ts";
import { type InputError, inputError } from "../errors.ts";
import { absentOr, codec, struct } from "./codecs.ts";
import { amount, percent, whole } from "./numbers.ts";
import { oneOf, shortText } from "./text.ts";

type Gift = Extract<Benefit, { readonly type: "GIFT_VOUCHER" }>["gift"];
type LoyaltyCard = Extract<Benefit, { readonly type: "LOYALTY_CARD" }>["loyaltyCard"];

const effect = absentOr(shortText);
const amountLimit = absentOr(amount);
const DISCOUNTS: { readonly [T in Discount["type"]]: t.Type<Extract<Discount, { readonly type: T }>> } = {
  PERCENT: struct("a percent discount", { type: t.literal("PERCENT"), percentOff: percent }, { amountLimit, effect }),
  AMOUNT: struct("an amount discount", { type: t.literal("AMOUNT"), amountOff: amount }, { effect }),
  UNIT: struct("a unit discount", { type: t.literal("UNIT"), unitOff: amount, unitType: shortText }, { effect }),
  FIXED: struct("a fixed price", { type: t.literal("FIXED"), fixedAmount: whole(0) }, { effect }),
};

const discountType = struct("a discount, as an object", { type: oneOf(["PERCENT", "AMOUNT", "UNIT", "FIXED"]) }, {});

const discount: t.Type<Discount> = codec("a discount, as an object", (value, context): t.Validation<Discount> => {
  const decoded = discountType.validate(value, context);
  return E.isLeft(decoded) ? decoded : DISCOUNTS[decoded.right.type].validate(value, context);
});

const gift: t.Type<Gift> = struct("a gift, as an object", { amount }, { effect });

/** A loyalty card starts with zero points or more. */
const loyaltyCard: t.Type<LoyaltyCard> = struct("a loyalty card, as an object", { points: whole(0) }, {});

export interface BenefitRequest {
  readonly type?: VoucherType;
  readonly discount?: Discount;
  readonly gift?: Gift;
  readonly loyaltyCard?: LoyaltyCard;
}

/** The fields for the value of a voucher. Null means absent. */
export const benefitFields: { readonly [K in keyof Required<BenefitRequest>]: t.Type<BenefitRequest[K]> } = {
  type: absentOr(oneOf(["DISCOUNT_VOUCHER", "GIFT_VOUCHER", "LOYALTY_CARD"])),
  discount: absentOr(discount),
  gift: absentOr(gift),
  loyaltyCard: absentOr(loyaltyCard),
};

const givenBenefits = ({ discount, gift, loyaltyCard }: BenefitRequest): readonly Benefit[] => [
  ...(discount === undefined ? [] : [{ type: "DISCOUNT_VOUCHER", discount } as const]),
  ...(gift === undefined ? [] : [{ type: "GIFT_VOUCHER", gift } as const]),
  ...(loyaltyCard === undefined ? [] : [{ type: "LOYALTY_CARD", loyaltyCard } as const]),
];

const FIELD: Readonly<Record<VoucherType, string>> = {
  DISCOUNT_VOUCHER: "discount",
  GIFT_VOUCHER: "gift",
  LOYALTY_CARD: "loyaltyCard",
};

export const hasBenefit = (request: BenefitRequest): boolean => givenBenefits(request).length > 0;

/** Checks that the input has exactly one benefit, and that it fits `type`. */
export const toBenefit = (request: BenefitRequest, path: string): E.Either<InputError, Benefit> => {
  const refuse = (errorPath: string, expected: string): E.Either<InputError, Benefit> =>
    E.left(inputError("invalid_voucher", errorPath, expected));
  const [benefit, second] = givenBenefits(request);
  if (benefit === undefined) return refuse(path, "a voucher with a discount, a gift or a loyaltyCard");
  if (second !== undefined)
    return refuse(fieldPath(path, FIELD[second.type]), `absent, because the voucher has a ${FIELD[benefit.type]}`);
  return request.type === undefined || request.type === benefit.type
    ? E.right(benefit)
    : refuse(fieldPath(path, "type"), `${benefit.type}, because the voucher has a ${FIELD[benefit.type]}`);
};
