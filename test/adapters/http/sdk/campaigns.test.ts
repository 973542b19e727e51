import { describe, expect, it } from "vitest";
import {
  campaignBody,
  connectClient,
  expectDoneAction,
  expectRefusal,
  ID,
  INSTANT,
  NO_RULES,
  nextMillisecond,
  PERCENT,
} from "./clients.ts";

const ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

describe("campaigns of the official client", () => {
  it("are created with their vouchers, and the response has the contract's form", async () => {
    const { campaigns } = await connectClient();
    expect(await campaigns.create(campaignBody("Spring welcome", { vouchers_count: 3 }))).toEqual({
      id: ID.campaign,
      name: "Spring welcome",
      campaign_type: "DISCOUNT_COUPONS",
      type: "STATIC",
      voucher: {
        type: "DISCOUNT_VOUCHER",
        discount: PERCENT,
        redemption: { quantity: expect.toSatisfy((quantity) => quantity === null || quantity === 1) },
        code_config: { length: 8, charset: ALPHABET, pattern: "########" },
        is_referral_code: false,
      },
      auto_join: false,
      join_once: false,
      use_voucher_metadata_schema: true,
      vouchers_count: 3,
      active: true,
      metadata: {},
      created_at: INSTANT,
      updated_at: null,
      category: null,
      category_id: null,
      categories: [],
      creation_status: "DONE",
      vouchers_generation_status: "DONE",
      protected: false,
      object: "campaign",
      validation_rules_assignments: NO_RULES,
    });
  });

  it("have all fields of the request, and codes by the code configuration", async () => {
    const { campaigns, vouchers } = await connectClient();
    const set = {
      description: "For all who are new",
      start_date: "2026-01-01T00:00:00.000Z",
      expiration_date: "2039-12-31T23:59:59.000Z",
      activity_duration_after_publishing: "P24D",
      metadata: { season: "spring" },
      join_once: true,
      vouchers_count: 2,
    };
    const code_config = { length: 5, charset: "AB", prefix: "SPR-" };
    const voucher = { type: "DISCOUNT_VOUCHER" as const, discount: PERCENT, code_config };
    const campaign = await campaigns.create(campaignBody("Spring", { ...set, voucher }));
    expect(campaign).toMatchObject({
      ...set,
      voucher: { code_config: { ...code_config, pattern: expect.any(String) } },
    });
    const { vouchers: stock } = await vouchers.list({ campaign: "Spring" });
    expect(stock.map(({ code }) => code)).toEqual([
      expect.stringMatching(/^SPR-[AB]{5}$/),
      expect.stringMatching(/^SPR-[AB]{5}$/),
    ]);
  });

  it.each([
    ["gift cards", "GIFT_VOUCHERS", { type: "GIFT_VOUCHER", gift: { amount: 1000 } }, false],
    ["loyalty cards", "LOYALTY_PROGRAM", { type: "LOYALTY_CARD", loyalty_card: { points: 5 } }, true],
  ])("of %s have vouchers of the same type", async (_, campaign_type, voucher, join_once) => {
    const { campaigns } = await connectClient();
    const campaign = await campaigns.create({ name: "club", type: "AUTO_UPDATE", voucher } as never);
    expect(campaign).toMatchObject({ campaign_type, join_once, vouchers_count: 0, voucher });
  });

  it.each(["Spring welcome", "100% off/now?", "Ünïcode & #1 + [a]"])(
    "with the name %s are found by name and by id",
    async (name) => {
      const { campaigns } = await connectClient();
      const campaign = await campaigns.create(campaignBody(name));
      expect(await campaigns.get(name)).toEqual(campaign);
      expect(await campaigns.get(campaign.id)).toEqual(campaign);
    },
  );

  it("are updated: absent fields stay, and metadata is merged by key", async () => {
    const { campaigns } = await connectClient();
    const { id } = await campaigns.create(campaignBody("Spring", { description: "old", metadata: { a: 1, b: 2 } }));
    const campaign = await campaigns.update("Spring", { type: "AUTO_UPDATE", metadata: { b: 3 } });
    expect(campaign).toMatchObject({ id, type: "AUTO_UPDATE", description: "old", metadata: { a: 1, b: 3 } });
    expect(campaign).toMatchObject({ updated_at: INSTANT });
    expect(await campaigns.update(id, { unset_metadata_fields: ["a"] } as never)).toMatchObject({ metadata: { b: 3 } });
  });

  it("whose expiration date is set to null have no expiration date", async () => {
    const { campaigns } = await connectClient();
    await campaigns.create(campaignBody("Spring", { expiration_date: "2039-12-31T00:00:00.000Z" }));
    const campaign = await campaigns.update("Spring", { expiration_date: null } as never);
    expect(campaign.expiration_date).toBeUndefined();
    expect(campaign).not.toHaveProperty("expiration_date");
  });

  it("are listed newest first, with the requested limit and the total", async () => {
    const { campaigns } = await connectClient();
    for (const name of ["one", "two", "three"]) {
      await campaigns.create(campaignBody(name, { metadata: { name } }));
      await nextMillisecond();
    }
    const page = await campaigns.list({ limit: 2 });
    expect(page).toEqual({
      object: "list",
      data_ref: "campaigns",
      campaigns: [await campaigns.get("three"), await campaigns.get("two")],
      total: 3,
    });
    const namesOf = async (query: object) => (await campaigns.list(query)).campaigns.map(({ name }) => name);
    expect(await namesOf({ limit: 2, page: 2 })).toEqual(["one"]);
    expect(await namesOf({ order: "created_at" })).toEqual(["one", "two", "three"]);
    expect(await namesOf({ campaign_type: "GIFT_VOUCHERS" })).toEqual([]);
    expect(await namesOf({ filters: { "metadata.name": { conditions: { $is: "two" } } } })).toEqual(["two"]);
  });

  it("are disabled and enabled, and publish in both states", async () => {
    const { campaigns, distributions } = await connectClient();
    await campaigns.create(campaignBody("Spring", { vouchers_count: 1 }));
    expect(await campaigns.disable("Spring")).toEqual({});
    expect(await campaigns.get("Spring")).toMatchObject({ active: false });
    const published = await distributions.publications.create({
      campaign: { name: "Spring" },
      customer: { source_id: "shop-1" },
    });
    expect(published.result).toBe("SUCCESS");
    expect(await campaigns.enable("Spring")).toEqual({});
    expect(await campaigns.get("Spring")).toMatchObject({ active: true });
  });

  it.each([[{}], [{ force: true }], [{ force: false }]])(
    "are deleted with %j, by an action that has ended",
    async (how) => {
      const client = await connectClient();
      await client.campaigns.create(campaignBody("Spring", { vouchers_count: 2 }));
      const accepted = await client.campaigns.delete("Spring", how);
      expect(await expectDoneAction(client, accepted)).toMatchObject({ status: "DONE", operation_status: "SUCCESS" });
      await expectRefusal(client.campaigns.get("Spring"), {
        code: 404,
        key: "not_found",
        details: "Cannot find campaign with id Spring",
        resource_id: "Spring",
        resource_type: "campaign",
      });
      expect(await client.vouchers.list()).toMatchObject({ total: 0, vouchers: [] });
    },
  );
});
