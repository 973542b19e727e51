import { and, type Campaign, type CampaignInput, type Engine, isOncecodeError, unexpiredAt, where } from "oncecode";
import { UsageError } from "../terminal.ts";

/** The demo never changes a campaign without this metadata. */
const DEMO_METADATA = { madeBy: "oncecode demo" };

export const MERCHANT_CAMPAIGN = "demo-merchant-codes";
export const SELF_EXTENDING_CAMPAIGN = "demo-self-extending";

const CAMPAIGNS: readonly CampaignInput[] = [
  {
    name: MERCHANT_CAMPAIGN,
    type: "STATIC",
    description: "Codes that the merchant brought along",
    voucher: { discount: { type: "PERCENT", percentOff: 15 } },
    metadata: DEMO_METADATA,
  },
  {
    name: SELF_EXTENDING_CAMPAIGN,
    type: "AUTO_UPDATE",
    description: "Codes made as they are needed",
    voucher: {
      discount: { type: "PERCENT", percentOff: 10 },
      codeConfig: { prefix: "MORE-", pattern: "####-####-####", charset: "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" },
    },
    vouchersCount: 100,
    metadata: DEMO_METADATA,
  },
];

const findCampaign = async (engine: Engine, name: string): Promise<Campaign | null> => {
  try {
    return await engine.campaigns.get(name);
  } catch (error) {
    if (isOncecodeError(error) && error.code === "not_found") return null;
    throw error;
  }
};

/** Creates the two campaigns, unless an earlier run has created them. */
export const prepareCampaigns = async (engine: Engine): Promise<{ readonly usedBefore: boolean }> => {
  const found = await Promise.all(CAMPAIGNS.map(({ name }) => findCampaign(engine, name)));
  for (const campaign of found) {
    if (campaign !== null && campaign.metadata.madeBy !== DEMO_METADATA.madeBy)
      throw new UsageError(
        `the database has a campaign "${campaign.name}" that is not the demo's: give another --database`,
      );
  }
  for (const [i, input] of CAMPAIGNS.entries()) if (found[i] === null) await engine.campaigns.create(input);
  return { usedBefore: found.some((campaign) => campaign !== null) };
};

/** The oldest unexpired code of the merchant. Several customers ask for it by name. */
export const popularCode = async (engine: Engine): Promise<string | null> => {
  const { data } = await engine.vouchers.list({
    filters: and(where("campaign").is(MERCHANT_CAMPAIGN), unexpiredAt(new Date())),
    order: "createdAt",
    limit: 1,
  });
  return data[0]?.code ?? null;
};
