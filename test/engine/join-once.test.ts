import type { PublicationInput } from "oncecode";
import { describe, expect, it } from "vitest";
import { contents, createCampaignWithCodes, createFixture, DISCOUNT, outcomes } from "../support/fixture.ts";
import { allStores } from "../support/stores.ts";

const CODES = ["A", "B", "C", "D"];

describe.each(allStores)("joining once on %s", (_, open) => {
  it.each<[string, { readonly joinOnce?: boolean }, { readonly joinOnce?: boolean }]>([
    ["the request says so", {}, { joinOnce: true }],
    ["the campaign says so", { joinOnce: true }, {}],
    ["the campaign says so, whatever the request says", { joinOnce: true }, { joinOnce: false }],
  ])("gives the customer the same code again, where %s", async (_what, setting, flag) => {
    const { engine, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES, setting);
    const ask = () => publications.create({ campaign: "spring", customer: "shop-1", ...flag });
    const first = await ask();
    const before = await contents(engine);
    setTime("2026-03-05T00:00:00.000Z");
    expect(await ask()).toEqual(first);
    expect(await contents(engine)).toEqual(before);
    expect(await vouchers.get(first.codes[0] ?? "")).toMatchObject({ publish: { count: 1 } });
  });

  it("is set for each loyalty campaign", async () => {
    const { campaigns, publications } = await createFixture(open);
    const voucher = { type: "LOYALTY_CARD", loyaltyCard: { points: 0 } } as const;
    await campaigns.create({ name: "club", type: "AUTO_UPDATE", voucher });
    const ask = () => publications.create({ campaign: "club", customer: "shop-1" });
    expect((await ask()).id).toBe((await ask()).id);
    expect(await campaigns.summary("club")).toMatchObject({ total: 1, published: 1 });
  });

  it("concerns one customer and one campaign, on any channel", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES, { joinOnce: true });
    await createCampaignWithCodes(engine, "autumn", ["X"], { joinOnce: true });
    const first = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect((await publications.create({ campaign: "spring", customer: "shop-1", channel: "mail" })).id).toBe(first.id);
    expect((await publications.create({ campaign: "spring", customer: "shop-2" })).codes).not.toEqual(first.codes);
    expect((await publications.create({ campaign: "autumn", customer: "shop-1" })).codes).toEqual(["X"]);
  });

  it("does not concern requests without it", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES);
    const first = await publications.create({ campaign: "spring", customer: "shop-1", joinOnce: true });
    const second = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(second.codes).not.toEqual(first.codes);
  });

  it("returns the earliest code that the customer got before without it", async () => {
    const { engine, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES);
    const first = await publications.create({ campaign: "spring", customer: "shop-1" });
    setTime("2026-03-03T00:00:00.000Z");
    await publications.create({ campaign: "spring", customer: "shop-1" });
    const before = await contents(engine);
    const joined = await publications.create({ campaign: "spring", customer: "shop-1", joinOnce: true });
    expect(joined).toEqual(first);
    expect(await contents(engine)).toEqual(before);
  });

  it("counts a named voucher, and several codes as one publication", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES);
    const named = await publications.create({ voucher: "B", customer: "shop-1" });
    const several = await publications.create({ campaign: { name: "spring", count: 2 }, customer: "shop-2" });
    const join = (customer: string) => publications.create({ campaign: "spring", customer, joinOnce: true });
    expect(await join("shop-1")).toEqual(named);
    expect(await join("shop-2")).toEqual(several);
  });

  it("does not count failed publications", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", [], { joinOnce: true });
    const ask = () => publications.create({ campaign: "spring", customer: "shop-1" });
    await expect(ask()).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    await campaigns.addVouchers("spring", { codes: ["A"] });
    expect((await ask()).codes).toEqual(["A"]);
  });

  it.each(["new", "known"])("with many concurrent requests of one %s customer publishes one code", async (which) => {
    const { engine, anotherEngine, campaigns, customers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES, { joinOnce: true });
    if (which === "known") await customers.upsert({ sourceId: "shop-1" });
    const engines = [engine, anotherEngine({})];
    const all = await Promise.all(
      Array.from({ length: 20 }, (_call, i) =>
        engines[i % 2]!.publications.create({ campaign: "spring", customer: { sourceId: "shop-1" } }),
      ),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(await campaigns.summary("spring")).toEqual({ total: 4, published: 1, available: 3, failed: 0 });
  });

  it("returns the code again even after it was disabled or expired", async () => {
    const { engine, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES, { joinOnce: true, expirationDate: "2026-03-04" });
    const first = await publications.create({ campaign: "spring", customer: "shop-1" });
    await vouchers.disable(first.codes[0] ?? "");
    setTime("2026-03-05T00:00:00.000Z");
    expect(await publications.create({ campaign: "spring", customer: "shop-1" })).toMatchObject({
      id: first.id,
      codes: first.codes,
      voucher: { active: false },
    });
  });

  it("publishes a new code after the old one was deleted, and returns it from then on", async () => {
    const { engine, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES, { joinOnce: true });
    const ask = () => publications.create({ campaign: "spring", customer: "shop-1" });
    const first = await ask();
    await vouchers.delete(first.codes[0] ?? "");
    setTime("2026-03-03T00:00:00.000Z");
    const second = await ask();
    expect(second.codes).not.toEqual(first.codes);
    expect(await ask()).toEqual(second);
    await vouchers.delete(second.codes[0] ?? "");
    const third = await ask();
    expect([...first.codes, ...second.codes]).not.toContain(third.codes[0]);
    expect((await ask()).id).toBe(third.id);
  });

  it("returns the second code after the earliest one was deleted", async () => {
    const { engine, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES);
    const first = await publications.create({ campaign: "spring", customer: "shop-1" });
    setTime("2026-03-03T00:00:00.000Z");
    const second = await publications.create({ campaign: "spring", customer: "shop-1" });
    await vouchers.delete(first.codes[0] ?? "");
    expect(await publications.create({ campaign: "spring", customer: "shop-1", joinOnce: true })).toEqual(second);
  });

  it("starts again for a campaign that was deleted and created again", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"], { joinOnce: true });
    await publications.create({ campaign: "spring", customer: "shop-1" });
    await campaigns.delete("spring");
    await createCampaignWithCodes(engine, "spring", ["B"], { joinOnce: true });
    expect((await publications.create({ campaign: "spring", customer: "shop-1" })).codes).toEqual(["B"]);
  });

  it("publishes one code per request", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES);
    const ask = (more: object) => publications.create({ campaign: "spring", customer: "shop-1", ...more });
    const tooMany = { code: "too_many_vouchers_requested", max: 1, message: "Only up to 1 can be published" };
    await expect(ask({ campaign: { name: "spring", count: 2 }, joinOnce: true })).rejects.toMatchObject(tooMany);
    await campaigns.update("spring", { joinOnce: true });
    await expect(ask({ campaign: { name: "spring", count: 2 } })).rejects.toMatchObject(tooMany);
    expect(await campaigns.summary("spring")).toEqual({ total: 4, published: 0, available: 4, failed: 2 });
    // The rule of joinOnce is checked before the number of vouchers (contract 2.2).
    const joined = await ask({});
    expect((await ask({ campaign: { name: "spring", count: 2 } })).id).toBe(joined.id);
  });

  it("does not use the source id of a repeat, and replays no other publication", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES, { joinOnce: true });
    const ask = (customer: string, sourceId: string) => publications.create({ campaign: "spring", customer, sourceId });
    const first = await ask("shop-1", "order-1");
    expect(await ask("shop-1", "order-2")).toEqual(first);
    expect((await ask("shop-2", "order-2")).sourceId).toBe("order-2");
    await expect(ask("shop-1", "order-2")).rejects.toMatchObject({ code: "duplicate_source_id" });
  });
});

describe.each(allStores)("joining once with a named voucher on %s", (_, open) => {
  it("returns the same voucher again", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", CODES, { joinOnce: true });
    const ask = () => publications.create({ voucher: "B", customer: "shop-1" });
    const first = await ask();
    const before = await contents(engine);
    expect(await ask()).toEqual(first);
    expect(await publications.create({ campaign: "spring", customer: "shop-1" })).toEqual(first);
    expect(await contents(engine)).toEqual(before);
    expect(await vouchers.get("B")).toMatchObject({ publish: { count: 1 } });
  });

  it("returns a standalone voucher again, if the request has joinOnce", async () => {
    const { vouchers, publications } = await createFixture(open);
    await vouchers.create({ code: "SOLO", ...DISCOUNT });
    await vouchers.create({ code: "OTHER", ...DISCOUNT });
    const first = await publications.create({ voucher: "SOLO", customer: "shop-1" });
    expect(await publications.create({ voucher: "SOLO", customer: "shop-1", joinOnce: true })).toEqual(first);
    await expect(publications.create({ voucher: "SOLO", customer: "shop-1" })).rejects.toMatchObject({
      code: "voucher_already_published",
    });
    await expect(publications.create({ voucher: "SOLO", customer: "shop-2", joinOnce: true })).rejects.toMatchObject({
      code: "voucher_already_published",
    });
    expect((await publications.create({ voucher: "OTHER", customer: "shop-1", joinOnce: true })).codes).toEqual([
      "OTHER",
    ]);
  });

  it.each<[string, PublicationInput]>([
    ["from the campaign", { campaign: "spring", customer: "shop-1" }],
    ["by its code", { voucher: "A", customer: "shop-1" }],
  ])("is refused for another voucher to a customer who got one %s", async (_what, earlier) => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"], { joinOnce: true });
    const first = await publications.create(earlier);
    await campaigns.addVouchers("spring", { codes: ["B"] });
    const { id } = await vouchers.get("B");
    await expect(publications.create({ voucher: "B", customer: "shop-1" })).rejects.toMatchObject({
      code: "voucher_cannot_be_published",
      voucherId: id,
      message: "Voucher cannot be published. Customer already joined program.",
    });
    expect(await vouchers.get("B")).toMatchObject({ holderId: null, publish: { count: 0 } });
    expect((await publications.list({ result: "SUCCESS" })).data).toEqual([first]);
    expect(await campaigns.summary("spring")).toEqual({ total: 2, published: 1, available: 1, failed: 1 });
  });

  it("is refused for another voucher, even if that one is published or disabled", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"], { joinOnce: true });
    await publications.create({ voucher: "A", customer: "shop-1" });
    await publications.create({ voucher: "B", customer: "shop-2" });
    await vouchers.disable("C");
    for (const voucher of ["B", "C"])
      await expect(publications.create({ voucher, customer: "shop-1" })).rejects.toMatchObject({
        code: "voucher_cannot_be_published",
      });
  });

  it("publishes another voucher to a customer whose own was deleted", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"], { joinOnce: true });
    await publications.create({ voucher: "A", customer: "shop-1" });
    await vouchers.delete("A");
    expect((await publications.create({ voucher: "B", customer: "shop-1" })).codes).toEqual(["B"]);
  });

  it.each(["new", "known"])(
    "publishes one of two vouchers for two concurrent requests of a %s customer",
    async (which) => {
      const { engine, campaigns, customers, publications } = await createFixture(open);
      await createCampaignWithCodes(engine, "spring", ["A", "B"], { joinOnce: true });
      if (which === "known") await customers.upsert({ sourceId: "shop-1" });
      const results = await outcomes(
        ["A", "B"].map((voucher) => publications.create({ voucher, customer: "shop-1" }).then(({ codes }) => codes[0])),
      );
      expect(results).toContain("voucher_cannot_be_published");
      expect(results.filter((result) => result === "A" || result === "B")).toHaveLength(1);
      expect(await campaigns.summary("spring")).toEqual({ total: 2, published: 1, available: 1, failed: 1 });
    },
  );
});
