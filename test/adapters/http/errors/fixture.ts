import { createCampaignWithCodes, DISCOUNT } from "../../../support/fixture.ts";
import { type Api, createApi } from "../../../support/http-api.ts";

const metadataSchemas = {
  publications: { definitions: { tier: { type: "string", eq: ["gold"], optional: true } } },
} as const;

/** One record of each kind for requests. */
export const createErrorFixture = async (options: Parameters<typeof createApi>[0] = {}): Promise<Api> => {
  const fixture = await createApi({ engine: { metadataSchemas }, metadataSchemas, ...options });
  const { campaigns, vouchers, customers, publications } = fixture.engine;
  await createCampaignWithCodes(fixture.engine, "spring", ["GIVEN", "DISABLED", "FREE"]);
  await createCampaignWithCodes(fixture.engine, "empty", []);
  await createCampaignWithCodes(fixture.engine, "club", ["MINE", "OTHER"], { joinOnce: true });
  const codeConfig = { pattern: "#", charset: "A" };
  await campaigns.create({ name: "tiny", type: "AUTO_UPDATE", vouchersCount: 1, voucher: { ...DISCOUNT, codeConfig } });
  await vouchers.disable("DISABLED");
  await customers.upsert({ sourceId: "shop-1", name: "Ann" });
  await publications.create({ voucher: "GIVEN", customer: "shop-1", sourceId: "order-1" });
  await publications.create({ voucher: "MINE", customer: "shop-1" });
  await publications.create({ campaign: "tiny", customer: "shop-1" });
  return fixture;
};
