import { createEngine, type PublicationInput } from "oncecode";
import { describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture, DISCOUNT } from "../support/fixture.ts";
import { allStores } from "../support/stores.ts";

describe.each(allStores)("the data of a publication on %s", (_, open) => {
  it("has the channel, metadata and source id of the request", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const details = {
      channel: "newsletter_October",
      metadata: { test: true, tags: ["a", 1, null] },
      sourceId: "order-1",
    };
    expect(await publications.create({ campaign: "spring", customer: "shop-1", ...details })).toMatchObject(details);
    expect((await publications.list()).data).toMatchObject([details]);
  });

  it("has defaults for null", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    expect(
      await publications.create({
        campaign: "spring",
        customer: "shop-1",
        channel: null,
        metadata: null,
        sourceId: null,
      }),
    ).toMatchObject({ channel: "API", metadata: {}, sourceId: null });
  });

  it("treats a null source as absent", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const create = (input: object) => publications.create(input as PublicationInput);
    expect(await create({ voucher: null, campaign: "spring", customer: "shop-1" })).toMatchObject({
      result: "SUCCESS",
    });
    await expect(create({ voucher: null, campaign: null, customer: "shop-1" })).rejects.toMatchObject({
      code: "missing_vouchers",
    });
  });

  it("ignores unknown properties", async () => {
    const { engine, campaigns, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const campaign = { ...(await campaigns.get("spring")), extra: 1 };
    expect(await publications.create({ campaign, customer: "shop-1" })).toMatchObject({ codes: ["A"] });
  });

  it("is a copy: a later change of the input has no effect", async () => {
    const { engine, publications } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const metadata = { tags: ["a"] };
    await publications.create({ campaign: "spring", customer: "shop-1", metadata });
    metadata.tags.push("b");
    expect((await publications.list()).data).toMatchObject([{ metadata: { tags: ["a"] } }]);
  });

  it("has ids in the contract's form", async () => {
    const { campaigns, publications } = createEngine({ repository: await open() });
    const { id: campaignId } = await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 1 });
    const { id, customerId, voucherIds } = await publications.create({ campaign: "spring", customer: "shop-1" });
    expect(campaignId).toMatch(/^camp_[0-9a-zA-Z]{24}$/);
    expect(id).toMatch(/^pub_[0-9a-zA-Z]{32}$/);
    expect(customerId).toMatch(/^cust_[0-9a-zA-Z]{24}$/);
    expect(voucherIds).toEqual([expect.stringMatching(/^v_[0-9a-zA-Z]{32}$/)]);
  });
});
