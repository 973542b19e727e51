import { describe, expect, it } from "vitest";
import { createFixture, DISCOUNT } from "../support/fixture.ts";
import { engineStores } from "../support/stores.ts";

describe.each(engineStores)("a change to a campaign on %s", (_, open) => {
  it("removes keys of the metadata, also with others that it gives", async () => {
    const { campaigns } = await createFixture(open);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, metadata: { a: 1, b: 2, c: 3 } });
    const { metadata, revision } = await campaigns.update("spring", {
      metadata: { d: 4 },
      unsetMetadataFields: ["a", "d", "z"],
    });
    expect(metadata).toEqual({ b: 2, c: 3 });
    expect(await campaigns.update("spring", { unsetMetadataFields: ["z"] })).toMatchObject({ metadata, revision });
    await expect(campaigns.update("spring", { unsetMetadataFields: [5] as never })).rejects.toMatchObject({
      code: "invalid_payload",
      path: "unsetMetadataFields[0]",
    });
  });
});
