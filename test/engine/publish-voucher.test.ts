import { describe, expect, it } from "vitest";
import {
  allPublications,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  type Fixture,
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

  it("publishes a standalone voucher once", async () => {
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

  it.each(["shop-1", "shop-2"])("of shop-1's voucher is refused to %s, with the voucher's id", async (customer) => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const first = await publications.create({ voucher: "A", customer: "shop-1" });
    const voucherBefore = await vouchers.get("A");
    await expect(publications.create({ voucher: "A", customer })).rejects.toMatchObject({
      code: "voucher_already_published",
      voucherId: voucherBefore.id,
      message: `Voucher '${voucherBefore.id}' has already been published`,
    });
    expect(await vouchers.get("A")).toEqual(voucherBefore);
    expect((await publications.list({ result: "SUCCESS" })).data).toEqual([first]);
  });

  it("goes to one of many concurrent requests", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const calls = Array.from({ length: 20 }, (_call, i) =>
      publications.create({ voucher: "A", customer: `shop-${i}` }).then(({ trackingId }) => trackingId),
    );
    const results = await outcomes(calls);
    const winners = results.filter((result) => result !== "voucher_already_published");
    expect(winners).toHaveLength(1);
    const { publish } = await vouchers.get("A");
    expect(publish.publication?.trackingId).toBe(winners[0]);
  });
});

describe.each(allStores)("a suitable voucher on %s", (_, open) => {
  const publish = ({ publications }: Fixture) => ({
    byCode: () => publications.create({ voucher: "A", customer: "shop-1" }),
    fromPool: () => publications.create({ campaign: "spring", customer: "shop-1" }),
  });

  it("is not disabled", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    await fixture.vouchers.disable("A");
    await expect(publish(fixture).byCode()).rejects.toMatchObject({ code: NO_VOUCHER });
    expect((await publish(fixture).fromPool()).codes).toEqual(["B"]);
    await expect(publish(fixture).fromPool()).rejects.toMatchObject({ code: NO_VOUCHER });
    expect(await fixture.vouchers.get("A")).toMatchObject({ publish: { count: 0 } });

    await fixture.vouchers.enable("A");
    expect((await publish(fixture).fromPool()).codes).toEqual(["A"]);
  });

  it("can be in a disabled campaign", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    await fixture.campaigns.disable("spring");
    expect((await publish(fixture).byCode()).codes).toEqual(["A"]);
    expect((await publish(fixture).fromPool()).codes).toEqual(["B"]);
  });

  it("can begin in the future", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"], {
      startDate: "2030-01-01",
      expirationDate: "2031-01-01",
    });
    expect((await publish(fixture).byCode()).codes).toEqual(["A"]);
    expect((await publish(fixture).fromPool()).codes).toEqual(["B"]);
  });

  it("was never published: this is reported before disabled or expired", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A"]);
    await publish(fixture).byCode();
    await fixture.vouchers.update("A", { active: false, expirationDate: "2020-01-01" });
    await expect(publish(fixture).byCode()).rejects.toMatchObject({ code: "voucher_already_published" });
  });
});
