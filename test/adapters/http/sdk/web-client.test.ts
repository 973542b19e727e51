import { describe, expect, it } from "vitest";
import { campaignBody, connectClient, expectRefusal, webClient } from "./clients.ts";

const connectWithCampaign = async (more: object = {}) => {
  const client = await connectClient();
  await client.campaigns.create(campaignBody("My Camp", { vouchers_count: 3, ...more }));
  return client;
};

describe("the official client in a web page", () => {
  it("publishes a voucher of a campaign", async () => {
    const { web } = await connectWithCampaign();
    const published = await web.publish("My Camp", { customer: { source_id: "shop-1", name: "Ann" } });
    expect(published).toMatchObject({
      object: "publication",
      result: "SUCCESS",
      tracking_id: "shop-1",
      channel: "Voucherify.js",
      customer: { name: "Ann" },
      voucher: { campaign: "My Camp", publish: { count: 1 } },
      vouchers_id: [published.voucher.id],
    });
  });

  it("joins once, if the query has join_once", async () => {
    const { web, distributions } = await connectWithCampaign();
    const join = () => web.publish(" My Camp\n", { customer: { source_id: "shop-1" } }, { join_once: true });
    const first = await join();
    expect(await join()).toEqual(first);
    expect(await distributions.publications.list()).toMatchObject({ total: 1 });
    const again = await web.publish("My Camp", { customer: { source_id: "shop-1" } }, { join_once: false });
    expect(again.id).not.toBe(first.id);
  });

  it("gets errors for missing and for empty campaigns", async () => {
    const { web } = await connectWithCampaign({ vouchers_count: 0 });
    const customer = { source_id: "shop-1" };
    const gone = { code: 404, key: "not_found", resource_id: "Nope", resource_type: "campaign" };
    await expectRefusal(web.publish("Nope", { customer }), gone);
    const empty = { code: 400, key: "no_voucher_suitable_for_publication" };
    await expectRefusal(web.publish("My Camp", { customer }), empty);
  });

  it("is refused from another origin", async () => {
    const { url } = await connectWithCampaign();
    const publish = webClient(url, "https://elsewhere.example").publish("My Camp", { customer: { source_id: "A" } });
    await expectRefusal(publish, { code: 403, key: "forbidden" });
  });
});
