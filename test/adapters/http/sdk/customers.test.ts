import type { CustomerObject } from "@voucherify/sdk";
import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, expectRefusal, ID, INSTANT } from "./clients.ts";

const ANN = {
  source_id: "shop-4711",
  name: "Ann Doe",
  description: "regular",
  email: "ann@example.test",
  phone: "+43 1 234",
  birthdate: "1990-04-01",
  address: {
    city: "Graz",
    state: "Styria",
    line_1: "Hauptplatz 1",
    line_2: "2nd floor",
    country: "AT",
    postal_code: "8010",
  },
  metadata: { tier: "gold" },
};

describe("customers of the official client", () => {
  it("are created, and the response has the contract's form", async () => {
    const { customers } = await connectClient();
    expect(await customers.create(ANN)).toEqual({
      ...ANN,
      id: ID.customer,
      birthday: null,
      summary: {
        redemptions: {
          total_redeemed: 0,
          total_failed: 0,
          total_succeeded: 0,
          total_rolled_back: 0,
          total_rollback_failed: 0,
          total_rollback_succeeded: 0,
          gift: { redeemed_amount: 0, amount_to_go: 0 },
          loyalty_card: { redeemed_points: 0, points_to_go: 0 },
        },
        orders: { total_amount: 0, total_count: 0, average_amount: 0, last_order_amount: 0, last_order_date: null },
      },
      loyalty: { points: 0, referred_customers: 0, campaigns: {} },
      referrals: { total: 0, campaigns: [] },
      system_metadata: {},
      created_at: INSTANT,
      updated_at: null,
      assets: {},
      object: "customer",
    });
  });

  it("have null for absent fields", async () => {
    const { customers } = await connectClient();
    const nothing = { name: null, description: null, email: null, phone: null, birthday: null, birthdate: null };
    expect(await customers.create({ source_id: "shop-1" })).toMatchObject({ ...nothing, address: null, metadata: {} });
  });

  it("are found by id and by source id, with any characters", async () => {
    const { customers } = await connectClient();
    for (const source_id of ["shop-1", "a/b c?#%", "größe@example.test"]) {
      const customer = await customers.create({ source_id });
      expect(await customers.get(source_id)).toEqual(customer);
      expect(await customers.get(Object.assign({ id: "" }, customer).id)).toEqual(customer);
    }
  });

  it("that are created again are merged into the existing ones", async () => {
    const { customers } = await connectClient();
    const customer = await customers.create(ANN);
    const again = await customers.create({ source_id: "shop-4711", name: "Ann Roe", metadata: { since: 2020 } });
    expect(again).toMatchObject({ ...ANN, name: "Ann Roe", metadata: { tier: "gold", since: 2020 } });
    expect(again).toMatchObject({ id: Object.assign({ id: "" }, customer).id });
    expect(await customers.list({})).toMatchObject({ total: 1 });
  });

  it("with only an email are new each time", async () => {
    const { customers } = await connectClient();
    for (const email of ["ann@example.test", "ann@example.test"])
      expect(await customers.create({ email })).toMatchObject({ email, source_id: null });
    expect(await customers.list({})).toMatchObject({ total: 2 });
  });

  it("are updated by id or by source id: absent fields stay, and null clears", async () => {
    const { customers } = await connectClient();
    const { id } = Object.assign({ id: "" }, await customers.create(ANN));
    const customer = await customers.update({ source_id: "shop-4711", metadata: { tier: "silver", n: 1 } });
    expect(customer).toMatchObject({ id, name: "Ann Doe", metadata: { tier: "silver", n: 1 }, updated_at: INSTANT });
    expect(await customers.update({ id, phone: null, name: "Ann" } as never)).toMatchObject({
      phone: null,
      name: "Ann",
    });
    expect(await customers.get(id)).toMatchObject({ phone: null, name: "Ann", email: ANN.email });
  });

  it("keep their source id", async () => {
    const { customers } = await connectClient();
    const { id } = Object.assign({ id: "" }, await customers.create(ANN));
    await customers.update({ id, source_id: "shop-1" }).catch(() => undefined);
    expect(await customers.get(id)).toMatchObject({ source_id: "shop-4711" });
  });

  it("are deleted", async () => {
    const { customers } = await connectClient();
    await customers.create(ANN);
    expect(await customers.delete("shop-4711")).toBeFalsy();
    expect(await customers.list({})).toMatchObject({ total: 0, customers: [] });
  });

  it.each([
    ["get", "cust_nope"],
    ["get", "shop/nope"],
    ["delete", "cust_nope"],
    ["listRedeemables", "shop-nope"],
  ] as const)("that do not exist are not found by %s of %s", async (method, id) => {
    const { customers } = await connectClient();
    await expectRefusal(customers[method](id), {
      code: 404,
      key: "not_found",
      message: "Resource not found",
      details: `Cannot find customer with id ${id}`,
      resource_id: id,
      resource_type: "customer",
    });
  });

  it("without any field are refused", async () => {
    const { customers } = await connectClient();
    await expectRefusal(customers.create({}), { code: 400, key: "invalid_customer" });
  });
});

/** The client's type cannot be iterated. */
const all = (scrolled: unknown): AsyncIterable<CustomerObject> => scrolled as AsyncIterable<CustomerObject>;

describe("lists of customers of the official client", () => {
  const many = async (size: number) => {
    const client = await connectClient();
    const ids = Array.from({ length: size }, (_, i) => `shop-${i}`);
    for (const source_id of ids) await client.customers.create({ source_id, email: `${source_id}@example.test` });
    return { ...client, ids };
  };

  it("have the form of lists, and filter by page, email or time", async () => {
    const { customers } = await many(3);
    const page = await customers.list({ limit: 2, order: "created_at" });
    expect(page).toMatchObject({ object: "list", data_ref: "customers", total: 3, has_more: true });
    expect(page.customers).toHaveLength(2);
    expect((await customers.list({ limit: 2, page: 2 })).has_more).toBe(false);
    const one = await customers.list({ email: "shop-1@example.test" });
    expect(one.customers).toEqual([await customers.get("shop-1")]);
    expect(await customers.list({ starting_after: "1970-01-01T00:00:00Z" })).toMatchObject({ total: 0, customers: [] });
  });

  it.each(["created_at", "-created_at"] as const)(
    "in the order of %s have each customer once, up to the end",
    async (order) => {
      const { customers, ids } = await many(25);
      const sourceIds: string[] = [];
      const times: string[] = [];
      for await (const one of all(customers.scroll({ limit: 4, order }))) {
        sourceIds.push(one.source_id ?? "");
        times.push(one.created_at);
      }
      expect(sourceIds.toSorted()).toEqual(ids.toSorted());
      expect(order === "created_at" ? times : times.toReversed()).toEqual(times.toSorted());
    },
  );

  it("can be empty", async () => {
    const { customers } = await connectClient();
    for await (const one of all(customers.scroll({}))) expect.fail(one.id);
  });

  const wallet = async () => {
    const client = await connectClient();
    await client.campaigns.create(campaignBody("Spring", { vouchers_count: 3 }));
    const customer = { source_id: "shop-1" };
    const codes: string[] = [];
    for (let i = 0; i < 3; i++) {
      const { voucher } = await client.distributions.publications.create({ campaign: { name: "Spring" }, customer });
      codes.push(voucher.code);
    }
    return { ...client, codes };
  };

  it("of a customer's vouchers have an item for each voucher", async () => {
    const { customers, campaigns, vouchers, codes } = await wallet();
    const { data, ...envelope } = await customers.listRedeemables("shop-1");
    expect(envelope).toEqual({
      object: "list",
      data_ref: "data",
      total: 3,
      has_more: false,
      more_starting_after: null,
    });
    const heldVouchers = await Promise.all(codes.map((code) => vouchers.get(code)));
    expect(data.map(({ redeemable_id }) => redeemable_id).toSorted()).toEqual(
      heldVouchers.map(({ id }) => id).toSorted(),
    );
    expect(data[0]).toMatchObject({
      id: expect.stringMatching(/^rh_/),
      created_at: INSTANT,
      redeemable_object: "voucher",
      customer_id: heldVouchers[0]?.holder_id,
      holder_role: "OWNER",
      campaign_id: (await campaigns.get("Spring")).id,
      campaign_type: "DISCOUNT_COUPONS",
      voucher_type: "DISCOUNT_VOUCHER",
    });
  });

  it("of a customer's vouchers have the voucher in the property of the client's types", async () => {
    const { customers, codes } = await wallet();
    const { data } = await customers.listRedeemables("shop-1");
    expect(data.map(({ redeemable }) => redeemable.voucher?.code).toSorted()).toEqual(codes.toSorted());
    expect(data[0]?.redeemable).toMatchObject({ type: "voucher", status: "ACTIVE" });
  });

  it.each(["created_at", "-created_at"] as const)(
    "of a customer's vouchers continue in the order of %s",
    async (order) => {
      const { customers } = await wallet();
      const all = await customers.listRedeemables("shop-1", { order });
      const redeemableIds: string[] = [];
      let after: string | undefined;
      do {
        const position = after === undefined ? {} : { starting_after_id: after };
        const page = await customers.listRedeemables("shop-1", { order, limit: 1, ...position });
        redeemableIds.push(...page.data.map(({ id }) => id));
        after = page.has_more ? page.more_starting_after : undefined;
      } while (after !== undefined);
      expect(redeemableIds).toEqual(all.data.map(({ id }) => id));
      expect(redeemableIds).toHaveLength(3);
    },
  );
});
