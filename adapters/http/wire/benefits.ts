import * as t from "io-ts";
import type { Benefit, CodeConfig, Discount, Voucher } from "oncecode";
import { inputStruct, nullable, Struct, type UnknownRecord, wholeNumber } from "./codecs.ts";

// The benefit of a voucher in requests and responses.

export const voucherType: t.Mixed = t.keyof({ DISCOUNT_VOUCHER: null, GIFT_VOUCHER: null, LOYALTY_CARD: null });

const effect = t.string;
const discountFields = {
  type: t.keyof({ PERCENT: null, AMOUNT: null, UNIT: null, FIXED: null }),
  percent_off: t.number,
  amount_limit: wholeNumber,
  amount_off: wholeNumber,
  unit_off: wholeNumber,
  unit_type: t.string,
  fixed_amount: wholeNumber,
  effect,
};

export const discount: Struct<Discount> = new Struct<Discount>(
  "Discount",
  { type: discountFields.type },
  discountFields,
  {},
);

/** The benefit in a request for a voucher or a campaign. Null means absent: a fetched record has nulls. */
export const benefitRequestFields: Readonly<Record<string, t.Mixed>> = {
  type: nullable(voucherType),
  discount: nullable(discount),
  gift: nullable(inputStruct("GiftRequest", { amount: wholeNumber, effect })),
  loyalty_card: nullable(inputStruct("LoyaltyCardRequest", { points: wholeNumber })),
};

/** This library redeems nothing, so the balance is the whole amount. */
export const giftStruct: Struct<{ readonly amount: number; readonly balance: number; readonly effect?: string }> =
  new Struct("Gift", { amount: wholeNumber, balance: wholeNumber }, { effect }, {});
export const loyaltyCardStruct: Struct<{ readonly points: number; readonly balance: number }> = new Struct(
  "LoyaltyCard",
  { points: wholeNumber, balance: wholeNumber },
  {},
  {},
);

/** In a response, one of discount, gift and loyalty_card is an object, and the other two are null. */
export const benefitFields: {
  readonly type: t.Mixed;
  readonly discount: t.Mixed;
  readonly gift: t.Mixed;
  readonly loyalty_card: t.Mixed;
} = {
  type: voucherType,
  discount: nullable(discount),
  gift: nullable(giftStruct),
  loyalty_card: nullable(loyaltyCardStruct),
};

export interface BenefitView {
  readonly type: Voucher["type"];
  readonly discount: Discount | null;
  readonly gift: { readonly amount: number; readonly balance: number; readonly effect?: string } | null;
  readonly loyaltyCard: { readonly points: number; readonly balance: number } | null;
}

export const benefitView = (benefit: Benefit): BenefitView => {
  const noBenefit = { discount: null, gift: null, loyaltyCard: null };
  switch (benefit.type) {
    case "DISCOUNT_VOUCHER":
      return { ...noBenefit, type: benefit.type, discount: benefit.discount };
    case "GIFT_VOUCHER":
      return { ...noBenefit, type: benefit.type, gift: { ...benefit.gift, balance: benefit.gift.amount } };
    case "LOYALTY_CARD": {
      const { points } = benefit.loyaltyCard;
      return { ...noBenefit, type: benefit.type, loyaltyCard: { points, balance: points } };
    }
  }
};

/** The benefit without the two null fields. */
export const presentBenefit = (benefit: Benefit): Pick<BenefitView, "type"> & Partial<BenefitView> => {
  const { type, discount: discountView, gift, loyaltyCard } = benefitView(benefit);
  return {
    type,
    ...(discountView !== null && { discount: discountView }),
    ...(gift !== null && { gift }),
    ...(loyaltyCard !== null && { loyaltyCard }),
  };
};

/** How often a code may be redeemed. Redemption happens outside of this library. */
export const redemptionRequest: Struct<UnknownRecord> = inputStruct("RedemptionQuantity", {
  quantity: nullable(wholeNumber),
});

const configFields = { length: wholeNumber, charset: t.string, prefix: t.string, postfix: t.string, pattern: t.string };
export const codeConfigRequest: Struct<UnknownRecord> = inputStruct("CodeConfigRequest", configFields);
export const codeConfig: Struct<CodeConfig> = new Struct<CodeConfig>(
  "CodeConfig",
  { length: wholeNumber, charset: t.string, pattern: t.string },
  configFields,
  {},
);
