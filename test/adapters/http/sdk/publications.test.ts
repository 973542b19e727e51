import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, ID, INSTANT, PERCENT } from "./clients.ts";

const ANN = {
  source_id: "shop-4711",
  email: "ann@example.test",
  name: "Ann Doe",
  metadata: { tier: "gold" },
};
const SHOWN_ANN = { ...ANN, id: ID.customer, object: "customer" };

const connectWithCampaign = async (count: number, more: object = {}) => {
  const client = await connectClient();
  await client.campaigns.create(campaignBody("Spring", { vouchers_count: count, ...more }));
  const publish = (request: object): Promise<unknown> =>
    client.distributions.publications.create({ customer: { source_id: "shop-1" }, ...request });
  const codeOf = async (request: object): Promise<string> => {
    const published = (await publish(request)) as { readonly voucher: { readonly code: string } };
    return published.voucher.code;
  };
  return { ...client, publish, codeOf };
};

describe("publishing by the official client", () => {
  it("publishes one voucher of a campaign, in the contract's form", async () => {
    const { publish, vouchers } = await connectWithCampaign(1);
    const [voucher] = (await vouchers.list()).vouchers;
    const published = await publish({ campaign: { name: "Spring" }, customer: ANN });
    expect(published).toEqual({
      id: ID.publication,
      object: "publication",
      created_at: INSTANT,
      customer_id: ID.customer,
      tracking_id: "shop-4711",
      metadata: {},
      channel: "API",
      source_id: null,
      result: "SUCCESS",
      customer: SHOWN_ANN,
      vouchers_id: [voucher?.id],
      voucher: expect.objectContaining({ code: voucher?.code, discount: PERCENT, object: "voucher" }),
    });
    const now = await vouchers.get(voucher?.code ?? "");
    expect(published).toMatchObject({ voucher: now, customer_id: now.holder_id });
    expect(now).toMatchObject({ publish: { object: "list", count: 1, entries: [{ channel: "API" }] } });
  });

  it("publishes several vouchers of a campaign, as codes", async () => {
    const { publish, vouchers } = await connectWithCampaign(3);
    const metadata = { test: true, provider: "Shop Admin" };
    const request = { campaign: { name: "Spring", count: 2 }, customer: ANN, channel: "newsletter_March", metadata };
    const published = (await publish(request)) as { readonly vouchers: string[]; readonly vouchers_id: string[] };
    expect(published).toEqual({
      id: ID.publication,
      object: "publication",
      created_at: INSTANT,
      customer_id: ID.customer,
      tracking_id: "shop-4711",
      metadata,
      channel: "newsletter_March",
      source_id: null,
      result: "SUCCESS",
      customer: SHOWN_ANN,
      vouchers: [expect.any(String), expect.any(String)],
      vouchers_id: [ID.voucher, ID.voucher],
    });
    const ids = await Promise.all(published.vouchers.map(async (code) => (await vouchers.get(code)).id));
    expect(published.vouchers_id).toEqual(ids);
  });

  it("publishes a named voucher, by its code or its id", async () => {
    const { campaigns, codeOf } = await connectWithCampaign(0);
    await campaigns.addCertainVoucher("Spring", "SPR-1");
    const other = await campaigns.addCertainVoucher("Spring", "SPR-2");
    expect(await codeOf({ voucher: "SPR-1" })).toBe("SPR-1");
    expect(await codeOf({ voucher: Object.assign({ id: "" }, other).id })).toBe("SPR-2");
  });

  it("accepts the campaign by name or id, also as a text", async () => {
    const { campaigns, publish } = await connectWithCampaign(4);
    const { id } = await campaigns.get("Spring");
    for (const campaign of ["Spring", id, { name: "Spring" }, { name: id }])
      expect(await publish({ campaign })).toMatchObject({ voucher: { campaign: "Spring", campaign_id: id } });
  });

  it("publishes the named voucher if the request also names a campaign", async () => {
    const { vouchers, codeOf } = await connectWithCampaign(3);
    await vouchers.create({ code: "ALONE", type: "DISCOUNT_VOUCHER", discount: PERCENT });
    expect(await codeOf({ voucher: "ALONE", campaign: { name: "Spring", count: 2 } })).toBe("ALONE");
  });

  it("accepts the customer by id, by source id, or with only an email", async () => {
    const { customers, publish } = await connectWithCampaign(5);
    const { id } = Object.assign({ id: "" }, await customers.create(ANN));
    const campaign = { name: "Spring" };
    for (const customer of [id, { id }, "shop-4711", { source_id: "shop-4711" }])
      expect(await publish({ campaign, customer })).toMatchObject({ customer_id: id, tracking_id: "shop-4711" });
    const customer = { email: "bo@example.test" };
    expect(await publish({ campaign, customer })).toMatchObject({ customer, tracking_id: null });
  });

  it("creates the missing vouchers of an AUTO_UPDATE campaign", async () => {
    const { campaigns, publish } = await connectWithCampaign(1, { type: "AUTO_UPDATE" });
    const published = (await publish({ campaign: { name: "Spring", count: 3 } })) as { readonly vouchers: string[] };
    expect(new Set(published.vouchers).size).toBe(3);
    expect(await campaigns.get("Spring")).toMatchObject({ vouchers_count: 3 });
  });

  it("joins once, if the body has join_once", async () => {
    const { publish, distributions } = await connectWithCampaign(3);
    const join = () => publish({ campaign: { name: "Spring" }, join_once: true });
    const first = await join();
    expect(await join()).toEqual(first);
    expect(await distributions.publications.list()).toMatchObject({ total: 1 });
    expect(await publish({ campaign: { name: "Spring" }, join_once: false })).not.toEqual(first);
  });

  it("replays the publication with the same source id", async () => {
    const { publish } = await connectWithCampaign(3);
    const request = { campaign: { name: "Spring" }, source_id: "order-1" };
    const first = await publish(request);
    expect(first).toMatchObject({ source_id: "order-1" });
    expect(await publish(request)).toEqual(first);
    const several = { campaign: { name: "Spring", count: 2 }, source_id: "order-2" };
    const second = await publish(several);
    expect(second).toMatchObject({ vouchers: [expect.any(String), expect.any(String)] });
    expect(await publish(several)).toEqual(second);
  });

  it("publishes a voucher that expires when the campaign says so", async () => {
    const { publish } = await connectWithCampaign(1, { activity_duration_after_publishing: "P24D" });
    const { created_at, voucher } = (await publish({ campaign: { name: "Spring" } })) as {
      readonly created_at: string;
      readonly voucher: { readonly expiration_date: string };
    };
    expect(Date.parse(voucher.expiration_date) - Date.parse(created_at)).toBe(24 * 86_400_000);
  });

  it("of a loyalty card creates a member of the campaign", async () => {
    const { campaigns, loyalties } = await connectClient();
    const card = { type: "LOYALTY_CARD" as const, loyalty_card: { points: 10, balance: 10 } };
    const club = campaignBody("club", { campaign_type: "LOYALTY_PROGRAM", type: "AUTO_UPDATE", voucher: card });
    const { id } = await campaigns.create(club);
    const member = await loyalties.createMember("club", { customer: { source_id: "shop-1" }, channel: "till" });
    expect(member).toMatchObject({
      id: ID.voucher,
      campaign: "club",
      campaign_id: id,
      type: "LOYALTY_CARD",
      loyalty_card: { points: 10, balance: 10 },
      publish: { count: 1, entries: [{ channel: "till" }] },
      holder_id: ID.customer,
      object: "voucher",
    });
    expect(await loyalties.createMember(id, { customer: { source_id: "shop-1" } })).toEqual(member);
  });
});
