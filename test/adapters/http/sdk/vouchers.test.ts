import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, expectRefusal, ID, INSTANT, NO_RULES, PERCENT } from "./clients.ts";

const DISCOUNT = { type: "DISCOUNT_VOUCHER", discount: PERCENT } as const;

const unchanged = (code: unknown, encoded: unknown) => ({
  id: ID.voucher,
  code,
  campaign: null,
  campaign_id: null,
  category: null,
  category_id: null,
  categories: [],
  type: "DISCOUNT_VOUCHER",
  discount: PERCENT,
  gift: null,
  loyalty_card: null,
  start_date: null,
  expiration_date: null,
  validity_timeframe: null,
  validity_day_of_week: null,
  validity_hours: null,
  active: true,
  additional_info: null,
  metadata: {},
  assets: expect.any(Object),
  is_referral_code: false,
  created_at: INSTANT,
  updated_at: null,
  holder_id: null,
  referrer_id: null,
  redemption: {
    quantity: 1,
    redeemed_quantity: 0,
    object: "list",
    url: `/v1/vouchers/${encoded}/redemptions?page=1&limit=10`,
  },
  publish: { object: "list", count: 0, entries: [], url: `/v1/vouchers/${encoded}/publications?page=1&limit=10` },
  validation_rules_assignments: NO_RULES,
  object: "voucher",
});

describe("vouchers of the official client", () => {
  it("are created with the code in the request, and the response has the contract's form", async () => {
    const { vouchers } = await connectClient();
    const voucher = await vouchers.create({ ...DISCOUNT, code: "SPR 1/2", redemption: { quantity: 1 } });
    expect(voucher).toEqual(unchanged("SPR 1/2", "SPR%201%2F2"));
    expect(await vouchers.get("SPR 1/2")).toEqual(voucher);
    expect(await vouchers.get(voucher.id)).toEqual(voucher);
  });

  it("have null for the QR code and the bar code", async () => {
    const { vouchers } = await connectClient();
    const image = { id: null, url: null };
    expect((await vouchers.create({ ...DISCOUNT, code: "A" })).assets).toEqual({ qr: image, barcode: image });
  });

  it("are created with a random code if the request has none", async () => {
    const { vouchers } = await connectClient();
    const voucher = await vouchers.create(DISCOUNT);
    expect(voucher).toMatchObject({ code: expect.stringMatching(/^[0-9A-Za-z]{8}$/), type: "DISCOUNT_VOUCHER" });
    const other = await vouchers.create({ ...DISCOUNT, code_config: { pattern: "X-##", charset: "AB" } });
    expect(other.code).toMatch(/^X-[AB]{2}$/);
    expect(await vouchers.list()).toMatchObject({ total: 2 });
  });

  it.each([
    ["discount", { discount: PERCENT }, { type: "DISCOUNT_VOUCHER", gift: null, loyalty_card: null }],
    ["gift", { gift: { amount: 500 } }, { type: "GIFT_VOUCHER", gift: { amount: 500, balance: 500 }, discount: null }],
    [
      "loyalty card",
      { loyalty_card: { points: 7 } },
      { type: "LOYALTY_CARD", loyalty_card: { points: 7, balance: 7 }, redemption: { redeemed_points: 0 } },
    ],
  ])("need no type if they have a %s", async (_, benefit, shown) => {
    const { vouchers } = await connectClient();
    expect(await vouchers.create({ ...benefit, code: "A" } as never)).toMatchObject(shown);
  });

  it("have all fields of the request", async () => {
    const { vouchers } = await connectClient();
    const set = {
      start_date: "2026-01-01T00:00:00.000Z",
      expiration_date: "2039-01-01T00:00:00.000Z",
      active: false,
      additional_info: "by hand",
      metadata: { batch: 7 },
      redemption: { quantity: 3 },
    };
    expect(await vouchers.create({ ...DISCOUNT, code: "A", ...set })).toMatchObject(set);
  });

  it("whose type does not match their benefit are refused", async () => {
    const { vouchers } = await connectClient();
    const wrong = vouchers.create({ type: "GIFT_VOUCHER", discount: PERCENT, code: "A" });
    await expectRefusal(wrong, { code: 400, key: "invalid_voucher" });
  });

  it("are not created twice", async () => {
    const { vouchers } = await connectClient();
    await vouchers.create({ ...DISCOUNT, code: "A" });
    await expectRefusal(vouchers.create({ ...DISCOUNT, code: "A" }), {
      code: 409,
      key: "duplicate_found",
      details: "Duplicated voucher exists with id A",
      resource_id: "A",
      resource_type: "voucher",
    });
  });

  it("are updated: absent fields stay, null clears, and metadata is merged by key", async () => {
    const { vouchers } = await connectClient();
    await vouchers.create({ ...DISCOUNT, code: "A", additional_info: "old", metadata: { a: 1, b: 2 } });
    const set = { expiration_date: "2039-01-01T00:00:00.000Z", metadata: { b: 3 }, active: false };
    const voucher = await vouchers.update({ code: "A", ...set });
    expect(voucher).toMatchObject({ ...set, additional_info: "old", metadata: { a: 1, b: 3 }, updated_at: INSTANT });
    const cleared = await vouchers.update({ code: "A", expiration_date: null, additional_info: null } as never);
    expect(cleared).toMatchObject({ expiration_date: null, additional_info: null, active: false });
  });

  it("are disabled and enabled", async () => {
    const { vouchers } = await connectClient();
    await vouchers.create({ ...DISCOUNT, code: "A" });
    expect(await vouchers.disable("A")).toMatchObject({ code: "A", active: false, object: "voucher" });
    expect(await vouchers.get("A")).toMatchObject({ active: false });
    expect(await vouchers.enable("A")).toMatchObject({ code: "A", active: true, object: "voucher" });
  });

  it.each([[{}], [{ force: true }]])("are deleted with %j", async (how) => {
    const { vouchers } = await connectClient();
    await vouchers.create({ ...DISCOUNT, code: "A" });
    expect(await vouchers.delete("A", how)).toBeFalsy();
    const gone = { code: 404, key: "not_found", details: "Cannot find voucher with id A" };
    await expectRefusal(vouchers.get("A"), { ...gone, resource_id: "A", resource_type: "voucher" });
  });

  it("that are deleted free their code", async () => {
    const { vouchers } = await connectClient();
    await vouchers.create({ ...DISCOUNT, code: "A" });
    await vouchers.delete("A", { force: true });
    expect(await vouchers.create({ ...DISCOUNT, code: "A" })).toMatchObject({ code: "A" });
  });

  it("that were published keep their code taken, even after they are deleted", async () => {
    const { vouchers, distributions } = await connectClient();
    await vouchers.create({ ...DISCOUNT, code: "A" });
    await distributions.publications.create({ voucher: "A", customer: { source_id: "shop-1" } });
    await vouchers.delete("A", { force: true });
    await expectRefusal(vouchers.create({ ...DISCOUNT, code: "A" }), { code: 409, key: "duplicate_found" });
  });

  it.each(["get", "enable", "disable", "delete"] as const)(
    "that there are none of cannot be met by %s",
    async (method) => {
      const { vouchers } = await connectClient();
      await expectRefusal(vouchers[method]("No/pe"), {
        code: 404,
        key: "not_found",
        message: "Resource not found",
        details: "Cannot find voucher with id No/pe",
        resource_id: "No/pe",
        resource_type: "voucher",
      });
    },
  );
});

describe("a list of vouchers of the official client", () => {
  const stock = async () => {
    const client = await connectClient();
    await client.campaigns.create(campaignBody("Spring"));
    await client.campaigns.importVouchers("Spring", ["S1", "S2", "S3"].map((code) => ({ code })) as never);
    await client.vouchers.create({ ...DISCOUNT, code: "ALONE", active: false, metadata: { batch: 7 } });
    await client.distributions.publications.create({ voucher: "S2", customer: { source_id: "shop-1" } });
    const codesOf = async (query: object): Promise<readonly string[]> =>
      (await client.vouchers.list({ order: "code", ...query })).vouchers.map(({ code }) => code);
    return { ...client, codesOf };
  };

  it("has the form of lists, with the total of all pages", async () => {
    const { vouchers } = await stock();
    const [first, second] = [await vouchers.get("ALONE"), await vouchers.get("S1")];
    expect(await vouchers.list({ order: "code", limit: 2 })).toEqual({
      object: "list",
      data_ref: "vouchers",
      vouchers: [first, second],
      total: 4,
    });
    const { vouchers: rest } = await vouchers.list({ order: "code", limit: 2, page: 2 });
    expect(rest.map(({ code }) => code)).toEqual(["S2", "S3"]);
  });

  it("is filtered by campaign, holder or time, and has several orders", async () => {
    const { codesOf } = await stock();
    expect(await codesOf({ campaign: "Spring" })).toEqual(["S1", "S2", "S3"]);
    expect(await codesOf({ customer: "shop-1" })).toEqual(["S2"]);
    expect(await codesOf({ customer: "nobody" })).toEqual([]);
    expect(await codesOf({ order: "-code" })).toEqual(["S3", "S2", "S1", "ALONE"]);
    expect(await codesOf({ created_at: { before: "2020-01-01T00:00:00.000Z" } })).toEqual([]);
    expect(await codesOf({ created_at: { after: "2020-01-01T00:00:00.000Z" } })).toHaveLength(4);
    expect(await codesOf({ updated_at: { after: "2020-01-01T00:00:00.000Z" } })).toEqual(["S2"]);
  });

  it("is filtered by several joined conditions", async () => {
    const { codesOf, campaigns } = await stock();
    const { id } = await campaigns.get("Spring");
    const some = { campaign_ids: { conditions: { $in: [id] } }, code: { conditions: { $is: "S3" } } };
    expect(await codesOf({ filters: { ...some, junction: "AND" } })).toEqual(["S3"]);
    expect(await codesOf({ filters: { "metadata.batch": { conditions: { $is: "7" } } } })).toEqual(["ALONE"]);
    const either = { code: { conditions: { $is: ["S1"], $ends_with: ["E"] } }, junction: "OR" };
    expect(await codesOf({ filters: either })).toEqual(["ALONE", "S1"]);
  });
});
