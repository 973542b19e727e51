import {
  type CampaignInput,
  createEngine,
  type Engine,
  type Position,
  type PublicationRecord,
  positionOf,
  type Repository,
  where,
} from "oncecode";
import type { Store } from "../stores.ts";
import { publishOneByOne, type Subject, type Tally, type Target } from "./subject.ts";

/** The campaign, or the first of several. */
export const CAMPAIGN = "bench-0";
export const VOUCHER = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } } as const;

/** The options of the campaign. */
export type CampaignOptions = Pick<CampaignInput, "type" | "joinOnce">;

const PAGE = 10_000;

/** All published codes, read through the port. */
const publishedCodes = async (repository: Repository): Promise<readonly string[]> => {
  const all: string[] = [];
  let after: Position | null = null;
  const filter = where("result").is("SUCCESS");
  const order = { kind: "publications", filter, by: "id", descending: false, offset: 0, limit: PAGE } as const;
  for (;;) {
    const page: readonly PublicationRecord[] = await repository.page({ ...order, after });
    for (const { codes } of page) all.push(...codes);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return all;
    after = positionOf("id", last);
  }
};

/** Counts published, different and unpublished codes in the store. */
export const tallyOf = async (repository: Repository): Promise<Tally> => {
  const codes = await publishedCodes(repository);
  const filter = where("publicationId").isUnknown();
  const [left = 0] = await repository.count([{ kind: "vouchers", filter }]);
  return { published: codes.length, distinct: new Set(codes).size, left };
};

export const engineOn = (repository: Repository): Engine => createEngine({ repository, recordFailures: false });

/** Publishes through an engine, from each campaign in turn. */
const targetOn = (
  repository: Repository,
  { publications }: Engine,
  close: () => Promise<void>,
  campaigns: number = 1,
): Target => {
  let publicationCount = 0;
  const nextCampaign = (): string => `bench-${publicationCount++ % campaigns}`;
  return {
    codes: async (count) => {
      const filter = where("publicationId").isUnknown();
      const order = { filter, by: "id", descending: false, after: null, offset: 0 } as const;
      return (await repository.page({ kind: "vouchers", ...order, limit: count })).map(({ code }) => code);
    },
    publish: publishOneByOne(async ({ customer, sourceId, count, code }) => {
      const source = code === null ? { campaign: { name: nextCampaign(), count } } : { voucher: code };
      return (await publications.create({ ...source, customer: { sourceId: customer }, sourceId })).codes;
    }),
    tally: () => tallyOf(repository),
    close,
  };
};

/** The engine on a store. The number of vouchers is for all campaigns together. */
export const oncecode = (store: Store, campaignOptions: CampaignOptions = {}, campaigns: number = 1): Subject => ({
  name: "oncecode",
  batchSize: 1,
  mayRepeatCodes: false,
  open: async (options) => {
    const { repository, sqlClient, close } = await store.open();
    const engine = engineOn(repository);
    const vouchersCount = Math.floor(options.vouchers / campaigns);
    for (let i = 0; i < campaigns; i++)
      await engine.campaigns.create({ name: `bench-${i}`, vouchersCount, voucher: VOUCHER, ...campaignOptions });
    // The baselines do the same. So all subjects have good plans, and no writes are left from loading.
    await sqlClient?.analyzeAndFlush();
    return targetOn(repository, engine, close, campaigns);
  },
});
