import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, ID, INSTANT, PERCENT } from "./clients.ts";

const connectWithCampaign = async (more: object = {}) => {
  const client = await connectClient();
  await client.campaigns.create(campaignBody("Spring", { vouchers_count: 5, ...more }));
  const publish = (request: object): Promise<unknown> =>
    client.distributions.publications.create({ customer: { source_id: "shop-1" }, ...request } as never);
  return { ...client, publish };
};

/** The record with a fixed time of its change. */
const apartFromTime = (record: object): object => ({ ...record, updated_at: INSTANT });

describe("the server accepts from users of the official client", () => {
  it("a count as a text", async () => {
    const { publish } = await connectWithCampaign();
    const published = await publish({ campaign: { name: "Spring", count: "5" } });
    expect(published).toMatchObject({ vouchers: expect.arrayContaining([expect.any(String)]) });
    expect((published as { readonly vouchers: readonly string[] }).vouchers).toHaveLength(5);
  });

  it("null for absent fields", async () => {
    const { publish, vouchers } = await connectWithCampaign();
    await vouchers.create({ type: "DISCOUNT_VOUCHER", discount: PERCENT, code: "SPR-1" });
    const absent = { channel: null, metadata: null, source_id: null };
    const plain = { channel: "API", metadata: {}, source_id: null };
    expect(await publish({ ...absent, voucher: null, campaign: { name: "Spring" } })).toMatchObject(plain);
    expect(await publish({ ...absent, voucher: "SPR-1", campaign: null })).toMatchObject({
      ...plain,
      voucher: { code: "SPR-1" },
    });
  });

  it("join_once in the body", async () => {
    const { publish } = await connectWithCampaign();
    const request = { campaign: { name: "Spring", count: 1 }, join_once: true };
    expect(await publish(request)).toEqual(await publish(request));
  });

  it("a whole campaign to publish from", async () => {
    const { publish, campaigns } = await connectWithCampaign();
    const campaign = await campaigns.get("Spring");
    expect(await publish({ campaign })).toMatchObject({ voucher: { campaign_id: campaign.id } });
    const several = await publish({ campaign: { ...campaign, count: 2 } });
    expect(several).toMatchObject({ vouchers: [expect.any(String), expect.any(String)] });
  });

  it("a whole customer to publish to", async () => {
    const { publish, customers } = await connectWithCampaign();
    const customer = await customers.create({ source_id: "shop-4711", name: "Ann", metadata: { tier: "gold" } });
    const { id } = Object.assign({ id: "" }, customer);
    expect(await publish({ campaign: "Spring", customer })).toMatchObject({
      customer_id: id,
      tracking_id: "shop-4711",
    });
    expect(await customers.get(id)).toMatchObject({ name: "Ann", metadata: { tier: "gold" } });
  });

  it("a whole customer with only an email", async () => {
    const { publish, customers } = await connectWithCampaign();
    const customer = await customers.create({ email: "ann@example.test" });
    const { id } = Object.assign({ id: "" }, customer);
    expect(await publish({ campaign: "Spring", customer })).toMatchObject({ customer_id: id, tracking_id: null });
  });

  it("a whole customer to create and to update", async () => {
    const { customers } = await connectClient();
    const address = { city: "Graz", country: "AT" };
    const customer = await customers.create({ source_id: "shop-1", name: "Ann", address, birthdate: "1990-04-01" });
    expect(await customers.create(customer as never)).toEqual(customer);
    expect(await customers.update(customer as never)).toEqual(customer);
    expect(await customers.update({ ...customer, name: "Bo" } as never)).toMatchObject({ name: "Bo", address });
  });

  it("a whole campaign with a change", async () => {
    const { campaigns } = await connectWithCampaign({ metadata: { a: 1 } });
    const campaign = await campaigns.get("Spring");
    expect(await campaigns.update("Spring", campaign)).toEqual(campaign);
    const update = { ...campaign, description: "new", type: "AUTO_UPDATE", metadata: { a: 2 } } as const;
    expect(await campaigns.update(campaign.id, update)).toEqual(apartFromTime(update));
  });

  it("a whole campaign to create a copy", async () => {
    const { campaigns } = await connectWithCampaign({ metadata: { a: 1 } });
    const campaign = await campaigns.get("Spring");
    const copy = await campaigns.create({ ...campaign, name: "Autumn" });
    expect(copy).toMatchObject({ name: "Autumn", vouchers_count: 5, metadata: { a: 1 } });
    expect(copy.id).not.toBe(campaign.id);
  });

  it("a whole voucher with a change", async () => {
    const { vouchers, publish } = await connectWithCampaign();
    const createdVoucher = await vouchers.create({ type: "DISCOUNT_VOUCHER", discount: PERCENT, code: "A" });
    expect(await vouchers.update(createdVoucher as never)).toEqual(createdVoucher);
    await publish({ voucher: "A" });
    const voucher = await vouchers.get("A");
    const update = { ...voucher, active: false, additional_info: "new" };
    expect(await vouchers.update(update)).toEqual(apartFromTime(update));
  });

  it("a whole voucher to create a copy", async () => {
    const { vouchers, publish } = await connectWithCampaign();
    await vouchers.create({ type: "DISCOUNT_VOUCHER", discount: PERCENT, code: "A", metadata: { a: 1 } });
    await publish({ voucher: "A" });
    const voucher = await vouchers.get("A");
    const copy = await vouchers.create({ ...voucher, code: "B" } as never);
    expect(copy).toMatchObject({
      id: ID.voucher,
      code: "B",
      metadata: { a: 1 },
      publish: { count: 0 },
      holder_id: null,
    });
    expect(copy.id).not.toBe(voucher.id);
  });

  it.each([
    ["gift card", { gift: { amount: 500, effect: "APPLY_TO_ORDER" } }],
    ["loyalty card", { loyalty_card: { points: 7 } }],
    ["discount", { discount: { type: "AMOUNT", amount_off: 1000, effect: "APPLY_TO_ORDER" } }],
  ])("a whole %s to update and to copy, and a campaign with them", async (_, benefit) => {
    const { vouchers, campaigns } = await connectClient();
    const createdVoucher = await vouchers.create({ ...benefit, code: "A" } as never);
    expect(await vouchers.update(createdVoucher as never)).toEqual(createdVoucher);
    expect(await vouchers.create({ ...createdVoucher, code: "B" } as never)).toMatchObject({
      code: "B",
      type: createdVoucher.type,
      ...benefit,
    });
    const campaign = await campaigns.create({ name: "one", type: "AUTO_UPDATE", voucher: createdVoucher } as never);
    expect(await campaigns.update("one", campaign)).toEqual(campaign);
    const { voucher } = await campaigns.create({ ...campaign, name: "two" });
    expect(voucher).toEqual(campaign.voucher);
  });

  it("null for a voucher's type and for the benefits of other types", async () => {
    const { vouchers } = await connectClient();
    const nulls = {
      type: null,
      gift: null,
      loyalty_card: null,
      start_date: null,
      category: null,
      redemption: undefined,
    };
    const voucher = await vouchers.create({ ...nulls, code: "A", discount: PERCENT } as never);
    expect(voucher).toMatchObject({ type: "DISCOUNT_VOUCHER", discount: PERCENT });
  });
});
