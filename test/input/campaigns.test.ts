import { describe, expect, it } from "vitest";
import { codeConfigOf } from "../../src/domain/codes.ts";
import type { CodeConfig } from "../../src/domain/model.ts";
import { decodeCampaign, decodeCampaignPatch } from "../../src/input/campaigns.ts";
import { expectRight } from "../support/expect-right.ts";

const STANDARD: CodeConfig = expectRight(codeConfigOf({}));
const discount = { type: "PERCENT", percentOff: 10 };

describe("a campaign", () => {
  it("has defaults", () => {
    expect(expectRight(decodeCampaign({ name: "spring", voucher: { discount } }))).toEqual({
      name: "spring",
      type: "STATIC",
      campaignType: "DISCOUNT_COUPONS",
      voucher: {
        type: "DISCOUNT_VOUCHER",
        discount,
        codeConfig: STANDARD,
        isReferralCode: false,
        redemption: { quantity: null },
      },
      vouchersCount: 0,
      description: null,
      joinOnce: false,
      startDate: null,
      expirationDate: null,
      activityDurationAfterPublishing: null,
      metadata: {},
    });
  });

  it.each([
    [{ voucher: { type: "GIFT_VOUCHER", gift: { amount: 500 } } }, "GIFT_VOUCHERS", false],
    [{ voucher: { loyaltyCard: { points: 0 } } }, "LOYALTY_PROGRAM", false],
    [{ voucher: { discount }, campaignType: "REFERRAL_PROGRAM" }, "REFERRAL_PROGRAM", true],
    [{ voucher: { discount, isReferralCode: false }, campaignType: "REFERRAL_PROGRAM" }, "REFERRAL_PROGRAM", false],
  ])("with %j is a %s", (fields, campaignType, isReferralCode) => {
    expect(expectRight(decodeCampaign({ name: "spring", ...fields }))).toMatchObject({
      campaignType,
      voucher: { isReferralCode },
    });
  });

  it("has normalized dates, and texts up to the limits", () => {
    const input = {
      name: "🎟".repeat(255),
      voucher: { discount },
      startDate: new Date("2026-03-02T09:15:04.120Z"),
      expirationDate: "2027-03-02",
      activityDurationAfterPublishing: "P24D",
      description: "ä".repeat(10_000),
      unknown: { ignored: true },
    };
    const decoded = expectRight(decodeCampaign(input));
    expect(decoded).toMatchObject({
      startDate: "2026-03-02T09:15:04.120Z",
      expirationDate: "2027-03-02T00:00:00.000Z",
    });
    expect(decoded).not.toHaveProperty("unknown");
  });

  it("can be decoded from its own record", () => {
    const once = expectRight(
      decodeCampaign({ name: "spring", voucher: { discount, codeConfig: { pattern: "A-##" } } }),
    );
    expect(
      expectRight(decodeCampaign({ ...once, id: "camp_1", createdAt: "2026-03-02T09:15:04.120Z", revision: 3 })),
    ).toEqual(once);
  });

  it("has an error that says what a field must be", () => {
    expect(decodeCampaign({ name: "", voucher: { discount } })).toMatchObject({
      left: { message: "Property .name must be a text of 1 to 255 characters, not all of them space" },
    });
    expect(decodeCampaign({ name: "a", voucher: { discount: { type: "PERCENT", percentOff: 101 } } })).toMatchObject({
      left: { message: "Property .voucher.discount.percentOff must be a number above 0, up to 100" },
    });
    expect(decodeCampaign(undefined)).toMatchObject({
      left: { message: "The argument must be a campaign, as an object" },
    });
    expect(decodeCampaign({ name: "a", voucher: { discount }, description: 5 })).toMatchObject({
      left: { message: "Property .description must be a text of 0 to 10000 characters, or null" },
    });
  });

  it("is changed by the given fields", () => {
    const current = expectRight(codeConfigOf({ pattern: "A-##", charset: "abc", prefix: "P" }));
    const change = (patch: object) => expectRight(decodeCampaignPatch(patch, current));
    expect(change({})).toEqual({});
    expect(change({ description: null, startDate: null, joinOnce: undefined })).toEqual({
      description: null,
      startDate: null,
    });
    expect(change({ codeConfig: { charset: "xyz" } })).toEqual({ codeConfig: { ...current, charset: "xyz" } });
    expect(change({ codeConfig: { length: 4 } })).toEqual({ codeConfig: { ...current, length: 4, pattern: "####" } });
    expect(change({ codeConfig: { pattern: "B-#" } })).toEqual({
      codeConfig: { ...current, length: 1, pattern: "B-#" },
    });
    expect(change({ active: false, name: "other" })).toEqual({});
  });
});
