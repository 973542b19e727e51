import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { decodePublication } from "../../src/input/publications.ts";
import { expectRight } from "../support/expect-right.ts";

const discount = { type: "PERCENT", percentOff: 10 };

describe("a publication", () => {
  const customer = { identity: { type: "sourceId", sourceId: "shop-1" }, profile: {} };
  const blank = { customer, channel: "API", metadata: {}, sourceId: null, joinOnce: false };
  const pool = (campaign: string, count: number) => ({ type: "campaign", campaign, count });

  it.each<[object, object]>([
    [{ voucher: "A" }, { type: "voucher", voucher: "A" }],
    [{ campaign: "spring" }, pool("spring", 1)],
    [{ campaign: { name: "spring" } }, pool("spring", 1)],
    [{ campaign: { id: "camp_1", count: 2 } }, pool("camp_1", 2)],
    [{ campaign: { name: "spring", id: "camp_1", vouchersCount: 5, voucher: { discount } } }, pool("spring", 1)],
    [{ campaign: { name: "spring", count: 1_000_000 } }, pool("spring", 1_000_000)],
    [
      { voucher: "A", campaign: "spring" },
      { type: "voucher", voucher: "A" },
    ],
    [
      { voucher: "A", campaign: { count: -1 } },
      { type: "voucher", voucher: "A" },
    ],
    [{ voucher: null, campaign: "spring" }, pool("spring", 1)],
  ])("from %j", (fields, source) => {
    expect(expectRight(decodePublication({ ...fields, customer: "shop-1" }))).toEqual({ ...blank, source });
  });

  it("treats null as absent where older clients send it", () => {
    const nulls = { channel: null, metadata: null, sourceId: null, campaign: null };
    expect(expectRight(decodePublication({ ...nulls, voucher: "A", customer: "shop-1" }))).toEqual({
      ...blank,
      source: { type: "voucher", voucher: "A" },
    });
  });

  it("is refused by its form first, then its source, then its customer", () => {
    const paths = [{ channel: 5 }, { customer: 5 }, { voucher: "A", customer: { email: 5 } }, { voucher: "A" }].map(
      (input) => {
        const decoded = decodePublication(input);
        return E.isLeft(decoded) ? `${decoded.left.code} ${decoded.left.path}` : null;
      },
    );
    expect(paths).toEqual([
      "invalid_payload channel",
      "missing_vouchers campaign",
      "invalid_payload customer.email",
      "missing_customer customer",
    ]);
  });
});
