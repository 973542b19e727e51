import { describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

describe.each(engineStores)("the summary of a campaign on %s", (_, open) => {
  it("adds up after any calls", async () => {
    const { engine, campaigns, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "other", ["X", "Y"]);
    await publications.create({ campaign: "other", customer: "shop-1" });
    const summary = () => campaigns.summary("spring");

    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D"]);
    expect(await summary()).toEqual({ total: 4, published: 0, available: 4, failed: 0 });
    await publications.create({ campaign: { name: "spring", count: 2 }, customer: "shop-1" });
    expect(await summary()).toEqual({ total: 4, published: 2, available: 2, failed: 0 });

    const free = (await vouchers.list({ limit: 100 })).data.filter(
      ({ campaign, holderId }) => campaign === "spring" && holderId === null,
    );
    await vouchers.disable(free[0]!.code);
    await vouchers.update(free[1]!.code, { expirationDate: "2026-03-03" });
    expect(await summary()).toEqual({ total: 4, published: 2, available: 1, failed: 0 });
    setTime("2026-03-03T00:00:00.001Z");
    expect(await summary()).toEqual({ total: 4, published: 2, available: 0, failed: 0 });

    await expect(publications.create({ campaign: "spring", customer: "shop-1" })).rejects.toThrow();
    await expect(publications.create({ voucher: free[0]!.code, customer: "shop-1" })).rejects.toThrow();
    expect(await summary()).toEqual({ total: 4, published: 2, available: 0, failed: 2 });

    await vouchers.enable(free[0]!.code);
    await vouchers.delete(free[1]!.code);
    expect(await summary()).toEqual({ total: 3, published: 2, available: 1, failed: 2 });
  });

  it("still counts a published voucher as published when it is disabled or has expired", async () => {
    const { engine, campaigns, vouchers, publications, setTime } = await createFixture(open);
    await createCampaignWithCodes(engine, "spring", ["A"], { expirationDate: "2026-03-03" });
    await publications.create({ campaign: "spring", customer: "shop-1" });
    await vouchers.disable("A");
    setTime("2026-03-04T00:00:00.000Z");
    expect(await campaigns.summary("spring")).toEqual({ total: 1, published: 1, available: 0, failed: 0 });
  });
});
