import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import { matches } from "../../src/domain/filter-evaluation.ts";
import { and, type Filter, or, where } from "../../src/domain/filters.ts";
import type { Metadata, PublicationRecord, VoucherRecord } from "../../src/domain/model.ts";
import { parseNestedFilter } from "../../src/domain/nested-filters.ts";

const success: object = {
  id: "pub_1",
  result: "SUCCESS",
  createdAt: "2026-03-02T09:15:04.120Z",
  customerId: "A",
  trackingId: null,
  channel: "newsletter_October",
  metadata: {},
  sourceId: null,
  campaignId: "camp_1",
  campaign: "C1",
  voucherType: "GIFT_VOUCHER",
  isReferralCode: false,
  origin: { type: "campaign", campaignId: "camp_1", count: 2 },
  codes: ["ABC-1", "ABC-2"],
  voucherIds: ["v_1", "v_2"],
};
const publication = (change: object = {}): PublicationRecord => ({ ...success, ...change }) as PublicationRecord;

const holds = (filter: Filter, record: PublicationRecord): boolean => matches("publications", filter, record);

describe("contract 3.5", () => {
  const records = [
    publication({
      id: "P3",
      customerId: "A",
      campaign: "C2",
      result: "FAILURE",
      failureCode: "not_found",
      failureMessage: "",
    }),
    publication({ id: "P2", customerId: "B", campaign: "C1" }),
    publication({ id: "P1", customerId: "A", campaign: "C1" }),
  ];
  const is = (value: unknown) => ({ conditions: { $is: value } });

  it.each<[nested: unknown, ids: readonly string[]]>([
    [{ customer_id: is(["A"]) }, ["P3", "P1"]],
    [{ customer_id: { conditions: { $in: ["A", "B"] } } }, ["P3", "P2", "P1"]],
    [{ customer_id: is(["A", "B"]), junction: "OR" }, ["P3", "P2", "P1"]],
    [{ customer_id: is(["A", "B"]), junction: "AND" }, []],
    [{ campaign_name: is("C1"), result: is("FAILURE"), junction: "or" }, ["P3", "P2", "P1"]],
    [{ failure_code: { conditions: { $has_value: "" } } }, ["P3"]],
  ])("%j", (nested, ids) => {
    const filter = parseNestedFilter(nested);
    if (E.isLeft(filter)) return expect.fail(filter.left.message);
    expect(records.filter((record) => holds(filter.right, record)).map(({ id }) => id)).toEqual(ids);
  });
});

describe("text", () => {
  it.each<[Filter, boolean]>([
    [where("channel").is("newsletter_October"), true],
    [where("channel").is("newsletter_october"), false],
    [where("channel").is("newsletter%"), false],
    [where("channel").isNot("newsletter_October"), false],
    [where("channel").isNot("API"), true],
    [where("channel").in(["API", "newsletter_October"]), true],
    [where("channel").in([]), false],
    [where("channel").notIn(["API"]), true],
    [where("channel").notIn([]), true],
    [where("channel").contains("letter_"), true],
    [where("channel").contains("letter?"), false],
    [where("channel").contains("_etter"), false],
    [where("channel").contains(""), true],
    [where("channel").notContain("OCT"), true],
    [where("channel").startsWith("news"), true],
    [where("channel").startsWith("New"), false],
    [where("channel").endsWith("October"), true],
    [where("channel").endsWith("october"), false],
    [where("channel").hasValue(), true],
    [where("channel").isUnknown(), false],
  ])("%j: %j", (filter, expected) => {
    expect(holds(filter, publication())).toBe(expected);
  });

  it.each<[Filter, boolean]>([
    [where("sourceId").is("a"), false],
    [where("sourceId").isNot("a"), true],
    [where("sourceId").in(["a"]), false],
    [where("sourceId").notIn(["a"]), true],
    [where("sourceId").contains(""), false],
    [where("sourceId").notContain("a"), true],
    [where("sourceId").startsWith(""), false],
    [where("sourceId").hasValue(), false],
    [where("sourceId").isUnknown(), true],
    [where("failureCode").isUnknown(), true],
  ])("that is not there, %j: %j", (filter, expected) => {
    expect(holds(filter, publication())).toBe(expected);
  });

  it("is ordered by code point, not by UTF-16 unit", () => {
    const more = (operand: string): Filter => ({
      type: "condition",
      attribute: "channel",
      operator: "moreThan",
      operands: [operand],
    });
    expect(holds(more("\uffff"), publication({ channel: "🎟" }))).toBe(true);
    expect(holds(more("B"), publication({ channel: "a" }))).toBe(true);
    expect(holds(more("a"), publication({ channel: "a" }))).toBe(false);
  });
});

describe("several codes", () => {
  it.each<[Filter, boolean]>([
    [where("voucherCode").is("ABC-2"), true],
    [where("voucherCode").isNot("ABC-2"), false],
    [where("voucherCode").isNot("ABC-3"), true],
    [where("voucherCode").in(["ABC-3", "ABC-1"]), true],
    [where("voucherCode").notIn(["ABC-3", "ABC-1"]), false],
    [where("voucherCode").contains("C-2"), true],
    [where("voucherCode").notContain("C-2"), false],
    [where("voucherCode").startsWith("ABC"), true],
    [where("voucherCode").endsWith("-1"), true],
    [where("voucherCode").hasValue(), true],
    [where("voucherCode").count(2), true],
    [where("voucherCode").countMore(2), false],
    [where("voucherCode").countMore(1), true],
    [where("voucherCode").countLess(3), true],
    [where("relatedObjectId").is("v_2"), true],
  ])("%j: %j", (filter, expected) => {
    expect(holds(filter, publication())).toBe(expected);
  });

  it("can be an empty list", () => {
    const none = publication({ codes: [], voucherIds: [] });
    expect(holds(where("voucherCode").hasValue(), none)).toBe(false);
    expect(holds(where("voucherCode").isUnknown(), none)).toBe(true);
    expect(holds(where("voucherCode").count(0), none)).toBe(true);
    expect(holds(where("voucherCode").isNot("ABC-1"), none)).toBe(true);
  });
});

describe("dates and booleans", () => {
  it.each<[Filter, boolean]>([
    [where("createdAt").after("2026-03-02T09:15:04.119Z"), true],
    [where("createdAt").after("2026-03-02T09:15:04.120Z"), false],
    [where("createdAt").before("2026-03-02T09:15:04.120Z"), false],
    [where("createdAt").before("2026-03-02T09:15:04.121Z"), true],
    [where("createdAt").moreThanEqual("2026-03-02T09:15:04.120Z"), true],
    [where("createdAt").lessThanEqual("2026-03-02T09:15:04.120Z"), true],
    [where("createdAt").moreThan("2026-03-02T09:15:04.120Z"), false],
    [where("createdAt").is(new Date("2026-03-02T09:15:04.120Z")), true],
    [where("isReferralCode").is(false), true],
    [where("isReferralCode").isNot(false), false],
    [where("isReferralCode").in([true, false]), true],
    [where("isReferralCode").hasValue(), true],
  ])("%j: %j", (filter, expected) => {
    expect(holds(filter, publication())).toBe(expected);
  });
});

describe("metadata", () => {
  const metadata: Metadata = {
    tier: "gold",
    n: 5,
    vip: true,
    nothing: null,
    tags: ["a", 2, false, { deep: 1 }],
    empty: [],
    object: { a: 1 },
    "a.b": "dotted",
    text5: "5",
  };
  const record = publication({ metadata });

  it.each<[Filter, boolean]>([
    [where("metadata.tier").is("gold"), true],
    [where("metadata.tier").contains("ol"), true],
    [where("metadata.a.b").is("dotted"), true],
    [where("metadata.n").is(5), true],
    [where("metadata.n").is("5"), true],
    [where("metadata.n").is("5.0"), true],
    [where("metadata.n").is("0x5"), false],
    [where("metadata.n").is(" 5"), false],
    [where("metadata.n").moreThan("10"), false],
    [where("metadata.n").lessThan("10"), true],
    [where("metadata.n").contains("5"), false],
    [where("metadata.n").isNot("five"), true],
    [where("metadata.text5").is(5), true],
    [where("metadata.text5").moreThan(10), true],
    [where("metadata.vip").is("true"), true],
    [where("metadata.vip").is(1), false],
    [where("metadata.vip").moreThan(false), false],
    [where("metadata.nothing").isUnknown(), true],
    [where("metadata.none").isUnknown(), true],
    [where("metadata.none").isNot("a"), true],
    [where("metadata.tags").contains("a"), true],
    [where("metadata.tags").contains("2"), true],
    [where("metadata.tags").contains(false), true],
    [where("metadata.tags").contains("deep"), false],
    [where("metadata.tags").notContain("b"), true],
    [where("metadata.tags").is("a"), true],
    [where("metadata.tags").count(4), true],
    [where("metadata.empty").hasValue(), true],
    [where("metadata.empty").count(0), true],
    [where("metadata.tier").count(4), false],
    [where("metadata.tier").countLess(100), false],
    [where("metadata.object").hasValue(), true],
    [where("metadata.object").is("[object Object]"), false],
    [where("metadata.constructor").isUnknown(), true],
    [where("metadata.__proto__").isUnknown(), true],
  ])("%j: %j", (filter, expected) => {
    expect(holds(filter, record)).toBe(expected);
  });
});

describe("and, or", () => {
  const [yes, no] = [where("result").is("SUCCESS"), where("result").is("FAILURE")];

  it.each<[string, Filter, boolean]>([
    ["all of none", and(), true],
    ["any of none", or(), false],
    ["all", and(yes, yes), true],
    ["not all", and(yes, no), false],
    ["any", or(no, yes), true],
    ["not any", or(no, no), false],
    ["nested", and(or(no, yes), or(and(yes, or(yes)), no)), true],
  ])("%s", (_, filter, expected) => {
    expect(holds(filter, publication())).toBe(expected);
  });
});

it("filters vouchers by their attributes", () => {
  const voucher = { id: "v_1", code: "A", type: "GIFT_VOUCHER", holderId: null, expirationDate: null, metadata: {} };
  const record = voucher as unknown as VoucherRecord;
  expect(matches("vouchers", where("voucherType").is("GIFT_VOUCHER"), record)).toBe(true);
  expect(matches("vouchers", where("holderId").isUnknown(), record)).toBe(true);
  expect(matches("vouchers", where("expirationDate").after("2026-01-01"), record)).toBe(false);
});

it("has no attribute of another kind", () => {
  const filter: Filter = { type: "condition", attribute: "holderId", operator: "isUnknown", operands: [] };
  expect(holds(filter, publication({ holderId: "cust_1" }))).toBe(true);
});
