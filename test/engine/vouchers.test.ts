import { describe, expect, it } from "vitest";
import {
  allCodes,
  contents,
  createCampaignWithCodes,
  createFixture,
  DISCOUNT,
  NOW,
  outcomes,
} from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

describe.each(engineStores)("a voucher on %s", (_, open) => {
  it("has its campaign's type", async () => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT });
    const wrong = { campaign: "spring", code: "A", type: "GIFT_VOUCHER" } as const;
    const expectedError = { code: "invalid_voucher", path: "type" };
    await expect(vouchers.create(wrong)).rejects.toMatchObject(expectedError);
    await expect(vouchers.create({ ...wrong, code: undefined } as never)).rejects.toMatchObject(expectedError);
    expect(await allCodes(engine)).toEqual([]);
    await vouchers.create({ ...wrong, type: "DISCOUNT_VOUCHER" } as never);
    expect(await allCodes(engine)).toEqual(["A"]);
  });

  it("without a campaign is created with its code, active and unpublished", async () => {
    const { vouchers } = await createFixture(open);
    const voucher = await vouchers.create({ code: "CARD-1", type: "LOYALTY_CARD", loyaltyCard: { points: 100 } });
    expect(voucher).toMatchObject({
      code: "CARD-1",
      type: "LOYALTY_CARD",
      loyaltyCard: { points: 100 },
      campaign: null,
      campaignId: null,
      isReferralCode: false,
      redemption: { quantity: null },
      active: true,
      startDate: null,
      expirationDate: null,
      additionalInfo: null,
      metadata: {},
      holderId: null,
      publish: { count: 0, publication: null },
      createdAt: NOW,
      updatedAt: null,
    });
    expect(await vouchers.get("CARD-1")).toEqual(voucher);
    expect(await vouchers.get(voucher.id)).toEqual(voucher);
  });

  it("without a code gets a random one, by its config or the default", async () => {
    const { vouchers } = await createFixture(open);
    expect((await vouchers.create(DISCOUNT)).code).toMatch(/^[0-9a-zA-Z]{8}$/);
    const { code } = await vouchers.create({ ...DISCOUNT, codeConfig: { pattern: "V-###", charset: "X" } });
    expect(code).toBe("V-XXX");
  });

  it("of a campaign has the campaign's values by default", async () => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", [], {
      voucher: { type: "GIFT_VOUCHER", gift: { amount: 2500 }, codeConfig: { pattern: "GIFT-##" } },
      expirationDate: "2026-04-01",
      metadata: { season: "spring" },
    });
    const { id } = await campaigns.get("spring");
    const plain = await vouchers.create({ campaign: "spring" });
    expect(plain).toMatchObject({
      code: expect.stringMatching(/^GIFT-[0-9a-zA-Z]{2}$/),
      type: "GIFT_VOUCHER",
      gift: { amount: 2500 },
      campaign: "spring",
      campaignId: id,
      expirationDate: "2026-04-01T00:00:00.000Z",
      metadata: { season: "spring" },
    });
    const own = await vouchers.create({
      campaign: id,
      codeConfig: { pattern: "OWN-##" },
      expirationDate: "2030-01-01",
      redemption: { quantity: 5 },
      additionalInfo: "for Ann",
      active: false,
    });
    expect(own).toMatchObject({
      code: expect.stringMatching(/^OWN-[0-9a-zA-Z]{2}$/),
      gift: { amount: 2500 },
      campaign: "spring",
      expirationDate: "2030-01-01T00:00:00.000Z",
      redemption: { quantity: 5 },
      additionalInfo: "for Ann",
      active: false,
    });
    expect(await campaigns.summary("spring")).toEqual({ total: 2, published: 0, available: 1, failed: 0 });
  });

  it("of a missing campaign is not created", async () => {
    const { engine, vouchers } = await createFixture(open);
    await expect(vouchers.create({ campaign: "autumn", code: "A" })).rejects.toMatchObject({
      code: "not_found",
      resource: "campaign",
      id: "autumn",
    });
    expect(await allCodes(engine)).toEqual([]);
  });

  it("has a unique code over all campaigns", async () => {
    const { engine, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const before = await contents(engine);
    const duplicateError = { code: "duplicate_found", resource: "voucher", path: "code", id: "A" };
    await expect(vouchers.create({ code: "A", ...DISCOUNT })).rejects.toMatchObject(duplicateError);
    await expect(vouchers.create({ code: "A", campaign: "spring" })).rejects.toMatchObject(duplicateError);
    expect(await contents(engine)).toEqual(before);
  });

  it("is created once when many calls create it at once", async () => {
    const { engine, vouchers } = await createFixture(open);
    const results = await outcomes(Array.from({ length: 5 }, () => vouchers.create({ code: "A", ...DISCOUNT })));
    expect(results.filter((result) => result === "duplicate_found")).toHaveLength(4);
    expect(await allCodes(engine)).toEqual(["A"]);
  });

  it("has a case-sensitive code, which is searched before ids", async () => {
    const { vouchers } = await createFixture(open);
    const upper = await vouchers.create({ code: "ABC", ...DISCOUNT });
    const lower = await vouchers.create({ code: "abc", ...DISCOUNT });
    const codedAsId = await vouchers.create({ code: upper.id, ...DISCOUNT });
    expect(await vouchers.get("ABC")).toEqual(upper);
    expect(await vouchers.get("abc")).toEqual(lower);
    expect(await vouchers.get(upper.id)).toEqual(codedAsId);
  });

  it.each(["Gruß an Alle", "%_'\"\\;--", "🎟-🎁", "v_1", "null", "0"])(
    "can have the code %j, and is published by it",
    async (code) => {
      const { vouchers, publications } = await createFixture(open);
      await vouchers.create({ code, ...DISCOUNT });
      const publication = await publications.create({ voucher: code, customer: "shop-1" });
      expect(publication.codes).toEqual([code]);
      expect(await vouchers.get(code)).toMatchObject({ code, publish: { count: 1 } });
    },
  );

  it("must begin before it ends", async () => {
    const { vouchers } = await createFixture(open);
    const dates = { startDate: "2026-05-01", expirationDate: "2026-04-01" };
    await expect(vouchers.create({ code: "A", ...DISCOUNT, ...dates })).rejects.toMatchObject({
      code: "invalid_voucher",
    });
    await vouchers.create({ code: "A", ...DISCOUNT, startDate: "2026-05-01" });
    await expect(vouchers.update("A", { expirationDate: "2026-04-01" })).rejects.toMatchObject({
      code: "invalid_voucher",
    });
    expect(await vouchers.get("A")).toMatchObject({ expirationDate: null });
  });

  it.each([
    ["is worth nothing", {}],
    ["is worth two things", { ...DISCOUNT, gift: { amount: 5 } }],
    ["is worth something else than it says", { type: "GIFT_VOUCHER", ...DISCOUNT }],
  ])("is refused when it %s", async (_what, voucher) => {
    const { engine, vouchers } = await createFixture(open);
    await expect(vouchers.create({ code: "A", ...voucher } as never)).rejects.toMatchObject({
      code: "invalid_voucher",
    });
    expect(await allCodes(engine)).toEqual([]);
  });

  it("that does not exist is not found by any method", async () => {
    const { vouchers } = await createFixture(open);
    const notFoundError = { code: "not_found", resource: "voucher", id: "NOPE" };
    await expect(vouchers.get("NOPE")).rejects.toMatchObject(notFoundError);
    await expect(vouchers.update("NOPE", { active: false })).rejects.toMatchObject(notFoundError);
    await expect(vouchers.enable("NOPE")).rejects.toMatchObject(notFoundError);
    await expect(vouchers.disable("NOPE")).rejects.toMatchObject(notFoundError);
    await expect(vouchers.delete("NOPE")).rejects.toMatchObject(notFoundError);
  });
});

describe.each(engineStores)("a change to a voucher on %s", (_, open) => {
  it("replaces given fields, clears null fields, and merges metadata by key", async () => {
    const { vouchers, setTime } = await createFixture(open);
    const created = await vouchers.create({
      code: "A",
      ...DISCOUNT,
      startDate: "2026-03-01",
      additionalInfo: "old",
      metadata: { a: 1, b: { c: 2 } },
    });
    setTime("2026-03-03T00:00:00.000Z");
    const updated = await vouchers.update("A", {
      startDate: null,
      expirationDate: new Date("2026-05-01T12:00:00+02:00"),
      redemption: { quantity: 3 },
      additionalInfo: "new",
      metadata: { b: 3 },
    });
    expect(updated).toEqual({
      ...created,
      startDate: null,
      expirationDate: "2026-05-01T10:00:00.000Z",
      redemption: { quantity: 3 },
      additionalInfo: "new",
      metadata: { a: 1, b: 3 },
      updatedAt: "2026-03-03T00:00:00.000Z",
      revision: expect.any(Number),
    });
    expect(await vouchers.get(created.id)).toEqual(updated);
  });

  it("keeps the holder and the publication of a published voucher", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { id, customerId } = await publications.create({ voucher: "A", customer: "shop-1" });
    await vouchers.update("A", { metadata: { used: true } });
    await vouchers.disable("A");
    expect(await vouchers.get("A")).toMatchObject({
      active: false,
      metadata: { used: true },
      holderId: customerId,
      publish: { count: 1, publication: { id } },
    });
  });

  it("is not lost when a publication comes at the same time", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const [{ customerId }] = await Promise.all([
      publications.create({ voucher: "A", customer: "shop-1" }),
      vouchers.update("A", { additionalInfo: "new" }),
      vouchers.update("A", { metadata: { a: 1 } }),
    ]);
    expect(await vouchers.get("A")).toMatchObject({
      additionalInfo: "new",
      metadata: { a: 1 },
      holderId: customerId,
      publish: { count: 1 },
    });
  });

  it("disables and enables it", async () => {
    const { vouchers } = await createFixture(open);
    await vouchers.create({ code: "A", ...DISCOUNT });
    expect(await vouchers.disable("A")).toMatchObject({ active: false });
    expect(await vouchers.get("A")).toMatchObject({ active: false });
    expect(await vouchers.enable("A")).toMatchObject({ active: true });
    expect(await vouchers.get("A")).toMatchObject({ active: true });
  });
});

describe.each(engineStores)("a deleted voucher on %s", (_, open) => {
  it("is removed, and its code is free again if it was never published", async () => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const { id } = await vouchers.get("A");
    await vouchers.delete("A");
    await expect(vouchers.get("A")).rejects.toMatchObject({ code: "not_found" });
    await expect(vouchers.get(id)).rejects.toMatchObject({ code: "not_found" });
    expect(await campaigns.summary("spring")).toMatchObject({ total: 1, available: 1 });
    await vouchers.create({ code: "A", ...DISCOUNT });
  });

  it("that was published keeps its publication, and its code stays taken", async () => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const { voucher, ...record } = await publications.create({ voucher: "A", customer: "shop-1" });
    await vouchers.delete(voucher?.id ?? "");
    expect((await publications.list()).data).toEqual([record]);
    await expect(vouchers.create({ code: "A", ...DISCOUNT })).rejects.toMatchObject({ code: "duplicate_found" });
    await expect(publications.create({ voucher: "A", customer: "shop-1" })).rejects.toMatchObject({
      code: "not_found",
      resource: "voucher",
      id: "A",
    });
  });
});
