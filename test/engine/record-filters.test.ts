import { type CustomerInput, or, parseFilters, where } from "oncecode";
import { beforeAll, describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture, DISCOUNT, type Fixture } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

const nested = (attribute: string, conditions: object): object => ({ [attribute]: { conditions } });

describe.each(engineStores)("a filter of vouchers on %s", (_, open) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await createFixture(open);
    const { engine, campaigns, vouchers, publications, setTime } = fixture;
    await createCampaignWithCodes(engine, "spring", ["A"], { startDate: "2026-03-01" });
    await campaigns.importVouchers("spring", [{ code: "a", expirationDate: "2026-05-01", metadata: { row: 2 } }]);
    await vouchers.create({ code: "C_1", type: "GIFT_VOUCHER", gift: { amount: 5 }, active: false });
    await vouchers.create({ code: "CX1", type: "LOYALTY_CARD", loyaltyCard: { points: 5 }, isReferralCode: true });
    setTime("2026-03-05T00:00:00.000Z");
    await publications.create({ voucher: "A", customer: "shop-1" });
  });

  it.each<[string, object, string]>([
    ["code", { $is: "A" }, "A"],
    ["code", { $in: ["a", "CX1"] }, "CX1 a"],
    ["code", { $starts_with: "C_" }, "C_1"],
    ["campaign", { $is: "spring" }, "A a"],
    ["campaign", { $is_unknown: "" }, "CX1 C_1"],
    ["campaign", { $is_not: "spring" }, "CX1 C_1"],
    ["voucher_type", { $is: "loyalty" }, "CX1"],
    ["voucher_type", { $is: "DISCOUNT_VOUCHER" }, "A a"],
    ["active", { $is: "false" }, "C_1"],
    ["is_referral_code", { $is: "true" }, "CX1"],
    ["holder_id", { $has_value: "" }, "A"],
    ["publication_id", { $is_unknown: "" }, "CX1 C_1 a"],
    ["start_date", { $before: "2026-03-02" }, "A a"],
    ["expiration_date", { $after: "2026-04-01" }, "a"],
    ["expiration_date", { $is_unknown: "" }, "A CX1 C_1"],
    ["updated_at", { $is: "2026-03-05T00:00:00.000Z" }, "A"],
    ["updated_at", { $is_unknown: "" }, "CX1 C_1 a"],
    ["created_at", { $before: "2026-03-05" }, "A CX1 C_1 a"],
    ["metadata.row", { $is: "2" }, "a"],
  ])("by %s with %j gives %s", async (attribute, conditions, codes) => {
    const filters = parseFilters(nested(attribute, conditions), "vouchers");
    const page = await fixture.vouchers.list({ filters, order: "code" });
    expect(page.data.map(({ code }) => code).join(" ")).toBe(codes);
    expect(await page.total()).toBe(page.data.length);
  });

  it("by the ids of a campaign and a holder finds their vouchers", async () => {
    const { campaigns, customers, vouchers } = fixture;
    const [spring, ann] = [await campaigns.get("spring"), await customers.get("shop-1")];
    const filters = or(where("campaignId").is(spring.id), where("holderId").is(ann.id));
    expect((await vouchers.list({ filters, order: "code" })).data.map(({ code }) => code)).toEqual(["A", "a"]);
  });
});

describe.each(engineStores)("a filter of campaigns on %s", (_, open) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await createFixture(open);
    const { campaigns } = fixture;
    await campaigns.create({ name: "100% off", voucher: DISCOUNT, metadata: { season: "spring" } });
    await campaigns.create({ name: "1000 off", type: "AUTO_UPDATE", voucher: DISCOUNT, expirationDate: "2026-05-01" });
    const card = { type: "LOYALTY_CARD", loyaltyCard: { points: 0 } } as const;
    await campaigns.create({ name: "club", voucher: card, startDate: "2026-03-01" });
    await campaigns.disable("club");
  });

  it.each<[string, object, string]>([
    ["name", { $starts_with: "100%" }, "100% off"],
    ["name", { $ends_with: "off" }, "100% off, 1000 off"],
    ["type", { $is: "AUTO_UPDATE" }, "1000 off"],
    ["campaign_type", { $is_not: "DISCOUNT_COUPONS" }, "club"],
    ["join_once", { $is: true }, "club"],
    ["active", { $is: false }, "club"],
    ["start_date", { $has_value: "" }, "club"],
    ["expiration_date", { $before: "2026-06-01" }, "1000 off"],
    ["updated_at", { $has_value: "" }, "club"],
    ["metadata.season", { $is: "spring" }, "100% off"],
    ["metadata.season", { $is_not: "spring" }, "1000 off, club"],
  ])("by %s with %j gives %s", async (attribute, conditions, names) => {
    const filters = parseFilters(nested(attribute, conditions), "campaigns");
    const page = await fixture.campaigns.list({ filters, order: "name" });
    expect(page.data.map(({ name }) => name).join(", ")).toBe(names);
    expect(await page.total()).toBe(page.data.length);
  });
});

describe.each(engineStores)("a filter of customers on %s", (_, open) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await createFixture(open);
    const people: readonly CustomerInput[] = [
      { sourceId: "shop-1", name: "Ann", email: "ann@example.test", birthdate: "1990-04-01", metadata: { age: 35 } },
      { sourceId: "shop-2", name: "ann", phone: "+43 1" },
      { email: "eve_@example.test", metadata: { age: "35" } },
    ];
    for (const person of people) await fixture.customers.upsert(person);
    await fixture.customers.update("shop-2", { description: "A regular" });
  });

  it.each<[string, object, string]>([
    ["source_id", { $is: "shop-1" }, "1"],
    ["source_id", { $is_unknown: "" }, "3"],
    ["name", { $is: "ann" }, "2"],
    ["name", { $is_not: "ann" }, "13"],
    ["email", { $contains: "_@" }, "3"],
    ["email", { $has_value: "" }, "13"],
    ["phone", { $starts_with: "+43" }, "2"],
    ["birthdate", { $is: "1990-04-01" }, "1"],
    ["updated_at", { $has_value: "" }, "2"],
    ["metadata.age", { $is: 35 }, "13"],
    ["metadata.age", { $is_unknown: "" }, "2"],
  ])("by %s with %j gives %s", async (attribute, conditions, expected) => {
    const everybody = (await fixture.customers.list({ order: "id" })).data.map(({ id }) => id);
    const filters = parseFilters(nested(attribute, conditions), "customers");
    const page = await fixture.customers.list({ filters, order: "id" });
    expect(page.data.map(({ id }) => everybody.indexOf(id) + 1).join("")).toBe(expected);
    expect(await page.total()).toBe(page.data.length);
  });
});
