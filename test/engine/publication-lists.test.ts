import type { Kind, PublicationInput, PublicationQuery } from "oncecode";
import { beforeAll, describe, expect, it } from "vitest";
import {
  allPublications,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  type Fixture,
  listAll,
  toArray,
} from "../support/fixture.ts";
import { listMethods } from "../support/sample-records.ts";
import { engineStores, type Open } from "../support/stores.ts";

/** Publications p1 to p5, which differ in every attribute. */
const publishDifferent = async (open: Open): Promise<Fixture> => {
  const fixture = await createFixture(open);
  const { engine, customers, vouchers, publications, setTime } = fixture;
  for (const sourceId of ["shop-1", "shop-2"]) await customers.upsert({ sourceId });
  await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
  await createCampaignWithCodes(engine, "empty", []);
  await createCampaignWithCodes(engine, "friends", ["R"], { campaignType: "REFERRAL_PROGRAM" });
  await vouchers.create({ code: "GIFT", type: "GIFT_VOUCHER", gift: { amount: 500 } });
  await vouchers.create({ code: "CARD", type: "LOYALTY_CARD", loyaltyCard: { points: 5 } });
  const requests: readonly PublicationInput[] = [
    { campaign: { name: "spring", count: 3 }, customer: "shop-1", sourceId: "order-1" },
    { voucher: "GIFT", customer: "shop-2" },
    { campaign: "empty", customer: "shop-1", sourceId: "order-3" },
    { voucher: "CARD", customer: "shop-1" },
    { campaign: "friends", customer: "shop-2" },
  ];
  for (const [i, request] of requests.entries()) {
    setTime(`2026-03-1${i + 1}T12:00:00.000Z`);
    await publications.create({ ...request, metadata: { label: `p${i + 1}` } }).catch(() => "One is meant to fail");
  }
  return fixture;
};

describe.each(engineStores)("a list of publications on %s", (_, open) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await publishDifferent(open);
  });

  it.each<[PublicationQuery, string]>([
    [{}, "p5 p4 p3 p2 p1"],
    [{ campaign: "spring" }, "p1"],
    [{ campaign: "empty" }, "p3"],
    [{ campaign: "nowhere" }, ""],
    [{ customer: "ann" }, "p4 p3 p1"],
    [{ customer: "shop-1" }, ""],
    [{ voucher: "A" }, "p1"],
    [{ voucher: "C" }, "p1"],
    [{ voucher: "a" }, ""],
    [{ result: "SUCCESS" }, "p5 p4 p2 p1"],
    [{ result: "FAILURE" }, "p3"],
    [{ voucherType: "GIFT_VOUCHER" }, "p2"],
    [{ voucherType: "gift" }, "p2"],
    [{ voucherType: "Loyalty" as "loyalty" }, "p4"],
    [{ voucherType: "LOYALTY_CARD" }, "p4"],
    [{ voucherType: "discount_voucher" as "discount" }, "p5 p3 p1"],
    [{ voucherType: "discount" }, "p5 p3 p1"],
    [{ isReferralCode: true }, "p5"],
    [{ isReferralCode: false }, "p5 p4 p3 p2 p1"],
    [{ sourceId: "order-1" }, "p1"],
    [{ sourceId: "order-3" }, "p3"],
    [{ sourceId: "order" }, ""],
    [{ createdAt: { after: "2026-03-13T12:00:00Z" } }, "p5 p4"],
    [{ createdAt: { before: "2026-03-13T12:00:00Z" } }, "p2 p1"],
    [{ createdAt: { after: new Date("2026-03-12T00:00:00Z"), before: "2026-03-14" } }, "p3 p2"],
    [{ createdAt: {} }, "p5 p4 p3 p2 p1"],
    [{ campaign: "spring", result: "FAILURE" }, ""],
    [{ customer: "ann", result: "SUCCESS", order: "createdAt" }, "p1 p4"],
    [{ customer: "ann", limit: 2 }, "p4 p3"],
    [{ customer: "ann", limit: 2, page: 2 }, "p1"],
  ])("by %j is %s", async (query, expected) => {
    const { customers, publications } = fixture;
    const queryWithId = query.customer === "ann" ? { ...query, customer: (await customers.get("shop-1")).id } : query;
    const { data, total } = await publications.list(queryWithId);
    expect(data.map(({ metadata }) => metadata.label).join(" ")).toBe(expected);

    const { order: _order, limit: _limit, page: _page, ...filters } = queryWithId;
    const count = await publications.count(filters);
    expect(await total()).toBe(count);
    expect(await toArray(publications.iterate(filters))).toHaveLength(count);
  });

  it.each<[object, string]>([
    [{ result: "success" }, "result"],
    [{ voucherType: "lottery" }, "voucherType"],
    [{ isReferralCode: "true" }, "isReferralCode"],
    [{ createdAt: { after: "soon" } }, "createdAt.after"],
    [{ createdAt: "2026-03-01" }, "createdAt"],
    [{ campaign: 5 }, "campaign"],
  ])("by %j is refused", async (query, path) => {
    const { publications } = fixture;
    const expectedError = { code: "invalid_query_params", path };
    await expect(publications.list(query)).rejects.toMatchObject(expectedError);
    await expect(publications.count(query)).rejects.toMatchObject(expectedError);
    await expect(toArray(publications.iterate(query))).rejects.toMatchObject(expectedError);
  });

  it("has the voucher of an entry with one code, and the codes of each entry", async () => {
    const { publications, vouchers } = fixture;
    const entries = await toArray(publications.iterate({ order: "createdAt" }));
    expect(entries.map(({ codes }) => codes.toSorted())).toEqual([["A", "B", "C"], ["GIFT"], [], ["CARD"], ["R"]]);
    expect(entries.map(({ voucher }) => voucher?.code)).toEqual([undefined, "GIFT", undefined, "CARD", "R"]);
    expect(entries[1]?.voucher).toEqual(await vouchers.get("GIFT"));
  });

  it("can be iterated over as a whole, with any length and order", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 230 });
    await Promise.all(
      Array.from({ length: 230 }, (_call, i) =>
        publications.create({ campaign: "spring", customer: `shop-${i % 7}`, channel: i % 2 === 0 ? "even" : "odd" }),
      ),
    );
    const whole = await listAll((page) => publications.list({ ...page, order: "-trackingId" }));
    expect(whole).toHaveLength(230);
    expect(await toArray(publications.iterate({ order: "-trackingId" }))).toEqual(whole);
    expect(await toArray(publications.iterate({ customer: whole[0]!.customerId }))).toHaveLength(32);
    expect(await publications.count()).toBe(230);
    expect(await allPublications(engine)).toHaveLength(230);
  });

  it("can be left during an iteration, and started again", async () => {
    const { publications } = fixture;
    const iterable = publications.iterate({ order: "createdAt" });
    for await (const { metadata } of iterable) {
      expect(metadata).toEqual({ label: "p1" });
      break;
    }
    expect(await toArray(publications.iterate({ order: "createdAt" }))).toHaveLength(5);
  });

  it.each<[Kind, number]>([
    ["publications", 5],
    ["vouchers", 6],
    ["campaigns", 3],
    ["customers", 2],
  ])("is one of four lists: %s has a total of %i", async (kind, total) => {
    const page = await listMethods(fixture.engine)[kind]({ limit: 1 });
    expect(page.data).toHaveLength(1);
    expect(await page.total()).toBe(total);
  });
});
