import { describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture, DISCOUNT } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

describe.each(engineStores)("a change to a campaign on %s", (_, open) => {
  it("replaces given fields, clears null fields, and merges metadata by key", async () => {
    const { campaigns, setTime } = await createFixture(open);
    const created = await campaigns.create({
      name: "spring",
      voucher: DISCOUNT,
      description: "old",
      activityDurationAfterPublishing: "P1D",
      metadata: { a: 1, b: { c: 2 } },
    });
    setTime("2026-03-03T00:00:00.000Z");
    const updated = await campaigns.update("spring", {
      description: null,
      joinOnce: true,
      metadata: { b: { d: 3 }, e: null },
    });
    expect(updated).toEqual({
      ...created,
      description: null,
      joinOnce: true,
      metadata: { a: 1, b: { d: 3 }, e: null },
      updatedAt: "2026-03-03T00:00:00.000Z",
      revision: expect.any(Number),
    });
    expect(await campaigns.get("spring")).toEqual(updated);
  });

  it("cannot rename it", async () => {
    const { campaigns } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT });
    await campaigns.update("spring", { name: "summer" } as never);
    expect(await campaigns.get("spring")).toMatchObject({ name: "spring" });
    await expect(campaigns.get("summer")).rejects.toMatchObject({ code: "not_found" });
  });

  it("is not lost when several changes come at once", async () => {
    const { campaigns } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT });
    const keys = ["a", "b", "c", "d", "e"];
    await Promise.all(keys.map((key) => campaigns.update("spring", { metadata: { [key]: true } })));
    expect((await campaigns.get("spring")).metadata).toEqual({ a: true, b: true, c: true, d: true, e: true });
  });

  it("of its dates reaches its unpublished vouchers, and no other", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["GIVEN", "FREE"], {
      startDate: "2026-03-01",
      expirationDate: "2026-04-01",
    });
    await campaigns.importVouchers("spring", [{ code: "OWN", expirationDate: "2026-12-31" }]);
    await createCampaignWithCodes(engine, "autumn", ["OTHER"], { expirationDate: "2026-04-01" });
    await publications.create({ voucher: "GIVEN", customer: "shop-1" });

    await campaigns.update("spring", { startDate: null, expirationDate: "2026-05-01" });
    const dates = { startDate: null, expirationDate: "2026-05-01T00:00:00.000Z" };
    expect(await vouchers.get("FREE")).toMatchObject(dates);
    expect(await vouchers.get("OWN")).toMatchObject(dates);
    expect(await vouchers.get("GIVEN")).toMatchObject({
      startDate: "2026-03-01T00:00:00.000Z",
      expirationDate: "2026-04-01T00:00:00.000Z",
    });
    expect(await vouchers.get("OTHER")).toMatchObject({ expirationDate: "2026-04-01T00:00:00.000Z" });
  });

  it("of other fields leaves the vouchers' own dates alone", async () => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", [], { expirationDate: "2026-04-01" });
    await campaigns.importVouchers("spring", [{ code: "OWN", expirationDate: "2026-12-31" }]);
    await campaigns.update("spring", { description: "new", startDate: "2026-03-01" });
    expect(await vouchers.get("OWN")).toMatchObject({ expirationDate: "2026-12-31T00:00:00.000Z" });
  });

  it("of its code config applies to later codes", async () => {
    const { engine, campaigns, vouchers } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["OLD-1"]);
    await campaigns.update("spring", { codeConfig: { pattern: "NEW-####" } });
    await campaigns.addVouchers("spring", { count: 2 });
    const codes = (await vouchers.list({ order: "code" })).data.map(({ code }) => code);
    expect(codes).toEqual([
      expect.stringMatching(/^NEW-[0-9a-zA-Z]{4}$/),
      expect.stringMatching(/^NEW-[0-9a-zA-Z]{4}$/),
      "OLD-1",
    ]);
  });

  it("of its code config applies to codes that are created when they are published", async () => {
    const { campaigns, publications } = await createFixture(open);
    await campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT });
    await campaigns.update("spring", { codeConfig: { pattern: "NEW-####", charset: "XY" } });
    const { codes } = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(codes).toEqual([expect.stringMatching(/^NEW-[XY]{4}$/)]);
  });

  it("of its type turns its extension on or off", async () => {
    const { campaigns, publications } = await createFixture(open);
    const ask = () => publications.create({ campaign: "spring", customer: "shop-1" });
    await campaigns.create({ name: "spring", voucher: DISCOUNT });
    await expect(ask()).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    await campaigns.update("spring", { type: "AUTO_UPDATE" });
    await ask();
    await campaigns.update("spring", { type: "STATIC" });
    await expect(ask()).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    expect(await campaigns.summary("spring")).toEqual({ total: 1, published: 1, available: 0, failed: 2 });
  });

  it("disables and enables it, and it publishes in both states", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    expect(await campaigns.disable("spring")).toMatchObject({ active: false });
    expect(await campaigns.get("spring")).toMatchObject({ active: false });
    expect(await publications.create({ campaign: "spring", customer: "shop-1" })).toMatchObject({ result: "SUCCESS" });
    expect(await campaigns.enable("spring")).toMatchObject({ active: true });
    expect(await campaigns.get("spring")).toMatchObject({ active: true });
  });

  it("removes keys of the metadata, even together with new keys", async () => {
    const { campaigns } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, metadata: { a: 1, b: 2, c: 3 } });
    const { metadata, revision } = await campaigns.update("spring", {
      metadata: { d: 4 },
      unsetMetadataFields: ["a", "d", "z"],
    });
    expect(metadata).toEqual({ b: 2, c: 3 });
    expect(await campaigns.update("spring", { unsetMetadataFields: ["z"] })).toMatchObject({ metadata, revision });
    await expect(campaigns.update("spring", { unsetMetadataFields: [5] as never })).rejects.toMatchObject({
      code: "invalid_payload",
      path: "unsetMetadataFields[0]",
    });
  });
});
