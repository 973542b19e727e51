import { describe, expect, it } from "vitest";
import { codeConfigOf } from "../../src/domain/codes.ts";
import type { CodeConfig } from "../../src/domain/model.ts";
import { decodeImport, decodeVoucher, decodeVoucherPatch, decodeVouchersToAdd } from "../../src/input/vouchers.ts";
import { expectRight } from "../support/expect-right.ts";

const STANDARD: CodeConfig = expectRight(codeConfigOf({}));
const discount = { type: "PERCENT", percentOff: 10 };

describe("a voucher", () => {
  const nothing = {
    campaign: null,
    type: null,
    benefit: null,
    isReferralCode: null,
    code: null,
    codeConfig: null,
    details: {},
  };

  it("is in a campaign, or standalone", () => {
    expect(expectRight(decodeVoucher({ campaign: "spring" }))).toEqual({ ...nothing, campaign: "spring" });
    expect(expectRight(decodeVoucher({ campaign: "spring", type: "DISCOUNT_VOUCHER", gift: null }))).toEqual({
      ...nothing,
      campaign: "spring",
      type: "DISCOUNT_VOUCHER",
    });
    expect(expectRight(decodeVoucher({ discount, code: "A B", active: false, codeConfig: {} }))).toEqual({
      ...nothing,
      benefit: { type: "DISCOUNT_VOUCHER", discount },
      isReferralCode: false,
      code: "A B",
      codeConfig: STANDARD,
      details: { active: false },
    });
  });

  it.each([
    { type: "PERCENT", percentOff: 0.5, amountLimit: 100, effect: "APPLY_TO_ORDER" },
    { type: "AMOUNT", amountOff: 1 },
    { type: "UNIT", unitOff: 2, unitType: "item" },
    { type: "FIXED", fixedAmount: 0 },
  ])("has a discount of each kind: $type", (discount) => {
    expect(expectRight(decodeVoucher({ discount: { ...discount, other: 1 } })).benefit).toEqual({
      type: "DISCOUNT_VOUCHER",
      discount,
    });
  });

  it("has amounts that survive JSON", () => {
    expect(expectRight(decodeVoucher({ loyaltyCard: { points: -0 } })).benefit).toEqual({
      type: "LOYALTY_CARD",
      loyaltyCard: { points: 0 },
    });
  });

  it("is changed by the given fields, and null clears", () => {
    expect(
      expectRight(decodeVoucherPatch({ expirationDate: null, redemption: { quantity: null }, additionalInfo: "" })),
    ).toEqual({
      expirationDate: null,
      redemption: { quantity: null },
      additionalInfo: "",
    });
  });

  it("is imported as a code, or as a voucher with one", () => {
    expect(expectRight(decodeImport("A"))).toEqual({ code: "A", details: {} });
    expect(expectRight(decodeImport({ code: "A", metadata: { a: 1 }, csv: "ignored" }))).toEqual({
      code: "A",
      details: { metadata: { a: 1 } },
    });
    expect(decodeImport("A ")).toMatchObject({ left: { code: "invalid_payload", path: "" } });
    expect(decodeImport({ code: "A\t" })).toMatchObject({ left: { code: "invalid_payload", path: "code" } });
    expect(decodeImport(null)).toMatchObject({ left: { code: "invalid_payload", path: "" } });
  });

  it("is added at random, or with its code", () => {
    expect(expectRight(decodeVouchersToAdd({ count: 10_000_000 }))).toEqual({
      count: 10_000_000,
      codeConfig: null,
      details: {},
    });
    expect(expectRight(decodeVouchersToAdd({ codes: ["A", "a"], active: false }))).toEqual({
      codes: ["A", "a"],
      details: { active: false },
    });
    expect(decodeVouchersToAdd({ codes: ["A", "B", "C", "A"] })).toMatchObject({
      left: { code: "duplicate_found", resource: "voucher", path: "codes[3]", id: "A" },
    });
  });
});
