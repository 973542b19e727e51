import voucherify from "@voucherify/sdk";
import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, expectRefusal } from "./clients.ts";

const connectWithCampaigns = async () => {
  const client = await connectClient();
  await client.campaigns.create(campaignBody("Spring"));
  await client.campaigns.addCertainVoucher("Spring", "SPR-1");
  await client.campaigns.create(campaignBody("Once", { vouchers_count: 2, join_once: true }));
  const publish = (request: object): Promise<unknown> =>
    client.distributions.publications.create({ customer: { source_id: "shop-1" }, ...request } as never);
  return { ...client, publish };
};

const CAMPAIGN = { campaign: { name: "Spring" } };
const notFound = (resource_type: string, resource_id: string) => ({
  code: 404,
  key: "not_found",
  message: "Resource not found",
  details: `Cannot find ${resource_type} with id ${resource_id}`,
  resource_id,
  resource_type,
});

describe("errors of the official client", () => {
  it.each([
    ["no source", {}, "missing_vouchers", "Either Campaign or Voucher is required"],
    ["no customer", { ...CAMPAIGN, customer: null }, "missing_customer", undefined],
    ["nothing of the customer", { ...CAMPAIGN, customer: {} }, "invalid_customer", undefined],
    ["a count of 0", { campaign: { name: "Spring", count: 0 } }, "invalid_payload", undefined],
    ["a count of 1.5", { campaign: { name: "Spring", count: 1.5 } }, "invalid_payload", undefined],
    ["a count of words", { campaign: { name: "Spring", count: "some" } }, "invalid_payload", undefined],
    [
      "a count of 51",
      { campaign: { name: "Spring", count: 51 } },
      "too_many_vouchers_requested",
      "Only up to 50 can be published",
    ],
    [
      "a count above 1, joining once",
      { campaign: { name: "Spring", count: 2 }, join_once: true },
      "too_many_vouchers_requested",
      "Only up to 1 can be published",
    ],
    ["metadata of text", { ...CAMPAIGN, metadata: "text" }, "invalid_payload", expect.stringContaining(".metadata")],
  ])("with %s are 400", async (_, request, key, details) => {
    const { publish } = await connectWithCampaigns();
    await expectRefusal(publish(request), { code: 400, key, ...(details !== undefined && { details }) });
  });

  it("are 404 if a voucher, a campaign or a customer is not found", async () => {
    const { publish } = await connectWithCampaigns();
    await expectRefusal(publish({ voucher: "Nope" }), notFound("voucher", "Nope"));
    await expectRefusal(publish({ campaign: { name: "Nope" } }), notFound("campaign", "Nope"));
    await expectRefusal(publish({ campaign: "camp_nope" }), notFound("campaign", "camp_nope"));
    await expectRefusal(publish({ ...CAMPAIGN, customer: "cust_nope" }), notFound("customer", "cust_nope"));
    await expectRefusal(publish({ ...CAMPAIGN, customer: { id: "cust_nope" } }), notFound("customer", "cust_nope"));
  });

  it("have the id of a voucher that is published already", async () => {
    const { publish, vouchers, distributions } = await connectWithCampaigns();
    const { id } = await vouchers.get("SPR-1");
    await publish({ voucher: "SPR-1" });
    const details = `Voucher '${id}' has already been published`;
    const wrong = { code: 400, key: "voucher_already_published", details };
    await expectRefusal(publish({ voucher: "SPR-1", customer: "shop-2" }), wrong);
    await expectRefusal(publish({ voucher: "SPR-1" }), wrong);
    expect(await distributions.publications.list({ result: "FAILURE" })).toMatchObject({ total: 2 });
  });

  it("have a hint for an empty campaign", async () => {
    const { publish } = await connectWithCampaigns();
    const none = {
      code: 400,
      key: "no_voucher_suitable_for_publication",
      message: "Couldn't find any voucher suitable for publication",
      details: expect.stringMatching(/auto[-_]update/i),
    };
    await expectRefusal(publish({ campaign: { name: "Spring", count: 2 } }), none);
    await publish(CAMPAIGN);
    await expectRefusal(publish(CAMPAIGN), none);
  });

  it("include a disabled voucher", async () => {
    const { publish, vouchers } = await connectWithCampaigns();
    await vouchers.disable("SPR-1");
    const none = { code: 400, key: "no_voucher_suitable_for_publication" };
    await expectRefusal(publish({ voucher: "SPR-1" }), none);
    await expectRefusal(publish(CAMPAIGN), none);
  });

  it("include a second join", async () => {
    const { publish, campaigns } = await connectWithCampaigns();
    await publish({ campaign: { name: "Once" } });
    await campaigns.addCertainVoucher("Once", "ONE-1");
    await expectRefusal(publish({ voucher: "ONE-1" }), {
      code: 400,
      key: "voucher_cannot_be_published",
      details: "Voucher cannot be published. Customer already joined program.",
    });
  });

  it("include a taken source id", async () => {
    const { publish } = await connectWithCampaigns();
    await publish({ voucher: "SPR-1", source_id: "order-1" });
    await expectRefusal(publish({ campaign: { name: "Once" }, source_id: "order-1" }), {
      code: 400,
      key: "duplicate_source_id",
      message: "Duplicate source_id",
      details: "Publication with source_id: 'order-1' already exists",
    });
  });

  it("are 409 if a campaign's name is taken", async () => {
    const { campaigns } = await connectWithCampaigns();
    await expectRefusal(campaigns.create(campaignBody("Spring")), {
      code: 409,
      key: "duplicate_found",
      details: "Duplicated campaign exists with name Spring",
      resource_id: "Spring",
      resource_type: "campaign",
    });
  });

  it.each([
    ["a name of nothing", campaignBody(""), ".name"],
    ["a count below 0", campaignBody("A", { vouchers_count: -1 }), ".vouchers_count"],
    ["a date that is none", campaignBody("A", { expiration_date: "soon" }), ".expiration_date"],
    ["a duration that is none", campaignBody("A", { activity_duration_after_publishing: "24" }), ".activity_duration"],
  ])("of a campaign with %s name the property", async (_, body, property) => {
    const { campaigns } = await connectClient();
    await expectRefusal(campaigns.create(body), {
      code: 400,
      key: expect.stringMatching(/^invalid_/),
      details: expect.stringContaining(property),
    });
  });

  it.each([
    ["an unknown attribute", { shoe_size: { conditions: { $is: "42" } } }, /shoe_size/],
    ["an unknown operator", { channel: { conditions: { $like: "a" } } }, /\$like/],
    ["an unknown junction", { channel: { conditions: { $is: "a" } }, junction: "XOR" }, /and.*or/],
  ])("of a list with %s name the parameter", async (_, filters, details) => {
    const { distributions } = await connectClient();
    const call = distributions.publications.list({ filters: filters as never });
    await expectRefusal(call, { code: 400, key: "invalid_query_params", details: expect.stringMatching(details) });
  });

  it("of a list include pages above 1000 and limits above 100", async () => {
    const { publications } = (await connectClient()).distributions;
    await expectRefusal(publications.list({ page: 1001 }), {
      code: 400,
      key: "page_over_limit",
      details: "Property .page cannot be higher than 1000",
    });
    await expectRefusal(publications.list({ limit: 101 }), { code: 400, key: "invalid_query_params" });
  });

  it("are 401 with a wrong token, and with a client key", async () => {
    const { url } = await connectClient();
    const wrong = voucherify.VoucherifyServerSide({ applicationId: "app", secretKey: "wrong", apiUrl: url });
    const unauthorized = { code: 401, key: "unauthorized", message: "Unauthorized" };
    await expectRefusal(wrong.campaigns.list(), unauthorized);
    const swapped = voucherify.VoucherifyServerSide({ applicationId: "web", secretKey: "web-token", apiUrl: url });
    await expectRefusal(swapped.campaigns.list(), unauthorized);
  });
});
