import type { PublicationInput } from "oncecode";
import { describe, expect, it } from "vitest";
import {
  allPublications,
  contents,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  errorOf,
  type Fixture,
  listAll,
  NOW,
  outcomes,
} from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

/** Two campaigns, one of them empty, and a customer with publications. */
const createRecords = async ({ engine, vouchers, publications }: Fixture): Promise<void> => {
  await createCampaignWithCodes(engine, "spring", ["GIVEN", "DISABLED", "EXPIRED", "FREE"]);
  await createCampaignWithCodes(engine, "empty", []);
  await createCampaignWithCodes(engine, "club", ["MINE", "OTHER"], { joinOnce: true });
  await vouchers.disable("DISABLED");
  await vouchers.update("EXPIRED", { expirationDate: "2026-03-01" });
  await publications.create({ voucher: "GIVEN", customer: "shop-1", sourceId: "order-1" });
  await publications.create({ voucher: "MINE", customer: "shop-1" });
};

interface Attempt {
  readonly code: string;
  readonly title: string;
  readonly request: PublicationInput;
  /** The requested voucher's code, and the campaign. */
  readonly voucher?: string;
  readonly campaign: string;
}

const customer = "shop-1";
const NONE = "no_voucher_suitable_for_publication";
const RECORDED_FAILURES: readonly Attempt[] = [
  {
    code: "duplicate_source_id",
    title: "a used source id",
    request: { campaign: "spring", customer, sourceId: "order-1" },
    campaign: "spring",
  },
  {
    code: "voucher_cannot_be_published",
    title: "another voucher of a campaign joined once",
    request: { voucher: "OTHER", customer },
    voucher: "OTHER",
    campaign: "club",
  },
  {
    code: "too_many_vouchers_requested",
    title: "more than one publication may have",
    request: { campaign: { name: "spring", count: 51 }, customer },
    campaign: "spring",
  },
  {
    code: "voucher_already_published",
    title: "a voucher that is published",
    request: { voucher: "GIVEN", customer },
    voucher: "GIVEN",
    campaign: "spring",
  },
  { code: NONE, title: "an empty pool", request: { campaign: "empty", customer }, campaign: "empty" },
  {
    code: NONE,
    title: "a pool too small",
    request: { campaign: { name: "spring", count: 2 }, customer },
    campaign: "spring",
  },
  {
    code: NONE,
    title: "a disabled voucher",
    request: { voucher: "DISABLED", customer },
    voucher: "DISABLED",
    campaign: "spring",
  },
  {
    code: NONE,
    title: "an expired voucher",
    request: { voucher: "EXPIRED", customer },
    voucher: "EXPIRED",
    campaign: "spring",
  },
];

describe.each(engineStores)("a failed publication on %s", (_, open) => {
  it.each(RECORDED_FAILURES)("with $title is stored as $code, and uses no voucher", async (attempt) => {
    const fixture = await createFixture(open);
    const { engine, campaigns, customers, vouchers, publications, setTime } = fixture;
    await createRecords(fixture);
    const before = await listAll((page) => vouchers.list(page));
    setTime("2026-03-03T00:00:00.000Z");
    const details = { channel: "mail", metadata: { test: true } };
    const error = await errorOf(publications.create({ ...attempt.request, ...details }));

    const [campaign, ann] = [await campaigns.get(attempt.campaign), await customers.get("shop-1")];
    const voucherIds = attempt.voucher === undefined ? [] : [(await vouchers.get(attempt.voucher)).id];
    const entry = (await allPublications(engine)).at(-1);
    expect(entry).toMatchObject({
      result: "FAILURE",
      failureCode: attempt.code,
      failureMessage: error.message,
      createdAt: "2026-03-03T00:00:00.000Z",
      customerId: ann.id,
      trackingId: "shop-1",
      customer: { id: ann.id, sourceId: "shop-1" },
      ...details,
      sourceId: attempt.request.sourceId ?? null,
      campaign: campaign.name,
      campaignId: campaign.id,
      codes: [],
      voucherIds,
    });
    expect(error.code).toBe(attempt.code);
    expect(entry).not.toHaveProperty("voucher");
    expect(await campaigns.summary(attempt.campaign)).toMatchObject({ failed: 1 });
    expect(await listAll((page) => vouchers.list(page))).toEqual(before);
  });

  it("stores the customer of the request", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    await customers.upsert({ sourceId: "shop-1", name: "Ann", phone: "1" });
    const expectFailure = (customer: PublicationInput["customer"]) =>
      expect(publications.create({ campaign: "spring", customer })).rejects.toMatchObject({ code: NONE });
    await expectFailure({ sourceId: "shop-1", name: "Anna" });
    await expectFailure({ sourceId: "shop-2", name: "Bob" });
    await expectFailure({ email: "eve@example.test" });
    expect(await customers.get("shop-1")).toMatchObject({ name: "Anna", phone: "1" });
    const bob = await customers.get("shop-2");
    const entries = await allPublications(engine);
    expect(entries.map(({ trackingId }) => trackingId)).toEqual(["shop-1", "shop-2", null]);
    expect(entries[1]).toMatchObject({ customerId: bob.id, customer: { name: "Bob" } });
    expect(entries[2]).toMatchObject({ customer: { email: "eve@example.test", sourceId: null } });
    expect(await listAll((page) => customers.list(page))).toHaveLength(3);
  });

  it("is stored each time", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    for (let i = 0; i < 3; i++)
      await expect(publications.create({ campaign: "spring", customer })).rejects.toMatchObject({ code: NONE });
    const entries = await allPublications(engine);
    expect(new Set(entries.map(({ id }) => id)).size).toBe(3);
    expect(new Set(entries.map(({ customerId }) => customerId)).size).toBe(1);
    expect(await campaigns.summary("spring")).toMatchObject({ failed: 3 });
  });

  it("is stored for each of many concurrent requests, with one customer for all", async () => {
    const { engine, customers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    const ask = () => publications.create({ campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" } });
    expect(await outcomes([ask(), ask(), ask()])).toEqual([NONE, NONE, NONE]);
    const { id } = await customers.get("shop-1");
    expect((await allPublications(engine)).map(({ customerId }) => customerId)).toEqual([id, id, id]);
  });

  it("for a standalone voucher belongs to no campaign", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    const { id } = await vouchers.create({ code: "SOLO", ...DISCOUNT, active: false });
    await expect(publications.create({ voucher: "SOLO", customer })).rejects.toMatchObject({ code: NONE });
    expect(await allPublications(engine)).toMatchObject([
      { campaign: null, campaignId: null, voucherIds: [id], codes: [] },
    ]);
  });

  it.each<[string, object, string]>([
    ["without a voucher or a campaign", { voucher: undefined }, "missing_vouchers"],
    ["without a customer", { customer: undefined }, "missing_customer"],
    ["of an empty customer", { customer: {} }, "invalid_customer"],
    ["of a customer with an unknown id", { customer: "cust_nobody" }, "not_found"],
    ["of a birthdate that is none", { customer: { sourceId: "shop-2", birthdate: "yesterday" } }, "invalid_payload"],
    ["of an unknown voucher", { voucher: "NOPE" }, "not_found"],
    ["of an unknown campaign", { voucher: undefined, campaign: "nowhere" }, "not_found"],
    ["of a number that is none", { voucher: undefined, campaign: { name: "spring", count: 0 } }, "invalid_payload"],
    ["of a channel that is none", { channel: 5 }, "invalid_payload"],
    ["of metadata that are none", { metadata: [1] }, "invalid_payload"],
    ["of a source id that is none", { sourceId: "" }, "invalid_payload"],
  ])("that is malformed or leads nowhere is not put on record: one %s", async (_what, change, code) => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const before = await contents(engine);
    const request = { voucher: "A", customer: { sourceId: "shop-1", name: "Ann" }, ...change };
    await expect(publications.create(request as PublicationInput)).rejects.toMatchObject({ code });
    expect(await contents(engine)).toEqual(before);
  });

  it.each(RECORDED_FAILURES)("with $title is not stored if failures are not recorded", async ({ code, request }) => {
    const fixture = await createFixture(open, { recordFailures: false });
    await createRecords(fixture);
    const before = await contents(fixture.engine);
    const newcomer = { sourceId: "shop-9", name: "New" };
    await expect(fixture.publications.create(request)).rejects.toMatchObject({ code });
    if (code !== "voucher_cannot_be_published")
      await expect(fixture.publications.create({ ...request, customer: newcomer })).rejects.toMatchObject({ code });
    expect(await contents(fixture.engine)).toEqual(before);
  });

  it("cannot be resolved as a publication", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const success = await publications.create({ campaign: "spring", customer });
    await expect(publications.create({ campaign: "spring", customer })).rejects.toMatchObject({ code: NONE });
    const failure = (await allPublications(engine)).find(({ result }) => result === "FAILURE");
    expect(await publications.resolve(failure?.id ?? "")).toBeNull();
    expect(await publications.resolve("pub_nobody")).toBeNull();
    expect(await publications.resolve(success.id)).toEqual(success);
    expect(failure?.createdAt).toBe(NOW);
  });
});
