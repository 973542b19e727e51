import { describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture, DISCOUNT } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

const NONE = { code: "no_voucher_suitable_for_publication" };

describe.each(engineStores)("a voucher with an expiration date on %s", (_, open) => {
  it("is published before that date, and not from then on", async () => {
    const { engine, campaigns, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"], { expirationDate: "2026-04-01T12:00:00Z" });
    setTime("2026-04-01T11:59:59.999Z");
    await publications.create({ voucher: "A", customer: "shop-1" });
    expect(await campaigns.summary("spring")).toMatchObject({ available: 2 });
    setTime("2026-04-01T12:00:00.000Z");
    expect(await campaigns.summary("spring")).toMatchObject({ available: 0 });
    await expect(publications.create({ voucher: "B", customer: "shop-1" })).rejects.toMatchObject(NONE);
    await expect(publications.create({ campaign: "spring", customer: "shop-1" })).rejects.toMatchObject(NONE);
    expect(await campaigns.summary("spring")).toEqual({ total: 3, published: 1, available: 0, failed: 2 });
  });

  it("is skipped in the pool after it has expired", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", []);
    await campaigns.importVouchers("spring", [
      { code: "OLD", expirationDate: "2026-03-01" },
      { code: "NEW", expirationDate: "2026-04-01" },
      "EVER",
    ]);
    const ask = (count: number) => publications.create({ campaign: { name: "spring", count }, customer: "shop-1" });
    await expect(ask(3)).rejects.toMatchObject(NONE);
    expect((await ask(2)).codes.toSorted()).toEqual(["EVER", "NEW"]);
    await expect(ask(1)).rejects.toMatchObject(NONE);
  });

  it("is suitable again when its date or its campaign's date is moved or removed", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"], { expirationDate: "2026-03-01" });
    await vouchers.update("A", { expirationDate: null });
    expect((await publications.create({ campaign: "spring", customer: "shop-1" })).codes).toEqual(["A"]);
    await campaigns.update("spring", { expirationDate: "2026-04-01" });
    const { codes } = await publications.create({ campaign: { name: "spring", count: 2 }, customer: "shop-1" });
    expect(codes.toSorted()).toEqual(["B", "C"]);
  });

  it("stays published after it has expired", async () => {
    const { engine, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"], { expirationDate: "2026-04-01" });
    const { id } = await publications.create({ campaign: "spring", customer: "shop-1" });
    setTime("2026-05-01T00:00:00.000Z");
    expect(await vouchers.get("A")).toMatchObject({
      active: true,
      expirationDate: "2026-04-01T00:00:00.000Z",
      publish: { count: 1, publication: { id } },
    });
    expect((await publications.list()).data).toMatchObject([{ id }]);
  });

  it.each([
    ["a date, which is midnight UTC", "2026-04-01", "2026-04-01T00:00:00.000Z"],
    ["a time with a zone", "2026-04-01T12:00:00+02:00", "2026-04-01T10:00:00.000Z"],
    ["a Date", new Date(Date.UTC(2026, 3, 1)), "2026-04-01T00:00:00.000Z"],
  ])("accepts %s", async (_what, expirationDate, stored) => {
    const { vouchers } = await createFixture(open);
    expect(await vouchers.create({ code: "A", ...DISCOUNT, expirationDate })).toMatchObject({ expirationDate: stored });
    expect(await vouchers.get("A")).toMatchObject({ expirationDate: stored });
  });

  it.each(["soon", "2026-02-30", "2026-04-01T12:00:00", "", new Date(Number.NaN), 5])(
    "is not created with the date %j",
    async (expirationDate) => {
      const { vouchers } = await createFixture(open);
      await expect(
        vouchers.create({ code: "A", ...DISCOUNT, expirationDate: expirationDate as string }),
      ).rejects.toMatchObject({ code: "invalid_payload", path: "expirationDate" });
      expect((await vouchers.list()).data).toEqual([]);
    },
  );
});

describe.each(engineStores)("an activity duration after publishing on %s", (_, open) => {
  it.each([
    ["P24D", "2026-03-02T09:15:04.120Z", "2026-03-26T09:15:04.120Z"],
    ["PT36H", "2026-12-31T23:00:00.000Z", "2027-01-02T11:00:00.000Z"],
    ["P1M", "2026-01-31T10:00:00.500Z", "2026-02-28T10:00:00.500Z"],
    ["P1M", "2028-01-31T10:00:00.000Z", "2028-02-29T10:00:00.000Z"],
    ["P1M", "2026-03-31T23:59:59.999Z", "2026-04-30T23:59:59.999Z"],
    ["P1Y", "2028-02-29T00:00:00.000Z", "2029-02-28T00:00:00.000Z"],
    ["P1Y2M3W4DT5H6M7S", "2026-01-01T00:00:00.000Z", "2027-03-26T05:06:07.000Z"],
  ])("of %s, from %s, ends at %s", async (activityDurationAfterPublishing, now, expirationDate) => {
    const { campaigns, vouchers, publications, setTime } = await createFixture(open);
    setTime(now);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 3, activityDurationAfterPublishing });
    const one = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(one.voucher).toMatchObject({ expirationDate });
    const several = await publications.create({ campaign: { name: "spring", count: 2 }, customer: "shop-1" });
    for (const code of [...one.codes, ...several.codes])
      expect(await vouchers.get(code)).toMatchObject({ expirationDate });
  });

  it.each(["2026-03-10", "2027-01-01"])("replaces the campaign's end, %s, for published vouchers only", async (end) => {
    const { engine, vouchers, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"], {
      expirationDate: end,
      activityDurationAfterPublishing: "P24D",
    });
    await publications.create({ voucher: "A", customer: "shop-1" });
    expect(await vouchers.get("A")).toMatchObject({ expirationDate: "2026-03-26T09:15:04.120Z" });
    expect(await vouchers.get("B")).toMatchObject({ expirationDate: `${end}T00:00:00.000Z` });
  });

  it("applies to codes that are created when they are published", async () => {
    const { campaigns, publications } = await createFixture(open);
    await campaigns.create({
      name: "spring",
      type: "AUTO_UPDATE",
      voucher: DISCOUNT,
      activityDurationAfterPublishing: "P1D",
    });
    const { voucher } = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(voucher).toMatchObject({ expirationDate: "2026-03-03T09:15:04.120Z" });
  });

  it("that is changed later leaves published vouchers alone", async () => {
    const { engine, campaigns, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"], { activityDurationAfterPublishing: "P1D" });
    await publications.create({ voucher: "A", customer: "shop-1" });
    await campaigns.update("spring", { activityDurationAfterPublishing: "P2D", expirationDate: "2026-12-31" });
    await publications.create({ voucher: "B", customer: "shop-1" });
    await campaigns.update("spring", { activityDurationAfterPublishing: null });
    setTime("2026-03-05T00:00:00.000Z");
    await publications.create({ voucher: "C", customer: "shop-1" });
    expect(await vouchers.get("A")).toMatchObject({ expirationDate: "2026-03-03T09:15:04.120Z" });
    expect(await vouchers.get("B")).toMatchObject({ expirationDate: "2026-03-04T09:15:04.120Z" });
    expect(await vouchers.get("C")).toMatchObject({ expirationDate: "2026-12-31T00:00:00.000Z" });
  });

  it("does not start again when a customer asks again", async () => {
    const { engine, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"], { activityDurationAfterPublishing: "P1D", joinOnce: true });
    const ask = () => publications.create({ campaign: "spring", customer: "shop-1", sourceId: "order-1" });
    const first = await ask();
    setTime("2026-03-02T12:00:00.000Z");
    expect(await ask()).toEqual(first);
    expect(first.voucher).toMatchObject({ expirationDate: "2026-03-03T09:15:04.120Z" });
  });

  it.each(["24", "P", "P0D", "-P1D", "1 day", ""])("cannot be %j", async (activityDurationAfterPublishing) => {
    const { engine, campaigns } = await createFixture(open);
    await createCampaignWithCodes(engine, "autumn", []);
    const invalid = { code: "invalid_payload", path: "activityDurationAfterPublishing" };
    await expect(
      campaigns.create({ name: "spring", voucher: DISCOUNT, activityDurationAfterPublishing }),
    ).rejects.toMatchObject(invalid);
    await expect(campaigns.update("autumn", { activityDurationAfterPublishing })).rejects.toMatchObject(invalid);
    expect((await campaigns.list()).data).toHaveLength(1);
  });
});
