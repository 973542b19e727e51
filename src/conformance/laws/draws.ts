import assert from "node:assert/strict";
import type { Campaign, VoucherRecord } from "../../domain/model.ts";
import type { Repository } from "../../repository.ts";
import type { Laws } from "../law.ts";
import { campaign, creation, draft, takeFrom, voucherOf } from "../records.ts";
import { isPublished } from "../setting.ts";

const POOLS = 600;
const SIZE = 6;
/** A fair store exceeds it once in 10⁸ times: chi-square with `SIZE - 1` degrees of freedom. */
const CHI_SQUARE_MAX = 45.79;

interface Stocked {
  readonly owner: Campaign;
  readonly vouchers: readonly VoucherRecord[];
}

const manyPools = async (
  repository: Repository,
  rank: (place: number) => number | null,
): Promise<readonly Stocked[]> => {
  const pools = Array.from({ length: POOLS }, () => {
    const owner = campaign();
    const vouchers = Array.from({ length: SIZE }, (_, place) => {
      const fixed = rank(place);
      return voucherOf(owner, fixed === null ? {} : { rank: fixed });
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
const drawFromAll = async (
  repository: Repository,
  pools: readonly Stocked[],
  count: number,
): Promise<readonly number[]> => {
  const drafts = pools.map(({ owner }) => draft(takeFrom(owner, { count })));
  const settlements = (await repository.settle(drafts)).filter(isPublished);
  assert.equal(settlements.length, pools.length);
  const drawn = new Set(settlements.flatMap(({ publication }) => publication.codes));
  return Array.from(
    { length: SIZE },
    (_, place) =>
      pools.filter(({ vouchers }) => vouchers[place] !== undefined && drawn.has(vouchers[place].code)).length,
  );
};

/** How far the counts are from what fairness expects, when each draw took `count` of the `SIZE` places. */
const assertFair = (counts: readonly number[], count: number): void => {
  const share = count / SIZE;
  const squares = counts.map((times) => (times - POOLS * share) ** 2);
  const variance = POOLS * share * (1 - share);
  const chiSquare = (squares.reduce((sum, square) => sum + square, 0) / variance) * (1 - 1 / SIZE);
  assert.ok(chiSquare < CHI_SQUARE_MAX, `Drawn ${counts.join(", ")} times of ${POOLS}, by place`);
};

/**
 * Chance, with a false alarm less than once in ten million runs. The ranks are fresh for each pool, since a store that
 * goes by rank is fair over all ranks and not for given ones.
 */
export const drawLaws: Laws = (law) => [
  law(
    "of a pool with random ranks every voucher is as likely as the others to be drawn, alone or in company, first or later",
    "codes could be foreseen, or the prizes among them go to whoever comes first",
    async (repository) => {
      const pools = await manyPools(repository, () => null);
      assertFair(await drawFromAll(repository, pools, 1), 1);
      assertFair(await drawFromAll(repository, pools, 2), 2);
      assertFair(await drawFromAll(repository, pools, 1), 1);
    },
  ),

  law(
    "of a pool with evenly spaced ranks every point is as good to draw from as the others",
    "callers would all want the same voucher at once, and draw one after the other in a known order",
    async (repository) => {
      const place = [4, 1, 5, 0, 3, 2];
      const pools = await manyPools(repository, (i) => ((place[i] ?? 0) + 0.5) / SIZE);
      assertFair(await drawFromAll(repository, pools, 1), 1);
    },
  ),
];
