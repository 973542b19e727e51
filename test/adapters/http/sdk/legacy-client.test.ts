import { describe, expect, it } from "vitest";
import { APP_HEADERS } from "../../../support/http-api.ts";
import { campaignBody, ID, INSTANT, PERCENT } from "./clients.ts";
import { type Json, legacyClient, publishMethod, refusal } from "./legacy-client.ts";

const DISCOUNT = { type: "DISCOUNT_VOUCHER", discount: PERCENT };

describe("campaigns of the older client", () => {
  it("are created, found by name and by id, and listed", async () => {
    const { campaigns } = await legacyClient();
    const campaign = await campaigns.create(campaignBody("Spring/1 welcome", { vouchers_count: 2 }));
    expect(campaign).toMatchObject({ id: ID.campaign, vouchers_count: 2, vouchers_generation_status: "DONE" });
    expect(await campaigns.get("Spring/1 welcome")).toEqual(campaign);
    expect(await campaigns.get(campaign.id)).toEqual(campaign);
    const envelope = { object: "list", data_ref: "campaigns", total: 1 };
    expect(await campaigns.list({ limit: 5 })).toEqual({ ...envelope, campaigns: [campaign] });
  });

  it("are updated by single fields and by whole records", async () => {
    const { campaigns } = await legacyClient();
    const campaign = await campaigns.create(campaignBody("Spring", { expiration_date: "2039-12-31T00:00:00.000Z" }));
    expect(await campaigns.update("Spring", { ...campaign, description: "new" })).toMatchObject({ description: "new" });
    expect(await campaigns.update("Spring", { expiration_date: null })).not.toHaveProperty("expiration_date");
  });

  it.each([
    ["nothing", undefined],
    ["an empty object", {}],
    ["the number 5", 5],
    ["details", { metadata: { batch: 7 } }],
  ])("get a voucher with %s as the body", async (_, body) => {
    const { campaigns } = await legacyClient();
    await campaigns.create(campaignBody("Spring"));
    const metadata = typeof body === "object" && "metadata" in body ? body.metadata : {};
    expect(await campaigns.addVoucher("Spring", body)).toMatchObject({
      campaign: "Spring",
      object: "voucher",
      metadata,
    });
    expect(await campaigns.get("Spring")).toMatchObject({ vouchers_count: 1 });
  });

  it("get imported vouchers", async () => {
    const { campaigns, vouchers } = await legacyClient();
    await campaigns.create(campaignBody("Spring"));
    const accepted = await campaigns.importVouchers("Spring", [{ code: "A" }, { code: "B", metadata: { n: 1 } }]);
    expect(accepted).toEqual({ async_action_id: ID.action });
    expect(await vouchers.list({ campaign: "Spring" })).toMatchObject({ total: 2 });
    expect(await vouchers.get("B")).toMatchObject({ campaign: "Spring", metadata: { n: 1 } });
  });

  it.each([[undefined], [{ force: true }]])("are deleted with %j", async (how) => {
    const { campaigns } = await legacyClient();
    await campaigns.create(campaignBody("Spring"));
    expect(await campaigns.delete("Spring", how)).toEqual({ async_action_id: ID.action });
    expect(await refusal(campaigns.get("Spring"))).toMatchObject({ code: 404, resource_type: "campaign" });
  });

  it("can be requested with a callback", async () => {
    const { campaigns } = await legacyClient();
    const campaign = await campaigns.create(campaignBody("Spring"));
    const answer = await new Promise((resolve, reject) => {
      campaigns.get("Spring", (error: unknown, campaign: Json) => (error ? reject(error) : resolve(campaign)));
    });
    expect(answer).toEqual(campaign);
  });
});

describe("vouchers of the older client", () => {
  it("are created with a code or without one, fetched, and listed", async () => {
    const { vouchers } = await legacyClient();
    const voucher = await vouchers.create({ ...DISCOUNT, code: "SPR 1/2" });
    expect(voucher).toMatchObject({ id: ID.voucher, code: "SPR 1/2", publish: { count: 0 } });
    expect(await vouchers.get("SPR 1/2")).toEqual(voucher);
    const other = await vouchers.create(DISCOUNT);
    expect(other).toMatchObject({ code: expect.stringMatching(/^[0-9A-Za-z]{8}$/) });
    const envelope = { object: "list", data_ref: "vouchers", total: 2 };
    expect(await vouchers.list({ limit: 1, order: "created_at" })).toMatchObject(envelope);
  });

  it("are updated by single fields and by whole records", async () => {
    const { vouchers } = await legacyClient();
    const voucher = await vouchers.create({ ...DISCOUNT, code: "A", metadata: { a: 1 } });
    const update = { ...voucher, additional_info: "new", metadata: { a: 2 } };
    expect(await vouchers.update(update)).toEqual({ ...update, updated_at: INSTANT });
  });

  it("are disabled and enabled by code, with null as the body", async () => {
    const { vouchers } = await legacyClient();
    await vouchers.create({ ...DISCOUNT, code: "A/1" });
    expect(await vouchers.disable("A/1")).toMatchObject({ code: "A/1", active: false });
    expect(await vouchers.enable("A/1")).toMatchObject({ code: "A/1", active: true });
  });

  it.each([[undefined], [{ force: true }]])("are deleted with %j", async (how) => {
    const { vouchers } = await legacyClient();
    await vouchers.create({ ...DISCOUNT, code: "A" });
    expect(await vouchers.delete("A", how)).toBeFalsy();
    expect(await refusal(vouchers.get("A"))).toMatchObject({ code: 404, resource_type: "voucher" });
  });

  it.each(["enable", "disable"] as const)("are not created by an unsupported %s", async (method) => {
    const { vouchers } = await legacyClient();
    expect(await refusal(vouchers[method]({ campaign: "Spring" }))).toMatchObject({ code: 404 });
    expect(await vouchers.list()).toMatchObject({ total: 0 });
  });
});

describe("customers of the older client", () => {
  it("are created, fetched, updated and deleted", async () => {
    const { customers } = await legacyClient();
    const customer = await customers.create({ source_id: "shop/1", name: "Ann", metadata: { tier: "gold" } });
    expect(customer).toMatchObject({ id: ID.customer, object: "customer" });
    expect(await customers.get("shop/1")).toEqual(customer);
    expect(await customers.update({ ...customer, name: "Bo" })).toMatchObject({ id: customer.id, name: "Bo" });
    const update = { source_id: "shop/1", metadata: { n: 1 } };
    expect(await customers.update(update)).toMatchObject({ name: "Bo", metadata: { tier: "gold", n: 1 } });
    expect(await customers.list({ email: "no@example.test" })).toMatchObject({ data_ref: "customers", total: 0 });
    expect(await customers.delete("shop/1")).toBeFalsy();
    expect(await customers.list()).toMatchObject({ total: 0, customers: [] });
  });

  it.each([{}, { order: "created_at" }])("are listed with %j to the end, each once", async (order) => {
    const { customers } = await legacyClient();
    const ids = Array.from({ length: 12 }, (_, i) => `shop-${i}`);
    await Promise.all(ids.map((source_id) => customers.create({ source_id })));
    const sourceIds: string[] = [];
    for await (const { source_id } of customers.scroll({ limit: 5, ...order })) sourceIds.push(source_id);
    expect(sourceIds.toSorted()).toEqual(ids.toSorted());
  });
});

describe("distributions of the older client", () => {
  it.each(["publish", "publications.create"] as const)("publish a named voucher by %s", async (method) => {
    const client = await legacyClient();
    await client.vouchers.create({ ...DISCOUNT, code: "A" });
    const customer = { source_id: "shop-1", email: "ann@example.test" };
    const published = await publishMethod(
      client,
      method,
    )({ voucher: "A", customer, channel: "mail", metadata: { n: 1 } });
    const voucher = await client.vouchers.get("A");
    expect(published).toMatchObject({ customer, channel: "mail", metadata: { n: 1 }, voucher });
    expect(voucher).toMatchObject({ publish: { count: 1, entries: [{ channel: "mail" }] }, holder_id: ID.customer });
  });

  it.each(["publish", "publications.create"] as const)("publish from a campaign by %s", async (method) => {
    const client = await legacyClient();
    await client.campaigns.create(campaignBody("Spring", { vouchers_count: 6 }));
    const publish = publishMethod(client, method);
    const one = await publish({ campaign: "Spring", customer: "shop-1" });
    expect(one).toMatchObject({ id: ID.publication, tracking_id: "shop-1", voucher: { campaign: "Spring" } });
    const five = await publish({ campaign: { name: "Spring", count: "5" }, customer: { source_id: "shop-2" } });
    expect(five).toMatchObject({ vouchers: expect.any(Array), vouchers_id: expect.any(Array) });
    expect(new Set(five.vouchers).size).toBe(5);
    expect(await refusal(publish({ campaign: "Spring", customer: "shop-3" }))).toMatchObject({
      key: "no_voucher_suitable_for_publication",
    });
  });

  it.each(["publish", "publications.create"] as const)("join once by %s, if the body has join_once", async (method) => {
    const client = await legacyClient();
    await client.campaigns.create(campaignBody("Spring", { vouchers_count: 3 }));
    const request = { campaign: { name: "Spring" }, customer: { source_id: "shop-1" }, join_once: true };
    const publish = publishMethod(client, method);
    expect(await publish(request)).toEqual(await publish(request));
    expect(await client.distributions.publications.list()).toMatchObject({ total: 1 });
  });

  it("list publications, with and without filters", async () => {
    const client = await legacyClient();
    const { publications } = client.distributions;
    await client.campaigns.create(campaignBody("Spring", { vouchers_count: 3 }));
    const to = (source_id: string) => publications.create({ campaign: { name: "Spring" }, customer: { source_id } });
    const [a, b, c] = [await to("A"), await to("B"), await to("C")];
    const found = async (conditions: object, junction: string) => {
      const { publications: some } = await publications.list({ filters: { customer_id: { conditions }, junction } });
      return some.map((one: Json) => one.tracking_id).toSorted();
    };
    expect(await publications.list({ limit: 2 })).toMatchObject({ data_ref: "publications", total: 3 });
    expect(await found({ $is: [a.customer_id] }, "AND")).toEqual(["A"]);
    expect(await found({ $in: [a.customer_id, c.customer_id] }, "AND")).toEqual(["A", "C"]);
    expect(await found({ $is: [a.customer_id, b.customer_id] }, "OR")).toEqual(["A", "B"]);
    expect(await found({ $is: [a.customer_id, b.customer_id] }, "AND")).toEqual([]);
  });

  it("export publications", async () => {
    const { distributions, vouchers } = await legacyClient();
    await vouchers.create({ ...DISCOUNT, code: "A" });
    await distributions.publish({ voucher: "A", customer: "shop-1" });
    const parameters = { fields: ["voucher_code", "customer_source_id"] };
    const exportObject = await distributions.exports.create({ exported_object: "publication", parameters });
    expect(exportObject).toMatchObject({ object: "export", exported_object: "publication", parameters });
    const { status, result } = await distributions.exports.get(exportObject.id);
    expect(status).toBe("DONE");
    const rows = await (await fetch(result.url)).text();
    expect(rows.trim().split(/\r?\n/)).toEqual(["voucher_code,customer_source_id", "A,shop-1"]);
    expect(await distributions.exports.delete(exportObject.id)).toBeFalsy();
    expect(await refusal(distributions.exports.get(exportObject.id))).toMatchObject({ code: 404 });
  });

  it("publish loyalty cards to members", async () => {
    const { campaigns, loyalties } = await legacyClient();
    const voucher = { type: "LOYALTY_CARD", loyalty_card: { points: 10 } };
    await campaigns.create({ name: "club", type: "AUTO_UPDATE", voucher });
    const member = await loyalties.createMember("club", { customer: { source_id: "shop-1" } });
    expect(member).toMatchObject({ type: "LOYALTY_CARD", object: "voucher", publish: { count: 1 } });
  });
});

describe("errors of the older client", () => {
  it("have all fields of the contract", async () => {
    const { distributions } = await legacyClient();
    const error = await refusal(distributions.publish({ voucher: "Nope", customer: "shop-1" }));
    expect(error).toBeInstanceOf(Error);
    expect({ ...error, message: error.message }).toMatchObject({
      code: 404,
      key: "not_found",
      message: "Resource not found",
      details: "Cannot find voucher with id Nope",
      request_id: ID.request,
      resource_id: "Nope",
      resource_type: "voucher",
    });
  });

  it("include a published voucher, a taken name, and a request without a source", async () => {
    const { distributions, vouchers } = await legacyClient();
    const { id } = await vouchers.create({ ...DISCOUNT, code: "A" });
    const customer = { source_id: "shop-1" };
    await distributions.publish({ voucher: "A", customer });
    expect(await refusal(distributions.publish({ voucher: "A", customer: "shop-2" }))).toMatchObject({
      code: 400,
      key: "voucher_already_published",
      details: `Voucher '${id}' has already been published`,
    });
    expect(await refusal(vouchers.create({ ...DISCOUNT, code: "A" }))).toMatchObject({
      code: 409,
      key: "duplicate_found",
      resource_id: "A",
    });
    expect(await refusal(distributions.publications.create({ customer }))).toMatchObject({ key: "missing_vouchers" });
  });

  it("are 401 with a wrong token", async () => {
    const { campaigns } = await legacyClient({ clientSecretKey: `not ${APP_HEADERS["X-App-Token"]}` });
    expect(await refusal(campaigns.list())).toMatchObject({ code: 401, key: "unauthorized" });
  });
});
