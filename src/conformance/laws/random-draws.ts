import assert from "node:assert/strict";
import type { Campaign, VoucherRecord } from "../../domain/model.ts";
import type { Repository } from "../../repository.ts";
import type { LawGroup } from "../law.ts";
import { isPublished } from "../law-steps.ts";
import { campaign, campaignSelection, creation, draft, voucherOf } from "../records.ts";

const POOL_COUNT = 600;
const POOL_SIZE = 6;
/** A fair store exceeds it once in 10⁸ times: chi-square with `SIZE - 1` degrees of freedom. */
const CHI_SQUARE_MAX = 45.79;

interface CampaignPool {
  readonly owner: Campaign;
  readonly vouchers: readonly VoucherRecord[];
}

const createPools = async (
  repository: Repository,
  rankAt: (index: number) => number | null,
): Promise<readonly CampaignPool[]> => {
  const pools = Array.from({ length: POOL_COUNT }, () => {
    const owner = campaign();
    const vouchers = Array.from({ length: POOL_SIZE }, (_, index) => {
      const fixedRank = rankAt(index);
      return voucherOf(owner, fixedRank === null ? {} : { rank: fixedRank });
    });
    return { owner, vouchers };
  });
  const owners = pools.map(({ owner }) => creation(owner));
  await repository.put("campaigns", owners);
  const vouchers = pools.flatMap((pool) => pool.vouchers);
  await repository.add(vouchers);
  return pools;
};

/** Draws from each pool, and counts how often each place of a pool was drawn. */
const countDrawsByIndex = async (
  repository: Repository,
  pools: readonly CampaignPool[],
  count: number,
): Promise<readonly number[]> => {
  const drafts = pools.map(({ owner }) => draft(campaignSelection(owner, { count })));
  const settlements = (await repository.settle(drafts)).filter(isPublished);
  assert.equal(settlements.length, pools.length);
  const drawn = new Set(settlements.flatMap(({ publication }) => publication.codes));
  return Array.from(
    { length: POOL_SIZE },
    (_, index) =>
      pools.filter(({ vouchers }) => vouchers[index] !== undefined && drawn.has(vouchers[index].code)).length,
  );
};

/** How far the counts are from what fairness expects, when each draw took `count` of the `SIZE` places. */
const assertFair = (counts: readonly number[], count: number): void => {
  const share = count / POOL_SIZE;
  const squares = counts.map((times) => (times - POOL_COUNT * share) ** 2);
  const variance = POOL_COUNT * share * (1 - share);
  const chiSquare = (squares.reduce((sum, square) => sum + square, 0) / variance) * (1 - 1 / POOL_SIZE);
  assert.ok(chiSquare < CHI_SQUARE_MAX, `Drawn ${counts.join(", ")} times of ${POOL_COUNT}, by place`);
};

/**
 * Chance, with a false alarm less than once in ten million runs. The ranks are fresh for each pool, since a store that
 * goes by rank is fair over all ranks and not for given ones.
 */
export const randomDrawLaws: LawGroup = (law) => [
  law(
    "of a pool with random ranks every voucher is as likely as the others to be drawn, alone or in company, first or later",
    "codes could be foreseen, or the prizes among them go to whoever comes first",
    async (repository) => {
      const pools = await createPools(repository, () => null);
      assertFair(await countDrawsByIndex(repository, pools, 1), 1);
      assertFair(await countDrawsByIndex(repository, pools, 2), 2);
      assertFair(await countDrawsByIndex(repository, pools, 1), 1);
    },
  ),

  law(
    "of a pool with evenly spaced ranks every point is as good to draw from as the others",
    "callers would all want the same voucher at once, and draw one after the other in a known order",
    async (repository) => {
      const rankOrder = [4, 1, 5, 0, 3, 2];
      const pools = await createPools(repository, (i) => ((rankOrder[i] ?? 0) + 0.5) / POOL_SIZE);
      assertFair(await countDrawsByIndex(repository, pools, 1), 1);
    },
  ),
];
