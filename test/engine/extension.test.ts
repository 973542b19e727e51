import { describe, expect, it } from "vitest";
import { allCodes, createCampaignWithCodes, createFixture, DISCOUNT } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

const AUTO = { type: "AUTO_UPDATE" } as const;

describe.each(engineStores)("an AUTO_UPDATE campaign on %s", (_, open) => {
  it("starts without vouchers, and creates the requested ones", async () => {
    const { campaigns, vouchers, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", ...AUTO, voucher: DISCOUNT });
    const one = await publications.create({ campaign: "spring", customer: "shop-1" });
    const several = await publications.create({ campaign: { name: "spring", count: 3 }, customer: "shop-1" });
    expect(new Set([...one.codes, ...several.codes]).size).toBe(4);
    expect(await campaigns.summary("spring")).toEqual({ total: 4, published: 4, available: 0, failed: 0 });
    for (const code of several.codes)
      expect(await vouchers.get(code)).toMatchObject({
        holderId: several.customerId,
        publish: { count: 1, publication: { id: several.id } },
      });
  });

  it("uses its pool first, and creates exactly the missing vouchers", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"], AUTO);
    const first = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(await campaigns.summary("spring")).toMatchObject({ total: 3, published: 1 });
    const { codes } = await publications.create({ campaign: { name: "spring", count: 5 }, customer: "shop-2" });
    expect([...first.codes, ...codes]).toEqual(expect.arrayContaining(["A", "B", "C"]));
    expect(new Set(codes).size).toBe(5);
    expect(await campaigns.summary("spring")).toEqual({ total: 6, published: 6, available: 0, failed: 0 });
  });

  it("creates vouchers with its template, dates and metadata", async () => {
    const { campaigns, publications } = await createFixture(open);
    await campaigns.create({
      name: "spring",
      ...AUTO,
      voucher: {
        type: "GIFT_VOUCHER",
        gift: { amount: 2500 },
        codeConfig: { pattern: "GIFT-####", charset: "XYZ" },
        redemption: { quantity: 1 },
      },
      startDate: "2026-03-01",
      expirationDate: "2026-04-01",
      metadata: { season: "spring" },
    });
    const { voucher } = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(voucher).toMatchObject({
      code: expect.stringMatching(/^GIFT-[XYZ]{4}$/),
      type: "GIFT_VOUCHER",
      gift: { amount: 2500 },
      redemption: { quantity: 1 },
      campaign: "spring",
      active: true,
      startDate: "2026-03-01T00:00:00.000Z",
      expirationDate: "2026-04-01T00:00:00.000Z",
      metadata: { season: "spring" },
    });
  });

  it("does not count disabled or expired vouchers", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"], AUTO);
    await vouchers.disable("A");
    await vouchers.update("B", { expirationDate: "2026-03-01" });
    const { codes } = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(["A", "B"]).not.toContain(codes[0]);
    expect(await campaigns.summary("spring")).toEqual({ total: 3, published: 1, available: 0, failed: 0 });
  });

  it("creates one code for each of fifty concurrent requests, and no more", async () => {
    const { engine, campaigns, anotherEngine } = await createFixture(open);
    await campaigns.create({ name: "spring", ...AUTO, voucher: DISCOUNT, vouchersCount: 3 });
    const engines = [engine, anotherEngine({})];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_call, i) =>
        engines[i % 2]!.publications.create({ campaign: "spring", customer: `shop-${i}` }),
      ),
    );
    expect(answers.flatMap(({ codes }) => codes).toSorted()).toEqual(await allCodes(engine));
    expect(await campaigns.summary("spring")).toEqual({ total: 50, published: 50, available: 0, failed: 0 });
  });

  it("creates nothing for a refused request", async () => {
    const { campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", ...AUTO, voucher: DISCOUNT });
    await expect(
      publications.create({ campaign: { name: "spring", count: 51 }, customer: "shop-1" }),
    ).rejects.toMatchObject({ code: "too_many_vouchers_requested" });
    expect(await campaigns.summary("spring")).toEqual({ total: 0, published: 0, available: 0, failed: 1 });
  });

  it("publishes no expired voucher, not even a new one", async () => {
    const { campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", ...AUTO, voucher: DISCOUNT, expirationDate: "2026-03-01" });
    await expect(publications.create({ campaign: "spring", customer: "shop-1" })).rejects.toMatchObject({
      code: "no_voucher_suitable_for_publication",
    });
    expect(await campaigns.summary("spring")).toEqual({ total: 0, published: 0, available: 0, failed: 1 });
  });

  it("with joinOnce creates one code per customer", async () => {
    const { campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", ...AUTO, joinOnce: true, voucher: DISCOUNT });
    const answers = await Promise.all(
      [1, 2, 3].map(() => publications.create({ campaign: "spring", customer: { sourceId: "shop-1" } })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await campaigns.summary("spring")).toEqual({ total: 1, published: 1, available: 0, failed: 0 });
  });
});

describe.each(engineStores)("extending by more than the shortfall on %s", (_, open) => {
  it.each([
    { extendBy: 10, pool: 0, count: 1, total: 10 },
    { extendBy: 10, pool: 0, count: 10, total: 10 },
    { extendBy: 10, pool: 0, count: 15, total: 15 },
    { extendBy: 1, pool: 0, count: 3, total: 3 },
    { extendBy: 0, pool: 2, count: 3, total: 3 },
    { extendBy: 10, pool: 3, count: 3, total: 3 },
    { extendBy: 10, pool: 2, count: 3, total: 10 },
    { extendBy: 10, pool: 2, count: 15, total: 15 },
  ])(
    "by $extendBy, for a request of $count from a pool of $pool, leads to $total vouchers",
    async ({ extendBy, pool, count, total }) => {
      const { campaigns, publications } = await createFixture(open, { extendBy });
      await campaigns.create({ name: "spring", ...AUTO, voucher: DISCOUNT, vouchersCount: pool });
      const { codes } = await publications.create({ campaign: { name: "spring", count }, customer: "shop-1" });
      expect(codes).toHaveLength(count);
      expect(await campaigns.summary("spring")).toEqual({
        total,
        published: count,
        available: total - count,
        failed: 0,
      });
    },
  );

  it("publishes the spares before it creates more", async () => {
    const { campaigns, publications } = await createFixture(open, { extendBy: 3 });
    await campaigns.create({ name: "spring", ...AUTO, voucher: DISCOUNT });
    for (const total of [3, 3, 3, 6]) {
      await publications.create({ campaign: "spring", customer: "shop-1" });
      expect(await campaigns.summary("spring")).toMatchObject({ total });
    }
  });

  it("fills a code space to its last code", async () => {
    const { engine, campaigns, publications } = await createFixture(open, { extendBy: 100 });
    const voucher = { ...DISCOUNT, codeConfig: { charset: "01", length: 2 } };
    await campaigns.create({ name: "spring", ...AUTO, voucher });
    for (let i = 0; i < 4; i++) await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(await allCodes(engine)).toEqual(["00", "01", "10", "11"]);
    expect(await campaigns.summary("spring")).toEqual({ total: 4, published: 4, available: 0, failed: 0 });
  });

  it("does nothing for a STATIC campaign", async () => {
    const { engine, campaigns, publications } = await createFixture(open, { extendBy: 10 });
    await createCampaignWithCodes(engine, "spring", ["A"]);
    await expect(
      publications.create({ campaign: { name: "spring", count: 2 }, customer: "shop-1" }),
    ).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    expect(await campaigns.summary("spring")).toEqual({ total: 1, published: 0, available: 1, failed: 1 });
  });
});
