import { describe, expect, it } from "vitest";
import { and, where } from "../../src/domain/filters.ts";
import { decodeList } from "../../src/input/lists.ts";
import { decodePublicationQuery } from "../../src/input/publication-queries.ts";
import { encodeCursor } from "../../src/list-cursor.ts";
import { expectRight } from "../support/expect-right.ts";

describe("a list query", () => {
  const first = { filter: and(), by: "createdAt", descending: true, after: null, offset: 0, limit: 10 };

  it("is for the ten newest by default", () => {
    expect(expectRight(decodeList("vouchers")({}))).toEqual(first);
    expect(expectRight(decodeList("vouchers")({ cursor: null, unknown: 1 }))).toEqual(first);
    expect(expectRight(decodeList("vouchers")({ order: "-code", page: 3, limit: 100 }))).toEqual({
      ...first,
      by: "code",
      offset: 200,
      limit: 100,
    });
    expect(expectRight(decodeList("publications")({ page: 1000 }))).toEqual({ ...first, offset: 9990 });
  });

  it("continues from a cursor", () => {
    const position = { value: null, id: "a" };
    const cursor = encodeCursor({ kind: "customers", by: "name", descending: false, position });
    expect(expectRight(decodeList("customers")({ order: "name", cursor }))).toEqual({
      ...first,
      by: "name",
      descending: false,
      after: position,
    });
  });

  it("of publications has shorthands", () => {
    const query = {
      filters: where("channel").is("API"),
      campaign: "spring",
      customer: "cust_1",
      voucher: "A",
      result: "SUCCESS",
      voucherType: "gift",
      isReferralCode: true,
      sourceId: "order-1",
      createdAt: { before: "2026-03-02", after: new Date("2026-01-01") },
    };
    const decoded = expectRight(decodePublicationQuery(query));
    expect(decoded.campaign).toBe("spring");
    expect(decoded.filter).toEqual(
      and<string>(
        where("channel").is("API"),
        where("customerId").is("cust_1"),
        where("voucherCode").is("A"),
        where("result").is("SUCCESS"),
        where("voucherType").is("GIFT_VOUCHER"),
        where("isReferralCode").is(true),
        where("sourceId").is("order-1"),
        where("createdAt").after("2026-01-01T00:00:00.000Z"),
        where("createdAt").before("2026-03-02T00:00:00.000Z"),
      ),
    );
    expect(expectRight(decodePublicationQuery({ isReferralCode: false }))).toEqual({
      ...first,
      filter: and(and()),
      campaign: null,
    });
  });
});
