import { describe, expect, it } from "vitest";
import { allCodes, createFixture, DISCOUNT } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

describe.each(engineStores)("a standalone campaign on %s", (_, open) => {
  it("accepts codes, creates none, and keeps its type", async () => {
    const { engine, campaigns, vouchers, publications } = await createFixture(open);
    const input = { name: "hand", type: "STANDALONE", voucher: DISCOUNT } as const;
    const wrong = { code: "invalid_campaign", path: "vouchersCount" };
    await expect(campaigns.create({ ...input, vouchersCount: 1 })).rejects.toMatchObject(wrong);
    const campaign = await campaigns.create({ ...input, joinOnce: true });
    expect(campaign).toMatchObject({ type: "STANDALONE", joinOnce: false });

    await expect(campaigns.addVouchers("hand", { count: 1 })).rejects.toMatchObject({ ...wrong, path: "count" });
    await expect(vouchers.create({ campaign: "hand" })).rejects.toMatchObject({ ...wrong, path: "code" });
    await vouchers.create({ campaign: "hand", code: "BY-HAND" });
    await campaigns.addVouchers("hand", { codes: ["AGAIN"] });
    await campaigns.importVouchers("hand", ["MORE"]);
    expect(await allCodes(engine)).toEqual(["AGAIN", "BY-HAND", "MORE"]);

    for (const voucher of ["BY-HAND", "AGAIN"]) await publications.create({ voucher, customer: "ann" });
    await publications.create({ campaign: "hand", customer: "ann" });
    await expect(publications.create({ campaign: "hand", customer: "ann" })).rejects.toMatchObject({
      code: "no_voucher_suitable_for_publication",
    });

    const fixed = { code: "invalid_campaign", path: "type" };
    await expect(campaigns.update("hand", { type: "AUTO_UPDATE" })).rejects.toMatchObject(fixed);
    expect(await campaigns.update("hand", { type: "STANDALONE" })).toMatchObject({ revision: campaign.revision });
    await campaigns.create({ name: "spring", voucher: DISCOUNT });
    await expect(campaigns.update("spring", { type: "STANDALONE" })).rejects.toMatchObject(fixed);
  });
});
