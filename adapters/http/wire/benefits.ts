import * as t from "io-ts";
import type { Benefit, CodeConfig, Discount, Voucher } from "oncecode";
import { type Given, given, nullable, Struct, whole } from "./shape.ts";

/** What a voucher is worth, as it is asked for and as it is shown. */

export const voucherType: t.Mixed = t.keyof({ DISCOUNT_VOUCHER: null, GIFT_VOUCHER: null, LOYALTY_CARD: null });

const effect = t.string;
const discountFields = {
  type: t.keyof({ PERCENT: null, AMOUNT: null, UNIT: null, FIXED: null }),
  percent_off: t.number,
  amount_limit: whole,
  amount_off: whole,
  unit_off: whole,
  unit_type: t.string,
  fixed_amount: whole,
  effect,
};

export const discount: Struct<Discount> = new Struct<Discount>(
  "Discount",
  { type: discountFields.type },
  discountFields,
  {},
);

/** What a voucher, or those of a campaign, are to be worth. Null means absent, as in a record that was fetched. */
export const benefitRequest: Readonly<Record<string, t.Mixed>> = {
  type: nullable(voucherType),
  discount: nullable(discount),
  gift: nullable(given("GiftRequest", { amount: whole, effect })),
  loyalty_card: nullable(given("LoyaltyCardRequest", { points: whole })),
};

/** Nothing is redeemed here, so that all of it is left. */
export const giftShape: Struct<{ readonly amount: number; readonly balance: number; readonly effect?: string }> =
  new Struct("Gift", { amount: whole, balance: whole }, { effect }, {});
export const loyaltyCardShape: Struct<{ readonly points: number; readonly balance: number }> = new Struct(
  "LoyaltyCard",
  { points: whole, balance: whole },
  {},
  {},
);

/** Of a voucher one is an object, and the other two are null. */
export const benefitFields: {
  readonly type: t.Mixed;
  readonly discount: t.Mixed;
  readonly gift: t.Mixed;
  readonly loyalty_card: t.Mixed;
} = {
  type: voucherType,
  discount: nullable(discount),
  gift: nullable(giftShape),
  loyalty_card: nullable(loyaltyCardShape),
};

export interface BenefitView {
  readonly type: Voucher["type"];
  readonly discount: Discount | null;
  readonly gift: { readonly amount: number; readonly balance: number; readonly effect?: string } | null;
  readonly loyaltyCard: { readonly points: number; readonly balance: number } | null;
}

export const benefitView = (benefit: Benefit): BenefitView => {
  const nothing = { discount: null, gift: null, loyaltyCard: null };
  switch (benefit.type) {
    case "DISCOUNT_VOUCHER":
      return { ...nothing, type: benefit.type, discount: benefit.discount };
    case "GIFT_VOUCHER":
      return { ...nothing, type: benefit.type, gift: { ...benefit.gift, balance: benefit.gift.amount } };
    case "LOYALTY_CARD": {
      const { points } = benefit.loyaltyCard;
      return { ...nothing, type: benefit.type, loyaltyCard: { points, balance: points } };
    }
  }
};

/** Of the three, only the one that there is. */
export const benefitAlone = (benefit: Benefit): Pick<BenefitView, "type"> & Partial<BenefitView> => {
  const { type, discount: off, gift, loyaltyCard } = benefitView(benefit);
  return {
    type,
    ...(off !== null && { discount: off }),
    ...(gift !== null && { gift }),
    ...(loyaltyCard !== null && { loyaltyCard }),
  };
};

/** How often a code may be redeemed, elsewhere. */
export const redemptionRequest: Struct<Given> = given("RedemptionQuantity", { quantity: nullable(whole) });

const configFields = { length: whole, charset: t.string, prefix: t.string, postfix: t.string, pattern: t.string };
export const codeConfigRequest: Struct<Given> = given("CodeConfigRequest", configFields);
export const codeConfig: Struct<CodeConfig> = new Struct<CodeConfig>(
  "CodeConfig",
  { length: whole, charset: t.string, pattern: t.string },
  configFields,
  {},
);
