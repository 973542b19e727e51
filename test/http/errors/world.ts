import { DISCOUNT, stocked } from "../../rules/world.ts";
import { type Api, api } from "../api.ts";

const metadataSchemas = {
  publications: { definitions: { tier: { type: "string", eq: ["gold"], optional: true } } },
} as const;

/** Something of everything that a request may be about. */
export const prepared = async (options: Parameters<typeof api>[0] = {}): Promise<Api> => {
  const here = await api({ engine: { metadataSchemas }, metadataSchemas, ...options });
  const { campaigns, vouchers, customers, publications } = here.engine;
  await stocked(here.engine, "spring", ["GIVEN", "DISABLED", "FREE"]);
  await stocked(here.engine, "empty", []);
  await stocked(here.engine, "club", ["MINE", "OTHER"], { joinOnce: true });
  const codeConfig = { pattern: "#", charset: "A" };
  await campaigns.create({ name: "tiny", type: "AUTO_UPDATE", vouchersCount: 1, voucher: { ...DISCOUNT, codeConfig } });
  await vouchers.disable("DISABLED");
  await customers.upsert({ sourceId: "shop-1", name: "Ann" });
  await publications.create({ voucher: "GIVEN", customer: "shop-1", sourceId: "order-1" });
  await publications.create({ voucher: "MINE", customer: "shop-1" });
  await publications.create({ campaign: "tiny", customer: "shop-1" });
  return here;
};
