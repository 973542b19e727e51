import assert from "node:assert/strict";
import type { Campaign, VoucherRecord } from "../../domain/model.ts";
import type { Repository } from "../../repository.ts";
import type { LawGroup } from "../law.ts";
import { isPublished } from "../law-steps.ts";
import { campaign, campaignSelection, creation, draft, voucherOf } from "../sample-records.ts";

const POOL_COUNT = 600;
const POOL_SIZE = 6;
/** The limit of a chi-square test with `POOL_SIZE - 1` degrees of freedom. A fair store exceeds it once in 10⁸ runs. */
const CHI_SQUARE_MAX = 45.79;

interface CampaignPool {
  readonly testCampaign: Campaign;
  readonly vouchers: readonly VoucherRecord[];
}

const createPools = async (
  repository: Repository,
  rankAt: (index: number) => number | null,
): Promise<readonly CampaignPool[]> => {
  const pools = Array.from({ length: POOL_COUNT }, () => {
    const testCampaign = campaign();
    const vouchers = Array.from({ length: POOL_SIZE }, (_, index) => {
      const fixedRank = rankAt(index);
      return voucherOf(testCampaign, fixedRank === null ? {} : { rank: fixedRank });
    });
    return { testCampaign, vouchers };
  });
  const creations = pools.map(({ testCampaign }) => creation(testCampaign));
  await repository.put("campaigns", creations);
  const vouchers = pools.flatMap((pool) => pool.vouchers);
  await repository.add(vouchers);
  return pools;
};

/** Draws from each pool, and counts how often the voucher at each position was drawn. */
const countDrawsByIndex = async (
  repository: Repository,
  pools: readonly CampaignPool[],
  count: number,
): Promise<readonly number[]> => {
  const drafts = pools.map(({ testCampaign }) => draft(campaignSelection(testCampaign, { count })));
  const settlements = (await repository.settle(drafts)).filter(isPublished);
  assert.equal(settlements.length, pools.length);
  const drawn = new Set(settlements.flatMap(({ publication }) => publication.codes));
  return Array.from(
    { length: POOL_SIZE },
    (_, index) =>
      pools.filter(({ vouchers }) => vouchers[index] !== undefined && drawn.has(vouchers[index].code)).length,
  );
};

/** Compares the counts with those of a fair store, after draws of `count` out of `POOL_SIZE` vouchers each. */
const assertFair = (counts: readonly number[], count: number): void => {
  const share = count / POOL_SIZE;
  const squares = counts.map((times) => (times - POOL_COUNT * share) ** 2);
  const variance = POOL_COUNT * share * (1 - share);
  const chiSquare = (squares.reduce((sum, square) => sum + square, 0) / variance) * (1 - 1 / POOL_SIZE);
  assert.ok(chiSquare < CHI_SQUARE_MAX, `Drawn ${counts.join(", ")} times of ${POOL_COUNT}, by place`);
};

/**
 * Draws are random. A fair store fails less than once in ten million runs. Each pool has new random ranks: with the same
 * uneven ranks in all pools, a draw by rank would prefer some vouchers.
 */
export const randomDrawLaws: LawGroup = (law) => [
  law(
    "with random ranks, each voucher is drawn with the same probability, in single and in multiple draws",
    "codes could be predicted, or the first customers would get the best ones",
    async (repository) => {
      const pools = await createPools(repository, () => null);
      assertFair(await countDrawsByIndex(repository, pools, 1), 1);
      assertFair(await countDrawsByIndex(repository, pools, 2), 2);
      assertFair(await countDrawsByIndex(repository, pools, 1), 1);
    },
  ),

  law(
    "with evenly spaced ranks, each voucher is drawn with the same probability",
    "concurrent callers would all want the same voucher, and draws would follow a known order",
    async (repository) => {
      const rankOrder = [4, 1, 5, 0, 3, 2];
      const pools = await createPools(repository, (i) => ((rankOrder[i] ?? 0) + 0.5) / POOL_SIZE);
      assertFair(await countDrawsByIndex(repository, pools, 1), 1);
    },
  ),
];
