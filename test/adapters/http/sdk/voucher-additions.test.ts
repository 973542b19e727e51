import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, expectDoneAction, expectRefusal, ID, PERCENT } from "./clients.ts";

const connectWithCampaign = async (more: object = {}) => {
  const client = await connectClient();
  await client.campaigns.create(campaignBody("Spring", more));
  return client;
};

describe("adding vouchers to a campaign by the official client", () => {
  it("adds one, and responds with it", async () => {
    const { campaigns, vouchers } = await connectWithCampaign();
    const added = await campaigns.addVoucher("Spring");
    expect(added).toMatchObject({ id: ID.voucher, campaign: "Spring", discount: PERCENT, object: "voucher" });
    expect((await vouchers.list({ campaign: "Spring" })).vouchers).toEqual([added]);
    expect(await campaigns.get("Spring")).toMatchObject({ vouchers_count: 1 });
  });

  it("adds one if the count is 1", async () => {
    const { campaigns } = await connectWithCampaign();
    expect(await campaigns.addVoucher("Spring", {}, { vouchers_count: 1 })).toMatchObject({ object: "voucher" });
  });

  it("adds several, by an action that has ended", async () => {
    const client = await connectWithCampaign();
    const accepted = await client.campaigns.addVoucher("Spring", {}, { vouchers_count: 3 });
    expect(await expectDoneAction(client, accepted)).toMatchObject({
      status: "DONE",
      operation_status: "SUCCESS",
      progress: 100,
      result: { done_count: 3, failed_count: 0, failed: [] },
    });
    expect(await client.vouchers.list({ campaign: "Spring" })).toMatchObject({ total: 3 });
    expect(await client.campaigns.get("Spring")).toMatchObject({ vouchers_count: 3 });
  });

  it.each([
    ["nothing", undefined],
    ["an empty object", {}],
    ["the number 5", 5],
  ])("adds with %s as the body", async (_, body) => {
    const client = await connectWithCampaign();
    expect(await client.campaigns.addVoucher("Spring", body as never)).toMatchObject({ object: "voucher" });
    const accepted = await client.campaigns.addVoucher("Spring", body as never, { vouchers_count: 3 });
    expect(await expectDoneAction(client, accepted)).toMatchObject({ result: { done_count: 3 } });
    expect(await client.vouchers.list({ campaign: "Spring" })).toMatchObject({ total: 4 });
  });

  const details = { metadata: { batch: 7 }, additional_info: "by hand", redemption: { quantity: 3 } };
  const dates = { start_date: "2026-01-01T00:00:00.000Z", expiration_date: "2039-01-01T00:00:00.000Z" };

  it("accepts details, also of the code configuration", async () => {
    const { campaigns } = await connectWithCampaign();
    const body = { ...details, ...dates, code_config: { pattern: "ADD-###" } };
    const added = await campaigns.addVoucher("Spring", body as never);
    expect(added).toMatchObject({ ...details, ...dates, code: expect.stringMatching(/^ADD-\w{3}$/) });
  });

  it("gives several the same details", async () => {
    const { campaigns, vouchers } = await connectWithCampaign();
    const body = { ...details, code_config: { pattern: "ADD-###" } };
    await campaigns.addVoucher("Spring", body, { vouchers_count: 2 });
    const one = { ...details, code: expect.stringMatching(/^ADD-\w{3}$/) };
    expect((await vouchers.list({ campaign: "Spring" })).vouchers).toMatchObject([one, one]);
  });

  it.each(["SPR 1/2", "GRÜN-100%", "a+b&c=d?#"])("adds the code %s", async (code) => {
    const { campaigns, vouchers } = await connectWithCampaign();
    const added = await campaigns.addCertainVoucher("Spring", code, details);
    expect(added).toMatchObject({ code, campaign: "Spring", ...details });
    expect(await vouchers.get(code)).toEqual(added);
  });

  it("does not add the same code twice", async () => {
    const { campaigns } = await connectWithCampaign();
    await campaigns.addCertainVoucher("Spring", "SPR-1");
    await expectRefusal(campaigns.addCertainVoucher("Spring", "SPR-1"), {
      code: 409,
      key: "duplicate_found",
      details: "Duplicated voucher exists with id SPR-1",
      resource_id: "SPR-1",
      resource_type: "voucher",
    });
  });

  it("imports vouchers, and reports the refused ones", async () => {
    const client = await connectWithCampaign();
    await client.campaigns.addCertainVoucher("Spring", "OLD");
    const accepted = await client.campaigns.importVouchers("Spring", [
      { code: "NEW-1", metadata: { n: 1 }, active: false, additional_info: "imported" },
      { code: "OLD" },
      { code: "NEW-2", redemption: { quantity: 2 } },
    ] as never);
    const action = await expectDoneAction(client, accepted);
    expect(action).toMatchObject({ status: "DONE", result: { done_count: 2, failed_count: 1 } });
    expect(action).toMatchObject({ result: { failed: [{ index: 1, key: "duplicate_found" }] } });
    expect(await client.vouchers.get("NEW-1")).toMatchObject({
      active: false,
      metadata: { n: 1 },
      additional_info: "imported",
    });
    expect(await client.vouchers.get("NEW-2")).toMatchObject({ campaign: "Spring", redemption: { quantity: 2 } });
  });

  it.each([
    ["random codes", "addVoucher", []],
    ["a certain code", "addCertainVoucher", ["SPR-1"]],
    ["a list", "importVouchers", [[{ code: "SPR-1" }]]],
  ] as const)("of %s needs a campaign that exists", async (_, method, args) => {
    const { campaigns } = await connectClient();
    const call = campaigns[method] as (this: unknown, ...args: unknown[]) => Promise<unknown>;
    await expectRefusal(call.apply(campaigns, ["Nope", ...args]), {
      code: 404,
      key: "not_found",
      message: "Resource not found",
      details: "Cannot find campaign with id Nope",
      resource_id: "Nope",
      resource_type: "campaign",
    });
  });
});

describe("async actions of the official client", () => {
  it("are fetched in the contract's form", async () => {
    const client = await connectWithCampaign();
    const accepted = await client.campaigns.addVoucher("Spring", {}, { vouchers_count: 2 });
    expect(await expectDoneAction(client, accepted)).toEqual({
      id: ID.action,
      type: "CAMPAIGN.VOUCHERS_GENERATE",
      status: "DONE",
      operation_status: "SUCCESS",
      created_at: expect.any(String),
      updated_at: expect.any(String),
      request_id: ID.request,
      processing_time: expect.any(Number),
      progress: 100,
      result: { message: expect.any(String), done_count: 2, failed_count: 0, failed: [] },
      object: "async_action",
    });
  });

  it("are listed newest first, up to an end", async () => {
    const { campaigns, asyncActions } = await connectWithCampaign();
    await campaigns.addVoucher("Spring", {}, { vouchers_count: 2 });
    await campaigns.delete("Spring");
    const all = await asyncActions.list({});
    expect(all).toMatchObject({ object: "list", data_ref: "async_actions" });
    expect(all.async_actions.map(({ type }) => type)).toEqual(["CAMPAIGN.DELETE", "CAMPAIGN.VOUCHERS_GENERATE"]);
    expect((await asyncActions.list({ limit: 1 })).async_actions).toEqual(all.async_actions.slice(0, 1));
    expect((await asyncActions.list({ end_date: "2020-01-01T00:00:00.000Z" })).async_actions).toEqual([]);
  });

  it("that do not exist are not found", async () => {
    const { asyncActions } = await connectClient();
    await expectRefusal(asyncActions.get("aa_nope"), { code: 404, key: "not_found", resource_id: "aa_nope" });
  });
});
