import assert from "node:assert/strict";
import type { Draft, Repository } from "../../repository.ts";
import type { LawGroup } from "../law.ts";
import { codesOf, createCampaignWithVouchers, outcomeText, times } from "../law-steps.ts";
import {
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  key,
  voucher,
  voucherOf,
  voucherSelection,
  vouchersOf,
  writtenCustomer,
} from "../sample-records.ts";

/** With few rows, a deadlock is rare. With three rounds of some hundred rows, it nearly always happens. */
const ROUNDS = 3;
const BATCH_SIZE_MAX = 300;

const batchSize = ({ batchMax }: Repository): number => Math.min(batchMax, BATCH_SIZE_MAX);

/** Settles two batches over the same items at the same time, one of them backwards. Each item must be published once. */
const settleInOppositeOrders = async (
  repository: Repository,
  rows: number,
  batch: () => readonly Draft[],
  loserOutcome: RegExp,
): Promise<void> => {
  const [forward, backward] = [batch(), batch().toReversed()];
  const [forwardResults, backwardResults] = await Promise.all([
    repository.settle(forward),
    repository.settle(backward),
  ]);
  const pairs = forwardResults.map((settlement, i) => [settlement, backwardResults.at(-1 - i)] as const);
  assert.equal(pairs.length, rows);
  for (const [a, b] of pairs) {
    const outcomes = [a, b].map((answer) => (answer === undefined ? "unanswered" : outcomeText(answer))).sort();
    assert.ok(
      outcomes.includes("published") && outcomes.some((outcome) => loserOutcome.test(outcome)),
      outcomes.join(),
    );
  }
};

/** Concurrent calls need the same rows in opposite orders. */
export const deadlockLaws: LawGroup = (law) => [
  law(
    "overlapping batches of named vouchers in opposite orders do not deadlock and get different codes",
    "a store that locks rows in the order of the call deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const vouchers = times(rows, () => voucher());
        await repository.add(vouchers);
        const batch = () => vouchers.map((one) => draft(voucherSelection(one)));
        await settleInOppositeOrders(repository, rows, batch, /^unsuitable: published$/);
      }
    },
  ),

  law(
    "overlapping batches of keys in opposite orders do not deadlock and publish each key once",
    "a store that writes keys in the order of the call deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { testCampaign } = await createCampaignWithVouchers(repository, 2 * rows);
        const keys = times(rows, (i) => key(`${round}.${i}`));
        const batch = () => keys.map((name) => draft(campaignSelection(testCampaign), { keys: [name] }));
        await settleInOppositeOrders(repository, rows, batch, /^owned by /);
      }
    },
  ),

  law(
    "overlapping batches of customers in opposite orders do not deadlock and lose no update",
    "a store that writes customers in the order of the call deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { testCampaign } = await createCampaignWithVouchers(repository, 2 * rows);
        const customers = times(rows, () => customer());
        await repository.put("customers", customers.slice(0, rows / 2).map(creation));
        const batch = () =>
          customers.map((one, i) => {
            const write =
              i < Math.floor(rows / 2)
                ? change(one, { name: "Ann" })
                : creation({ ...customer(), sourceId: one.sourceId });
            return draft(campaignSelection(testCampaign), { customer: writtenCustomer(write) });
          });
        await settleInOppositeOrders(repository, rows, batch, /^stale$/);
      }
    },
  ),

  law(
    "overlapping batches over several campaigns in opposite orders do not deadlock and get different codes",
    "a store that locks campaigns or pools in the order of the call deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      const pools = await Promise.all([1, 2, 3].map(() => createCampaignWithVouchers(repository, rows + 2)));
      const drafts = () =>
        times(rows, (i) => pools[i % 3]).flatMap((pool) => (pool ? [draft(campaignSelection(pool.testCampaign))] : []));
      const batches = [drafts(), drafts().toReversed(), drafts()];
      const settlements = (await Promise.all(batches.map((batch) => repository.settle(batch)))).flat();
      assert.ok(settlements.every(({ type }) => type === "published"));
      assert.equal(new Set(codesOf(settlements)).size, 3 * rows);
    },
  ),

  law(
    "overlapping batches of new codes in opposite orders do not deadlock and create each code once",
    "a store that inserts codes in the order of the call deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { testCampaign } = await createCampaignWithVouchers(repository, 0);
        const codes = vouchersOf(testCampaign, rows).map(({ code }) => code);
        const [forward, backward] = [codes, codes.toReversed()].map((some) =>
          some.map((code) => voucherOf(testCampaign, { code })),
        );
        const [one, other] = await Promise.all([forward ?? [], backward ?? []].map((some) => repository.add(some)));
        const pairs = codes.map((_, i) => [one?.[i], other?.at(-1 - i)].sort().join());
        assert.deepEqual(
          pairs,
          codes.map(() => "added,taken"),
        );
      }
    },
  ),
];
