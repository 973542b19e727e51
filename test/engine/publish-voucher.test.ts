import { type CustomerInput, createEngine, type PublicationInput } from "oncecode";
import { describe, expect, it } from "vitest";
import {
  allCodes,
  allPublications,
  contents,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  type Fixture,
  listAll,
  NOW,
  outcomes,
} from "../support/fixture.ts";
import { allStores } from "../support/stores.ts";

const NO_VOUCHER = "no_voucher_suitable_for_publication";

describe.each(allStores)("a publication of one voucher on %s", (_, open) => {
  it("by its code gives it to the customer", async () => {
    const { engine, campaigns, customers, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const publication = await publications.create({ voucher: "A", customer: { sourceId: "shop-1", name: "Ann" } });

    const campaign = await campaigns.get("spring");
    const customer = await customers.get("shop-1");
    const voucher = await vouchers.get("A");
    expect(publication).toMatchObject({
      result: "SUCCESS",
      createdAt: NOW,
      customerId: customer.id,
      trackingId: "shop-1",
      channel: "API",
      metadata: {},
      sourceId: null,
      campaign: "spring",
      campaignId: campaign.id,
      voucherType: "DISCOUNT_VOUCHER",
      codes: ["A"],
      voucherIds: [voucher.id],
      customer: { id: customer.id, sourceId: "shop-1", name: "Ann", email: null, metadata: {} },
      voucher,
    });
    expect(voucher).toMatchObject({
      holderId: customer.id,
      updatedAt: NOW,
      publish: { count: 1, publication: { id: publication.id, codes: ["A"], customerId: customer.id } },
    });
    expect(await allPublications(engine)).toEqual([publication]);
    expect(await vouchers.get("B")).toMatchObject({ holderId: null, publish: { count: 0, publication: null } });
  });

  it("by its id gives it to the customer", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const { id } = await vouchers.get("B");
    expect(await publications.create({ voucher: id, customer: "shop-1" })).toMatchObject({
      codes: ["B"],
      voucherIds: [id],
    });
  });

  it("looks for the code before the id", async () => {
    const { vouchers, publications } = await createFixture(open);
    const { id } = await vouchers.create({ code: "A", ...DISCOUNT });
    await vouchers.create({ code: id, ...DISCOUNT });
    expect((await publications.create({ voucher: id, customer: "shop-1" })).codes).toEqual([id]);
  });

  it("gives out a standalone voucher, once", async () => {
    const { vouchers, publications } = await createFixture(open);
    await vouchers.create({ code: "CARD", type: "LOYALTY_CARD", loyaltyCard: { points: 5 } });
    expect(await publications.create({ voucher: "CARD", customer: "shop-1" })).toMatchObject({
      campaign: null,
      campaignId: null,
      voucherType: "LOYALTY_CARD",
      voucher: { loyaltyCard: { points: 5 } },
    });
    await expect(publications.create({ voucher: "CARD", customer: "shop-2" })).rejects.toMatchObject({
      code: "voucher_already_published",
    });
  });

  it.each(["shop-1", "shop-2"])("that shop-1 has is refused to %s, and says which it is", async (customer) => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const first = await publications.create({ voucher: "A", customer: "shop-1" });
    const { id, ...held } = await vouchers.get("A");
    await expect(publications.create({ voucher: "A", customer })).rejects.toMatchObject({
      code: "voucher_already_published",
      voucherId: id,
      message: `Voucher '${id}' has already been published`,
    });
    expect(await vouchers.get("A")).toEqual({ id, ...held });
    expect((await publications.list({ result: "SUCCESS" })).data).toEqual([first]);
  });

  it("goes to one of many who ask for it at once", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const calls = Array.from({ length: 20 }, (_call, i) =>
      publications.create({ voucher: "A", customer: `shop-${i}` }).then(({ trackingId }) => trackingId),
    );
    const ended = await outcomes(calls);
    const winners = ended.filter((ending) => ending !== "voucher_already_published");
    expect(winners).toHaveLength(1);
    const { publish } = await vouchers.get("A");
    expect(publish.publication?.trackingId).toBe(winners[0]);
  });
});

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

  it("of one code shows the voucher", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { codes, voucher } = await publications.create({
      campaign: { name: "spring", count: 1 },
      customer: "shop-1",
    });
    expect(codes).toEqual(["A"]);
    expect(voucher).toEqual(await vouchers.get("A"));
  });

  it("of several codes gives them all to the customer, and lists codes and ids side by side", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D", "E"]);
    const publication = await publications.create({ campaign: { name: "spring", count: 3 }, customer: "shop-1" });
    expect(new Set(publication.codes).size).toBe(3);
    expect(publication).not.toHaveProperty("voucher");
    const held = await Promise.all(publication.codes.map((code) => vouchers.get(code)));
    expect(held.map(({ id }) => id)).toEqual(publication.voucherIds);
    for (const { holderId, publish } of held) {
      expect(holderId).toBe(publication.customerId);
      expect(publish).toMatchObject({ count: 1, publication: { id: publication.id, codes: publication.codes } });
    }
    expect(await campaigns.summary("spring")).toEqual({ total: 5, published: 3, available: 2, failed: 0 });
    expect(await allPublications(engine)).toEqual([publication]);
  });

  it("gives out 50 codes at most", async () => {
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

  it.each([0, -1, 1.5, Number.NaN, "2"])("of %j codes is none", async (count) => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const before = await contents(engine);
    await expect(
      publications.create({ campaign: { name: "spring", count: count as number }, customer: "shop-1" }),
    ).rejects.toMatchObject({ code: "invalid_payload", path: "campaign.count" });
    expect(await contents(engine)).toEqual(before);
  });

  it("takes all or nothing", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
    await expect(
      publications.create({ campaign: { name: "spring", count: 4 }, customer: "shop-1" }),
    ).rejects.toMatchObject({ code: NO_VOUCHER, details: expect.stringContaining("AUTO_UPDATE") });
    expect(await campaigns.summary("spring")).toEqual({ total: 3, published: 0, available: 3, failed: 1 });
    expect((await vouchers.list()).data.map(({ publish }) => publish.count)).toEqual([0, 0, 0]);
  });

  it("lets a small request through behind a big one that does not fit", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
    const ask = (count: number) =>
      publications
        .create({ campaign: { name: "spring", count }, customer: "shop-1" })
        .then(({ codes }) => codes.length);
    const [four, two, alsoTwo, one] = await outcomes([4, 2, 2, 1].map(ask));
    expect([four, one]).toEqual([NO_VOUCHER, 1]);
    // They come at the same time, so either may be the first.
    expect([two, alsoTwo].toSorted()).toEqual([2, NO_VOUCHER]);
    expect(await campaigns.summary("spring")).toEqual({ total: 3, published: 3, available: 0, failed: 2 });
  });

  it("gives every code to one of many who ask at once", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 100 });
    const calls = Array.from({ length: 120 }, (_call, i) =>
      publications.create({ campaign: "spring", customer: `shop-${i}` }).then(({ codes }) => codes[0] ?? ""),
    );
    const ended = await outcomes(calls);
    expect(ended.filter((ending) => ending === NO_VOUCHER)).toHaveLength(20);
    expect(ended.filter((ending) => ending !== NO_VOUCHER).toSorted()).toEqual(await allCodes(engine));
    expect(await campaigns.summary("spring")).toEqual({ total: 100, published: 100, available: 0, failed: 20 });
  });

  it("may give out any code of the pool", async () => {
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
    const given = await Promise.all(pools.map((campaign) => publications.create({ campaign, customer: "shop-1" })));
    // That one of four is never chosen in eighty draws happens once in two and a half billion runs.
    expect(new Set(given.map(({ codes }) => codes[0]?.at(-1)))).toEqual(new Set(["A", "B", "C", "D"]));
  });
});

describe.each(allStores)("a suitable voucher on %s", (_, open) => {
  const asked = ({ publications }: Fixture) => ({
    byCode: () => publications.create({ voucher: "A", customer: "shop-1" }),
    fromPool: () => publications.create({ campaign: "spring", customer: "shop-1" }),
  });

  it("is not disabled", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    await here.vouchers.disable("A");
    await expect(asked(here).byCode()).rejects.toMatchObject({ code: NO_VOUCHER });
    expect((await asked(here).fromPool()).codes).toEqual(["B"]);
    await expect(asked(here).fromPool()).rejects.toMatchObject({ code: NO_VOUCHER });
    expect(await here.vouchers.get("A")).toMatchObject({ publish: { count: 0 } });

    await here.vouchers.enable("A");
    expect((await asked(here).fromPool()).codes).toEqual(["A"]);
  });

  it("may be of a disabled campaign", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"]);
    await here.campaigns.disable("spring");
    expect((await asked(here).byCode()).codes).toEqual(["A"]);
    expect((await asked(here).fromPool()).codes).toEqual(["B"]);
  });

  it("may begin in the future", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A", "B"], {
      startDate: "2030-01-01",
      expirationDate: "2031-01-01",
    });
    expect((await asked(here).byCode()).codes).toEqual(["A"]);
    expect((await asked(here).fromPool()).codes).toEqual(["B"]);
  });

  it("has been published never, rather than disabled or expired, if both apply", async () => {
    const here = await createFixture(open);
    await createCampaignWithCodes(here.engine, "spring", ["A"]);
    await asked(here).byCode();
    await here.vouchers.update("A", { active: false, expirationDate: "2020-01-01" });
    await expect(asked(here).byCode()).rejects.toMatchObject({ code: "voucher_already_published" });
  });
});

describe.each(allStores)("the customer of a publication on %s", (_, open) => {
  it.each<[string, (id: string) => string | CustomerInput]>([
    ["an id", (id) => id],
    ["a source id", () => "shop-1"],
    ["an object with an id", (id) => ({ id })],
    ["an object with a source id", () => ({ sourceId: "shop-1" })],
    ["an object with an id and the source id of nobody", (id) => ({ id, sourceId: "shop-9" })],
  ])("is found by %s", async (_what, customer) => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const ann = await customers.upsert({ sourceId: "shop-1", name: "Ann", metadata: { tier: "gold" } });
    const publication = await publications.create({ campaign: "spring", customer: customer(ann.id) });
    expect(publication).toMatchObject({
      customerId: ann.id,
      trackingId: "shop-1",
      customer: { id: ann.id, sourceId: "shop-1", name: "Ann", metadata: { tier: "gold" } },
    });
    expect(await listAll((place) => customers.list(place))).toEqual([ann]);
  });

  it("may be handed in as fetched, also from an earlier publication", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const ann = await customers.upsert({ sourceId: "shop-1", name: "Ann", address: { city: "Graz" } });
    const first = await publications.create({ campaign: "spring", customer: ann });
    const second = await publications.create({ campaign: "spring", customer: first.customer });
    expect([first.customerId, second.customerId]).toEqual([ann.id, ann.id]);
    expect(await listAll((place) => customers.list(place))).toEqual([ann]);
  });

  it.each<[string, string | CustomerInput]>([
    ["a source id", "shop-1"],
    ["an object with one", { sourceId: "shop-1", name: "Ann" }],
  ])("is made, where %s is new", async (_what, customer) => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { customerId, trackingId } = await publications.create({ campaign: "spring", customer });
    expect(trackingId).toBe("shop-1");
    expect(await customers.get("shop-1")).toMatchObject({ id: customerId, updatedAt: null });
  });

  it("is a new one each time, where only an email is known", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"], { joinOnce: true });
    const ask = () => publications.create({ campaign: "spring", customer: { email: "ann@example.test" } });
    const [first, second] = [await ask(), await ask()];
    expect(first).toMatchObject({ trackingId: null, customer: { sourceId: null, email: "ann@example.test" } });
    expect(second.customerId).not.toBe(first.customerId);
    expect(second.codes).not.toEqual(first.codes);
    expect(await listAll((place) => customers.list(place))).toHaveLength(2);
  });

  it("is brought up to date: what is given replaces, null clears, what is absent stays", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    await customers.upsert({
      sourceId: "shop-1",
      name: "Ann",
      email: "ann@example.test",
      phone: "1",
      metadata: { tier: "silver", since: 2020 },
    });
    const { customer } = await publications.create({
      campaign: "spring",
      customer: { sourceId: "shop-1", email: null, name: "Anna", metadata: { tier: "gold" } },
    });
    expect(customer).toMatchObject({ name: "Anna", email: null, metadata: { tier: "gold", since: 2020 } });
    expect(await customers.get("shop-1")).toMatchObject({
      name: "Anna",
      email: null,
      phone: "1",
      metadata: { tier: "gold", since: 2020 },
    });
  });

  it("is one customer, with all that is known, when many publish to them at once", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D"]);
    const keys = ["a", "b", "c", "d"];
    const made = await Promise.all(
      keys.map((key) =>
        publications.create({ campaign: "spring", customer: { sourceId: "shop-1", metadata: { [key]: true } } }),
      ),
    );
    expect(new Set(made.map(({ customerId }) => customerId)).size).toBe(1);
    expect(new Set(made.flatMap(({ codes }) => codes)).size).toBe(4);
    expect((await customers.get("shop-1")).metadata).toEqual({ a: true, b: true, c: true, d: true });
  });

  it("is shown in lists as they are now, with the source id of then", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { customerId } = await publications.create({ campaign: "spring", customer: { name: "Ann" } });
    await customers.update(customerId, { name: "Anna", sourceId: "shop-1" });
    expect((await publications.list()).data).toMatchObject([
      { trackingId: null, customer: { name: "Anna", sourceId: "shop-1" } },
    ]);
  });

  it("whose id is unknown is not found, and nothing is put on record", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const before = await contents(engine);
    for (const customer of ["cust_nobody", { id: "cust_nobody", name: "Ann" }])
      await expect(publications.create({ campaign: "spring", customer })).rejects.toMatchObject({
        code: "not_found",
        resource: "customer",
        id: "cust_nobody",
      });
    expect(await contents(engine)).toEqual(before);
  });
});

describe.each(allStores)("what a publication says of itself on %s", (_, open) => {
  it("is kept: channel, metadata, source id", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const said = { channel: "newsletter_October", metadata: { test: true, tags: ["a", 1, null] }, sourceId: "order-1" };
    expect(await publications.create({ campaign: "spring", customer: "shop-1", ...said })).toMatchObject(said);
    expect((await publications.list()).data).toMatchObject([said]);
  });

  it("has defaults where it is null", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    expect(
      await publications.create({
        campaign: "spring",
        customer: "shop-1",
        channel: null,
        metadata: null,
        sourceId: null,
      }),
    ).toMatchObject({ channel: "API", metadata: {}, sourceId: null });
  });

  it("treats a null source as absent", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const create = (input: object) => publications.create(input as PublicationInput);
    expect(await create({ voucher: null, campaign: "spring", customer: "shop-1" })).toMatchObject({
      result: "SUCCESS",
    });
    await expect(create({ voucher: null, campaign: null, customer: "shop-1" })).rejects.toMatchObject({
      code: "missing_vouchers",
    });
  });

  it("ignores what it does not know", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const campaign = { ...(await campaigns.get("spring")), extra: 1 };
    expect(await publications.create({ campaign, customer: "shop-1" })).toMatchObject({ codes: ["A"] });
  });

  it("is copied: changing it later changes nothing", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const metadata = { tags: ["a"] };
    await publications.create({ campaign: "spring", customer: "shop-1", metadata });
    metadata.tags.push("b");
    expect((await publications.list()).data).toMatchObject([{ metadata: { tags: ["a"] } }]);
  });

  it("includes ids of the contract's shape", async () => {
    const { campaigns, publications } = createEngine({ repository: await open() });
    const { id: campaignId } = await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 1 });
    const { id, customerId, voucherIds } = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(campaignId).toMatch(/^camp_[0-9a-zA-Z]{24}$/);
    expect(id).toMatch(/^pub_[0-9a-zA-Z]{32}$/);
    expect(customerId).toMatch(/^cust_[0-9a-zA-Z]{24}$/);
    expect(voucherIds).toEqual([expect.stringMatching(/^v_[0-9a-zA-Z]{32}$/)]);
  });
});

/** What a request can suffer from, in the order in which the contract has it told (2.2), with the error for each. */
const INVALID_REQUESTS: readonly { readonly what: string; readonly code: string; readonly request: object }[] = [
  { what: "no voucher and no campaign", code: "missing_vouchers", request: { voucher: undefined } },
  { what: "no customer", code: "missing_customer", request: { customer: undefined } },
  { what: "an unknown voucher", code: "not_found", request: { voucher: "NOPE" } },
  { what: "an unknown customer id", code: "not_found", request: { customer: "cust_nobody" } },
  { what: "a used source id", code: "duplicate_source_id", request: { sourceId: "order-1" } },
  { what: "a joined customer", code: "voucher_cannot_be_published", request: { joinOnce: true } },
  { what: "a published voucher", code: "voucher_already_published", request: { voucher: "GIVEN" } },
];

describe.each(allStores)("of two faults of a publication on %s", (_, open) => {
  const told = async (request: object): Promise<unknown> => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "GIVEN"]);
    await createCampaignWithCodes(engine, "autumn", ["X"]);
    await publications.create({ voucher: "GIVEN", customer: "shop-2" });
    await publications.create({ voucher: "A", customer: "shop-1" });
    await publications.create({ voucher: "X", customer: "shop-3", sourceId: "order-1" });
    const sound = { voucher: "B", customer: "shop-1" };
    return publications.create({ ...sound, ...request } as PublicationInput).catch((error: unknown) => error);
  };

  it.each(INVALID_REQUESTS)("$what alone is $code", async ({ code, request }) => {
    expect(await told(request)).toMatchObject({ code });
  });

  const pairs = INVALID_REQUESTS.flatMap((first, i) =>
    INVALID_REQUESTS.slice(i + 1)
      .filter((second) => Object.keys(first.request)[0] !== Object.keys(second.request)[0])
      .map((second) => [first.what, second.what, first, second] as const),
  );
  it.each(pairs)("%s is told rather than %s", async (_first, _second, first, second) => {
    const error = await told({ ...second.request, ...first.request });
    expect(error).toMatchObject({ code: first.code });
    if (first.code === "not_found")
      expect(error).toMatchObject({ resource: "voucher" in first.request ? "voucher" : "customer" });
  });

  it("too many vouchers is told rather than an empty pool, and after a used source id", async () => {
    const campaign = { name: "spring", count: 51 };
    const customer = "shop-4";
    expect(await told({ voucher: undefined, campaign, customer })).toMatchObject({
      code: "too_many_vouchers_requested",
    });
    expect(await told({ voucher: undefined, campaign, customer, sourceId: "order-1" })).toMatchObject({
      code: "duplicate_source_id",
    });
  });

  it("a number that is none is told before everything that has to be looked up", async () => {
    const campaign = { name: "nowhere", count: 0 };
    expect(await told({ voucher: undefined, campaign, customer: "cust_nobody" })).toMatchObject({
      code: "invalid_payload",
    });
  });
});
