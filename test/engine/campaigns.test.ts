import { describe, expect, it } from "vitest";
import { contents, createCampaignWithCodes, createFixture, DISCOUNT, NOW, outcomes } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

describe.each(engineStores)("a campaign on %s", (_, open) => {
  it("is STATIC, active, empty and without dates by default", async () => {
    const { campaigns } = await createFixture(open);
    const campaign = await campaigns.create({ name: "spring", voucher: DISCOUNT });
    expect(campaign).toMatchObject({
      name: "spring",
      type: "STATIC",
      campaignType: "DISCOUNT_COUPONS",
      active: true,
      joinOnce: false,
      description: null,
      startDate: null,
      expirationDate: null,
      activityDurationAfterPublishing: null,
      metadata: {},
      createdAt: NOW,
      updatedAt: null,
    });
    expect(campaign.voucher).toMatchObject({ ...DISCOUNT, isReferralCode: false, redemption: { quantity: null } });
    expect(await campaigns.summary("spring")).toEqual({ total: 0, published: 0, available: 0, failed: 0 });
  });

  it("is found by its name and by its id, as it was created", async () => {
    const { campaigns } = await createFixture(open);
    const campaign = await campaigns.create({
      name: "spring",
      type: "AUTO_UPDATE",
      voucher: { ...DISCOUNT, codeConfig: { length: 12, prefix: "S-" }, redemption: { quantity: 3 } },
      description: "For the newsletter",
      joinOnce: true,
      startDate: "2026-04-01",
      expirationDate: new Date("2026-05-01T00:00:00Z"),
      activityDurationAfterPublishing: "P24D",
      metadata: { season: "spring", "a.b": [1, { deep: null }] },
    });
    expect(campaign).toMatchObject({
      startDate: "2026-04-01T00:00:00.000Z",
      expirationDate: "2026-05-01T00:00:00.000Z",
      activityDurationAfterPublishing: "P24D",
      metadata: { season: "spring", "a.b": [1, { deep: null }] },
    });
    expect(await campaigns.get("spring")).toEqual(campaign);
    expect(await campaigns.get(campaign.id)).toEqual(campaign);
  });

  it.each([
    [
      "DISCOUNT_COUPONS",
      { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 12.5, amountLimit: 900 } },
    ],
    ["DISCOUNT_COUPONS", { discount: { type: "AMOUNT", amountOff: 1000, effect: "APPLY_TO_ITEMS" } }],
    ["DISCOUNT_COUPONS", { discount: { type: "UNIT", unitOff: 2, unitType: "tickets" } }],
    ["DISCOUNT_COUPONS", { discount: { type: "FIXED", fixedAmount: 500 } }],
    ["GIFT_VOUCHERS", { type: "GIFT_VOUCHER", gift: { amount: 2500 } }],
    ["LOYALTY_PROGRAM", { type: "LOYALTY_CARD", loyaltyCard: { points: 100 } }],
  ] as const)("of type %s gives its vouchers %j", async (campaignType, benefit) => {
    const { campaigns, vouchers } = await createFixture(open);
    const campaign = await campaigns.create({ name: "spring", voucher: benefit, vouchersCount: 1 });
    expect(campaign).toMatchObject({ campaignType, voucher: benefit });
    const { data } = await vouchers.list();
    expect(data).toEqual([expect.objectContaining({ ...benefit, type: campaign.voucher.type, campaign: "spring" })]);
  });

  it("has referral codes if it is a referral program", async () => {
    const { campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "friends", campaignType: "REFERRAL_PROGRAM", voucher: DISCOUNT, vouchersCount: 1 });
    const { voucher, isReferralCode } = await publications.create({ campaign: "friends", customer: "shop-1" });
    expect([isReferralCode, voucher?.isReferralCode]).toEqual([true, true]);
  });

  it.each([
    ["of a gift that also has a discount", { type: "GIFT_VOUCHER", gift: { amount: 5 }, ...DISCOUNT }],
    ["of a gift that says it is a discount", { type: "DISCOUNT_VOUCHER", gift: { amount: 5 } }],
    ["of nothing", {}],
  ])("is refused with a template %s", async (_what, voucher) => {
    const { engine, campaigns } = await createFixture(open);
    const before = await contents(engine);
    await expect(campaigns.create({ name: "spring", voucher } as never)).rejects.toMatchObject({
      code: "invalid_voucher",
    });
    expect(await contents(engine)).toEqual(before);
  });

  it.each([
    ["a gift", "GIFT_VOUCHER", { gift: { amount: 5 } }],
    ["a loyalty card", "LOYALTY_CARD", { loyaltyCard: { points: 5 } }],
  ])("needs no type in a template with %s", async (_what, type, voucher) => {
    const { campaigns } = await createFixture(open);
    expect(await campaigns.create({ name: "spring", voucher } as never)).toMatchObject({ voucher: { type } });
  });

  it.each([
    ["a loyalty program", "LOYALTY_PROGRAM", DISCOUNT],
    ["a gift campaign", "GIFT_VOUCHERS", DISCOUNT],
    ["a discount campaign", "DISCOUNT_COUPONS", { type: "LOYALTY_CARD", loyaltyCard: { points: 0 } }],
  ] as const)("cannot be %s with vouchers of another type", async (_what, campaignType, voucher) => {
    const { campaigns } = await createFixture(open);
    await expect(campaigns.create({ name: "spring", campaignType, voucher })).rejects.toMatchObject({
      code: "invalid_campaign",
      path: "campaignType",
    });
    expect((await campaigns.list()).data).toEqual([]);
  });

  it("has a unique name", async () => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const before = await contents(engine);
    await expect(
      campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT, vouchersCount: 3 }),
    ).rejects.toMatchObject({ code: "duplicate_found", resource: "campaign", id: "spring", path: "name" });
    expect(await contents(engine)).toEqual(before);
    await campaigns.create({ name: "Spring", voucher: DISCOUNT });
  });

  it("is created once when many calls create it at once", async () => {
    const { campaigns } = await createFixture(open);
    const calls = Array.from({ length: 5 }, () =>
      campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 2 }),
    );
    const results = await outcomes(calls);
    expect(results.filter((result) => result === "duplicate_found")).toHaveLength(4);
    expect(await campaigns.summary("spring")).toMatchObject({ total: 2 });
  });

  it("must begin before it ends", async () => {
    const { campaigns } = await createFixture(open);
    const [early, late] = ["2026-04-01", "2026-05-01"];
    await expect(
      campaigns.create({ name: "spring", voucher: DISCOUNT, startDate: late, expirationDate: early }),
    ).rejects.toMatchObject({ code: "invalid_campaign" });
    await campaigns.create({ name: "spring", voucher: DISCOUNT, startDate: late });
    await expect(campaigns.update("spring", { expirationDate: early })).rejects.toMatchObject({
      code: "invalid_campaign",
    });
    expect(await campaigns.get("spring")).toMatchObject({ expirationDate: null, updatedAt: null });
  });

  it("that does not exist is not found by any method", async () => {
    const { campaigns } = await createFixture(open);
    const notFoundError = { code: "not_found", resource: "campaign", id: "autumn" };
    await expect(campaigns.get("autumn")).rejects.toMatchObject(notFoundError);
    await expect(campaigns.update("autumn", { description: "x" })).rejects.toMatchObject(notFoundError);
    await expect(campaigns.enable("autumn")).rejects.toMatchObject(notFoundError);
    await expect(campaigns.disable("autumn")).rejects.toMatchObject(notFoundError);
    await expect(campaigns.delete("autumn")).rejects.toMatchObject(notFoundError);
    await expect(campaigns.summary("autumn")).rejects.toMatchObject(notFoundError);
    await expect(campaigns.addVouchers("autumn", { count: 1 })).rejects.toMatchObject(notFoundError);
    await expect(campaigns.importVouchers("autumn", ["A"])).rejects.toMatchObject(notFoundError);
  });
});

describe.each(engineStores)("a loyalty campaign on %s", (_, open) => {
  it("always has joinOnce", async () => {
    const { campaigns } = await createFixture(open);
    const voucher = { type: "LOYALTY_CARD", loyaltyCard: { points: 0 } } as const;
    expect(await campaigns.create({ name: "club", voucher, joinOnce: false })).toMatchObject({ joinOnce: true });
    expect(await campaigns.update("club", { joinOnce: false })).toMatchObject({ joinOnce: true });
  });
});

describe.each(engineStores)("a deleted campaign on %s", (_, open) => {
  it("is removed with its vouchers, and its publications stay", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["GIVEN", "FREE"]);
    await createCampaignWithCodes(engine, "autumn", ["OTHER"]);
    const publication = await publications.create({ voucher: "GIVEN", customer: "shop-1" });

    await campaigns.delete("spring");
    await expect(campaigns.get("spring")).rejects.toMatchObject({ code: "not_found" });
    await expect(vouchers.get("GIVEN")).rejects.toMatchObject({ code: "not_found", resource: "voucher" });
    await expect(publications.create({ campaign: "spring", customer: "shop-1" })).rejects.toMatchObject({
      code: "not_found",
      resource: "campaign",
      id: "spring",
    });
    expect((await vouchers.list()).data.map(({ code }) => code)).toEqual(["OTHER"]);
    const { voucher: _voucher, ...record } = publication;
    expect((await publications.list()).data).toEqual([record]);
  });

  it("keeps its published codes taken, and frees the others", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["GIVEN", "FREE"]);
    await publications.create({ voucher: "GIVEN", customer: "shop-1" });
    await campaigns.delete("spring");

    const duplicateError = { code: "duplicate_found", resource: "voucher", id: "GIVEN" };
    await expect(vouchers.create({ code: "GIVEN", ...DISCOUNT })).rejects.toMatchObject(duplicateError);
    await campaigns.create({ name: "autumn", voucher: DISCOUNT });
    await expect(campaigns.addVouchers("autumn", { codes: ["GIVEN"] })).rejects.toMatchObject(duplicateError);
    expect(await campaigns.importVouchers("autumn", ["GIVEN", "FREE"])).toMatchObject({
      imported: 1,
      refused: [{ index: 0, error: duplicateError }],
    });
  });

  it("can be created again with the same name, as another campaign", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"], { joinOnce: true });
    const first = await publications.create({ campaign: "spring", customer: "shop-1" });
    await expect(publications.create({ campaign: "spring", customer: "shop-2" })).rejects.toThrow();
    await campaigns.delete("spring");

    await createCampaignWithCodes(engine, "spring", ["B"], { joinOnce: true });
    expect(await campaigns.summary("spring")).toEqual({ total: 1, published: 0, available: 1, failed: 0 });
    const second = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(second.codes).toEqual(["B"]);
    expect(second.campaignId).not.toBe(first.campaignId);
    expect(await campaigns.summary("spring")).toEqual({ total: 1, published: 1, available: 0, failed: 0 });
  });

  it("is not in the lists of a later campaign with the same name", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    await publications.create({ campaign: "spring", customer: "shop-1" });
    await campaigns.delete("spring");
    await createCampaignWithCodes(engine, "spring", ["B"]);
    const second = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect((await publications.list({ campaign: "spring" })).data.map(({ id }) => id)).toEqual([second.id]);
  });

  it("is found by its name in lists, until another campaign has the name", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { id } = await publications.create({ campaign: "spring", customer: "shop-1" });
    await campaigns.delete("spring");
    expect((await publications.list({ campaign: "spring" })).data).toMatchObject([{ id, campaign: "spring" }]);
  });
});
