import { describe, expect, it } from "vitest";
import {
  allCodes,
  allPublications,
  contents,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  outcomes,
} from "../support/fixture.ts";
import { allStores } from "../support/stores.ts";

const NO_VOUCHER = "no_voucher_suitable_for_publication";

describe.each(allStores)("a publication from a campaign on %s", (_, open) => {
  it.each<[string, (id: string) => string]>([
    ["name", () => "spring"],
    ["id", (id) => id],
  ])("finds it by its %s", async (_what, ref) => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const { id } = await campaigns.get("spring");
    await publications.create({ campaign: ref(id), customer: "shop-1" });
    await publications.create({ campaign: { name: ref(id) }, customer: "shop-2" });
    expect(await campaigns.summary("spring")).toEqual({ total: 2, published: 2, available: 0, failed: 0 });
  });

  it("of one code has the voucher", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { codes, voucher } = await publications.create({
      campaign: { name: "spring", count: 1 },
      customer: "shop-1",
    });
    expect(codes).toEqual(["A"]);
    expect(voucher).toEqual(await vouchers.get("A"));
  });

  it("of several codes gives them all to the customer, with codes and ids in the same order", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D", "E"]);
    const publication = await publications.create({ campaign: { name: "spring", count: 3 }, customer: "shop-1" });
    expect(new Set(publication.codes).size).toBe(3);
    expect(publication).not.toHaveProperty("voucher");
    const publishedVouchers = await Promise.all(publication.codes.map((code) => vouchers.get(code)));
    expect(publishedVouchers.map(({ id }) => id)).toEqual(publication.voucherIds);
    for (const { holderId, publish } of publishedVouchers) {
      expect(holderId).toBe(publication.customerId);
      expect(publish).toMatchObject({ count: 1, publication: { id: publication.id, codes: publication.codes } });
    }
    expect(await campaigns.summary("spring")).toEqual({ total: 5, published: 3, available: 2, failed: 0 });
    expect(await allPublications(engine)).toEqual([publication]);
  });

  it("publishes at most 50 codes", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 60 });
    const ask = (count: number) => publications.create({ campaign: { name: "spring", count }, customer: "shop-1" });
    await expect(ask(51)).rejects.toMatchObject({
      code: "too_many_vouchers_requested",
      max: 50,
      message: "Only up to 50 can be published",
    });
    expect(await campaigns.summary("spring")).toMatchObject({ published: 0 });
    const { codes } = await ask(50);
    expect(new Set(codes).size).toBe(50);
    expect(await allCodes(engine)).toEqual(expect.arrayContaining([...codes]));
    expect(await campaigns.summary("spring")).toMatchObject({ published: 50, available: 10 });
  });

  it.each([0, -1, 1.5, Number.NaN, "2"])("of %j codes is refused", async (count) => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const before = await contents(engine);
    await expect(
      publications.create({ campaign: { name: "spring", count: count as number }, customer: "shop-1" }),
    ).rejects.toMatchObject({ code: "invalid_payload", path: "campaign.count" });
    expect(await contents(engine)).toEqual(before);
  });

  it("publishes all codes or none", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
    await expect(
      publications.create({ campaign: { name: "spring", count: 4 }, customer: "shop-1" }),
    ).rejects.toMatchObject({ code: NO_VOUCHER, details: expect.stringContaining("AUTO_UPDATE") });
    expect(await campaigns.summary("spring")).toEqual({ total: 3, published: 0, available: 3, failed: 1 });
    expect((await vouchers.list()).data.map(({ publish }) => publish.count)).toEqual([0, 0, 0]);
  });

  it("of few codes succeeds after one of too many codes", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
    const ask = (count: number) =>
      publications
        .create({ campaign: { name: "spring", count }, customer: "shop-1" })
        .then(({ codes }) => codes.length);
    const [four, two, alsoTwo, one] = await outcomes([4, 2, 2, 1].map(ask));
    expect([four, one]).toEqual([NO_VOUCHER, 1]);
    // Both requests for two codes come at the same time, so either may be the first.
    expect([two, alsoTwo].toSorted()).toEqual([2, NO_VOUCHER]);
    expect(await campaigns.summary("spring")).toEqual({ total: 3, published: 3, available: 0, failed: 2 });
  });

  it("gives each code to one of many concurrent requests", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 100 });
    const calls = Array.from({ length: 120 }, (_call, i) =>
      publications.create({ campaign: "spring", customer: `shop-${i}` }).then(({ codes }) => codes[0] ?? ""),
    );
    const results = await outcomes(calls);
    expect(results.filter((result) => result === NO_VOUCHER)).toHaveLength(20);
    expect(results.filter((result) => result !== NO_VOUCHER).toSorted()).toEqual(await allCodes(engine));
    expect(await campaigns.summary("spring")).toEqual({ total: 100, published: 100, available: 0, failed: 20 });
  });

  it("can publish each code of the pool", async () => {
    const { engine, publications } = await createFixture(open);
    const pools = Array.from({ length: 80 }, (_pool, i) => `pool-${i}`);
    await Promise.all(
      pools.map((name) =>
        createCampaignWithCodes(
          engine,
          name,
          ["A", "B", "C", "D"].map((code) => `${name}-${code}`),
        ),
      ),
    );
    const answers = await Promise.all(pools.map((campaign) => publications.create({ campaign, customer: "shop-1" })));
    // In eighty draws, one of four codes is never drawn with a probability of 1 to 2.5 billion.
    expect(new Set(answers.map(({ codes }) => codes[0]?.at(-1)))).toEqual(new Set(["A", "B", "C", "D"]));
  });
});
