import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, ID, INSTANT, nextMillisecond, PERCENT } from "./clients.ts";

/** P1 of customer A and P2 of customer B from campaign C1, and the failed P3 of A from C2. */
const connectWithPublications = async () => {
  const client = await connectClient();
  const { campaigns, distributions, customers } = client;
  await campaigns.create(campaignBody("C1", { vouchers_count: 3 }));
  await campaigns.create(campaignBody("C2"));
  const { publications } = distributions;
  const request = { channel: "mail", metadata: { n: 1 } };
  const p1 = await publications.create({ ...request, campaign: { name: "C1" }, customer: { source_id: "A" } });
  await nextMillisecond();
  const p2 = await publications.create({ campaign: { name: "C1", count: 2 }, customer: { source_id: "B" } });
  await nextMillisecond();
  await publications.create({ campaign: { name: "C2" }, customer: { source_id: "A" } }).catch(() => undefined);
  const list = async (query: object) => (await publications.list(query)).publications ?? [];
  const [p3] = await list({});
  const names = new Map([
    [p1.id, "P1"],
    [p2.id, "P2"],
    [p3?.id, "P3"],
  ]);
  const found = async (query: object) => (await list(query)).map(({ id }) => names.get(id));
  const [a, b] = [p1.customer_id, p2.customer_id];
  return { ...client, list, found, a, b, p1, p2, p3, ann: await customers.get("A") };
};

describe("a list of publications of the official client", () => {
  it("has the form of lists, newest first, with the total of all pages", async () => {
    const { distributions, found } = await connectWithPublications();
    const page = await distributions.publications.list({ limit: 1 });
    expect(page).toEqual({ object: "list", data_ref: "publications", publications: [expect.anything()], total: 3 });
    expect(await found({})).toEqual(["P3", "P2", "P1"]);
    expect(await found({ limit: 1, page: 2 })).toEqual(["P2"]);
    expect(await found({ order: "created_at" })).toEqual(["P1", "P2", "P3"]);
  });

  it("has a short form of one voucher, or the codes of several", async () => {
    const { list, p1, p2, a, b } = await connectWithPublications();
    const [, second, first] = await list({});
    expect(first).toEqual({
      id: p1.id,
      object: "publication",
      created_at: INSTANT,
      customer_id: a,
      tracking_id: "A",
      metadata: { n: 1 },
      channel: "mail",
      source_id: null,
      result: "SUCCESS",
      customer: { id: a, name: null, email: null, source_id: "A", metadata: {}, object: "customer" },
      vouchers_id: [p1.voucher.id],
      voucher: { code: p1.voucher.code, object: "voucher", campaign: "C1", discount: PERCENT, is_referral_code: false },
    });
    const { vouchers, vouchers_id } = p2 as unknown as { readonly vouchers: unknown; readonly vouchers_id: unknown };
    expect(second).toMatchObject({ customer_id: b, vouchers, vouchers_id });
    expect(second).not.toHaveProperty("voucher");
  });

  it("has failed publications", async () => {
    const { p3, a } = await connectWithPublications();
    expect(p3).toEqual({
      id: ID.publication,
      object: "publication",
      created_at: INSTANT,
      customer_id: a,
      tracking_id: "A",
      metadata: {},
      channel: "API",
      source_id: null,
      result: "FAILURE",
      customer: { id: a, name: null, email: null, source_id: "A", metadata: {}, object: "customer" },
      vouchers: [],
      vouchers_id: [],
      failure_code: "no_voucher_suitable_for_publication",
      failure_message: expect.any(String),
    });
  });

  const conditions = (attribute: string, given: object, junction?: string) => ({
    filters: { [attribute]: { conditions: given }, ...(junction !== undefined && { junction }) },
  });

  it("is filtered as in the contract's examples", async () => {
    const { found, a, b } = await connectWithPublications();
    expect(await found(conditions("customer_id", { $is: [a] }))).toEqual(["P3", "P1"]);
    expect(await found(conditions("customer_id", { $is: a }))).toEqual(["P3", "P1"]);
    expect(await found(conditions("customer_id", { $in: [a, b] }))).toEqual(["P3", "P2", "P1"]);
    expect(await found(conditions("customer_id", { $is: [a, b] }, "OR"))).toEqual(["P3", "P2", "P1"]);
    expect(await found(conditions("customer_id", { $is: [a, b] }, "AND"))).toEqual([]);
    expect(await found(conditions("failure_code", { $has_value: "" }))).toEqual(["P3"]);
    const either = { campaign_name: { conditions: { $is: "C1" } }, result: { conditions: { $is: "FAILURE" } } };
    expect(await found({ filters: { ...either, junction: "or" } })).toEqual(["P3", "P2", "P1"]);
    expect(await found({ filters: either })).toEqual([]);
  });

  it("is filtered by several operators on one attribute, joined by the junction", async () => {
    const { found, a, b } = await connectWithPublications();
    expect(await found(conditions("customer_id", { $in: [a, b], $is_not: [a] }))).toEqual(["P2"]);
    expect(await found(conditions("customer_id", { $is: [b], $ends_with: [a.slice(-6)] }, "OR"))).toHaveLength(3);
    expect(await found(conditions("metadata.n", { $is: "1" }))).toEqual(["P1"]);
  });

  it("is filtered by campaign, customer, voucher or result", async () => {
    const { found, a, p1, p2 } = await connectWithPublications();
    const [several] = (p2 as unknown as { readonly vouchers: readonly string[] }).vouchers;
    expect(await found({ campaign: "C1" })).toEqual(["P2", "P1"]);
    expect(await found({ customer: a })).toEqual(["P3", "P1"]);
    expect(await found({ voucher: p1.voucher.code })).toEqual(["P1"]);
    expect(await found({ voucher: several })).toEqual(["P2"]);
    expect(await found({ result: "FAILURE" })).toEqual(["P3"]);
    expect(await found({ voucher_type: "DISCOUNT", result: "SUCCESS" })).toEqual(["P2", "P1"]);
    expect(await found({ voucher_type: "GIFT", result: "SUCCESS" })).toEqual([]);
  });
});
