import type { PublicationInput } from "oncecode";
import { describe, expect, it } from "vitest";
import { allPublications, contents, createCampaignWithCodes, createFixture, outcomes } from "../support/fixture.ts";
import { allStores } from "../support/stores.ts";

const ORDER = { customer: "shop-1", sourceId: "order-1" } as const;

describe.each(allStores)("a repeated request with a source id on %s", (_, open) => {
  it.each<[string, PublicationInput]>([
    ["one code of a campaign", { ...ORDER, campaign: "spring" }],
    ["several codes of a campaign", { ...ORDER, campaign: { name: "spring", count: 3 } }],
    ["a certain code", { ...ORDER, voucher: "A" }],
  ])("for %s gives the same publication, and writes nothing", async (_what, request) => {
    const { engine, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D", "E", "F"]);
    const first = await publications.create(request);
    const before = await contents(engine);
    setTime("2026-03-05T00:00:00.000Z");
    expect(await publications.create(request)).toEqual(first);
    expect(await contents(engine)).toEqual(before);
  });

  it("gets the same publication if it has the same meaning in another form", async () => {
    const { engine, campaigns, customers, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const pool = await publications.create({ ...ORDER, campaign: "spring" });
    const [campaign, customer] = [await campaigns.get("spring"), await customers.get("shop-1")];
    const [other] = (await vouchers.list()).data.filter(({ holderId }) => holderId === null);
    const named = await publications.create({ ...ORDER, sourceId: "order-2", voucher: other!.code });
    const before = await contents(engine);

    for (const again of [
      { ...ORDER, campaign: campaign.id },
      { ...ORDER, campaign: { name: "spring", count: 1 } },
      { ...ORDER, campaign: "spring", customer: customer.id },
      { ...ORDER, campaign: "spring", customer },
    ])
      expect((await publications.create(again)).id).toBe(pool.id);
    expect((await publications.create({ ...ORDER, sourceId: "order-2", voucher: other!.id })).id).toBe(named.id);
    expect(await contents(engine)).toEqual(before);
  });

  it("gets the stored publication, for any channel, metadata and profile", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const first = await publications.create({ ...ORDER, campaign: "spring", channel: "web", metadata: { a: 1 } });
    const before = await contents(engine);
    const again = await publications.create({
      ...ORDER,
      campaign: "spring",
      customer: { sourceId: "shop-1", name: "Ann" },
      channel: "mail",
      metadata: { b: 2 },
    });
    expect(again).toEqual(first);
    expect(await contents(engine)).toEqual(before);
  });

  it("gets the same publication if no code is left, and whatever has happened to the voucher", async () => {
    const { engine, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"], { expirationDate: "2026-03-03" });
    const { id, codes } = await publications.create({ ...ORDER, campaign: "spring" });
    await vouchers.disable("A");
    setTime("2026-03-05T00:00:00.000Z");
    expect(await publications.create({ ...ORDER, campaign: "spring" })).toMatchObject({ id, codes });
    await vouchers.delete("A");
    const last = await publications.create({ ...ORDER, campaign: "spring" });
    expect(last).toMatchObject({ id, codes });
    expect(last).not.toHaveProperty("voucher");
  });

  it.each<[string, Partial<PublicationInput>]>([
    ["another customer", { customer: "shop-2" }],
    ["a customer who is only an email", { customer: { email: "ann@example.test" } }],
    ["another campaign", { campaign: "autumn" }],
    ["another count", { campaign: { name: "spring", count: 2 } }],
    ["a voucher of the same campaign", { campaign: undefined, voucher: "A" } as never],
  ])("is refused for %s, and publishes nothing", async (_what, change) => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
    await createCampaignWithCodes(engine, "autumn", ["X"]);
    const first = await publications.create({ ...ORDER, campaign: "spring" });
    await expect(
      publications.create({ ...ORDER, campaign: "spring", ...change } as PublicationInput),
    ).rejects.toMatchObject({ code: "duplicate_source_id", sourceId: "order-1" });
    expect(await campaigns.summary("spring")).toMatchObject({ published: 1, available: 2 });
    expect(await campaigns.summary("autumn")).toMatchObject({ published: 0, available: 1 });
    expect((await publications.list({ result: "SUCCESS" })).data).toEqual([first]);
    expect((await publications.create({ ...ORDER, campaign: "spring" })).id).toBe(first.id);
  });

  it.each<[string, object]>([
    ["another voucher", { voucher: "B" }],
    ["the campaign of the voucher", { voucher: undefined, campaign: "spring" }],
  ])("for a certain voucher is refused for %s", async (_what, change) => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    await publications.create({ ...ORDER, voucher: "A" });
    await expect(publications.create({ ...ORDER, voucher: "A", ...change } as PublicationInput)).rejects.toMatchObject({
      code: "duplicate_source_id",
    });
    expect(await campaigns.summary("spring")).toMatchObject({ published: 1, available: 1, failed: 1 });
  });

  it.each(["new", "known"])(
    "gets one publication for many concurrent requests, if the customer is %s",
    async (which) => {
      const { engine, anotherEngine, campaigns, customers } = await createFixture(open);
      await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D", "E"]);
      if (which === "known") await customers.upsert({ sourceId: "shop-1" });
      const engines = [engine, anotherEngine({})];
      const all = await Promise.all(
        Array.from({ length: 20 }, (_call, i) =>
          engines[i % 2]!.publications.create({ ...ORDER, campaign: { name: "spring", count: 2 } }),
        ),
      );
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(new Set(all.map(({ codes }) => codes.join())).size).toBe(1);
      expect(await campaigns.summary("spring")).toEqual({ total: 5, published: 2, available: 3, failed: 0 });
    },
  );

  it("of different customers at the same time gives one of them a publication", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D", "E"]);
    const results = await outcomes(
      Array.from({ length: 5 }, (_call, i) =>
        publications.create({ campaign: "spring", customer: `shop-${i}`, sourceId: "order-1" }),
      ),
    );
    expect(results.filter((result) => result === "duplicate_source_id")).toHaveLength(4);
    expect(await campaigns.summary("spring")).toMatchObject({ published: 1, available: 4 });
  });
});

describe.each(allStores)("a source id on %s", (_, open) => {
  it("is used by a success only, so that a retry after a failure works", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    const ask = (customer: string) => publications.create({ ...ORDER, customer, campaign: "spring" });
    for (const customer of ["shop-1", "shop-2", "shop-1"])
      await expect(ask(customer)).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    await campaigns.addVouchers("spring", { codes: ["A", "B"] });
    const { id } = await ask("shop-2");
    expect((await ask("shop-2")).id).toBe(id);
    await expect(ask("shop-1")).rejects.toMatchObject({ code: "duplicate_source_id" });
    expect(await campaigns.summary("spring")).toEqual({ total: 2, published: 1, available: 1, failed: 4 });
  });

  it("is compared exactly: case and spaces count", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
    const ids = ["order", "Order", "order "];
    const answers = await Promise.all(
      ids.map((sourceId) => publications.create({ campaign: "spring", customer: "shop-1", sourceId })),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(3);
  });

  it("of a customer with only an email is refused again, because such a customer is new each time", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const ask = () =>
      publications.create({ campaign: "spring", customer: { email: "ann@example.test" }, sourceId: "order-1" });
    await ask();
    await expect(ask()).rejects.toMatchObject({ code: "duplicate_source_id" });
    expect(await campaigns.summary("spring")).toMatchObject({ published: 1, available: 1 });
  });

  it("stays used when its campaign is deleted and created again with the same name", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const ask = () => publications.create({ ...ORDER, campaign: "spring" });
    await ask();
    await campaigns.delete("spring");
    await expect(ask()).rejects.toMatchObject({ code: "not_found", resource: "campaign" });
    await createCampaignWithCodes(engine, "spring", ["B"]);
    await expect(ask()).rejects.toMatchObject({ code: "duplicate_source_id" });
    expect(await campaigns.summary("spring")).toMatchObject({ published: 0, available: 1 });
  });

  it("that is absent leads to a new publication each time", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const ask = () => publications.create({ campaign: "spring", customer: "shop-1", sourceId: null });
    expect((await ask()).codes).not.toEqual((await ask()).codes);
    expect(await allPublications(engine)).toHaveLength(2);
  });

  it("is refused when it is used again, with the option to reject", async () => {
    const { engine, campaigns, publications } = await createFixture(open, { sourceIdMode: "reject" });
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const first = await publications.create({ ...ORDER, campaign: "spring" });
    await expect(publications.create({ ...ORDER, campaign: "spring" })).rejects.toMatchObject({
      code: "duplicate_source_id",
      sourceId: "order-1",
      message: "Publication with source_id: 'order-1' already exists",
    });
    expect((await publications.list({ result: "SUCCESS" })).data).toEqual([first]);
    expect(await campaigns.summary("spring")).toEqual({ total: 2, published: 1, available: 1, failed: 1 });
  });

  it("is used once by many concurrent requests, with the option to reject", async () => {
    const { engine, campaigns, publications } = await createFixture(open, { sourceIdMode: "reject" });
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const results = await outcomes([1, 2, 3].map(() => publications.create({ ...ORDER, campaign: "spring" })));
    expect(results.filter((result) => result === "duplicate_source_id")).toHaveLength(2);
    expect(await campaigns.summary("spring")).toMatchObject({ published: 1 });
  });

  it("finds its publication in the list", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const first = await publications.create({ ...ORDER, campaign: "spring" });
    await publications.create({ campaign: "spring", customer: "shop-1" });
    expect((await publications.list({ sourceId: "order-1" })).data).toEqual([first]);
  });
});
