import assert from "node:assert/strict";
import { and, where } from "../../domain/filters.ts";
import type { Draft, Repository } from "../../repository.ts";
import type { LawGroup } from "../law.ts";
import { codesOf, createCampaignWithVouchers, outcomeText, publish, times } from "../law-steps.ts";
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
} from "../records.ts";

/** One round of a few rows seldom meets a deadlock; three of some hundreds nearly always do. */
const ROUNDS = 3;
const BATCH_SIZE_MAX = 300;

const batchSize = ({ batchMax }: Repository): number => Math.min(batchMax, BATCH_SIZE_MAX);
/** Gives a store that waits for its disk or for its server a turn. */
const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two batches over the same things, one of them backwards, under way together. Each thing must be had once. */
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

/** Calls that want the same rows in opposite orders. */
export const deadlockLaws: LawGroup = (law) => [
  law(
    "overlapping batches of named vouchers in opposite orders neither block each other nor share a code",
    "a store that locks rows in the order given deadlocks under load",
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
    "overlapping batches of keys in opposite orders neither block each other nor publish twice",
    "a store that writes keys in the order given deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { owner } = await createCampaignWithVouchers(repository, 2 * rows);
        const keys = times(rows, (i) => key(`${round}.${i}`));
        const batch = () => keys.map((name) => draft(campaignSelection(owner), { keys: [name] }));
        await settleInOppositeOrders(repository, rows, batch, /^owned by /);
      }
    },
  ),

  law(
    "overlapping batches of customers in opposite orders neither block each other nor lose an update",
    "a store that writes customers in the order given deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { owner } = await createCampaignWithVouchers(repository, 2 * rows);
        const customers = times(rows, () => customer());
        await repository.put("customers", customers.slice(0, rows / 2).map(creation));
        const batch = () =>
          customers.map((one, i) => {
            const write =
              i < Math.floor(rows / 2)
                ? change(one, { name: "Ann" })
                : creation({ ...customer(), sourceId: one.sourceId });
            return draft(campaignSelection(owner), { customer: writtenCustomer(write) });
          });
        await settleInOppositeOrders(repository, rows, batch, /^stale$/);
      }
    },
  ),

  law(
    "overlapping batches over several campaigns in opposite orders neither block each other nor share a code",
    "a store that locks campaigns or pools in the order given deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      const pools = await Promise.all([1, 2, 3].map(() => createCampaignWithVouchers(repository, rows + 2)));
      const drafts = () =>
        times(rows, (i) => pools[i % 3]).flatMap((pool) => (pool ? [draft(campaignSelection(pool.owner))] : []));
      const batches = [drafts(), drafts().toReversed(), drafts()];
      const settlements = (await Promise.all(batches.map((batch) => repository.settle(batch)))).flat();
      assert.ok(settlements.every(({ type }) => type === "published"));
      assert.equal(new Set(codesOf(settlements)).size, 3 * rows);
    },
  ),

  law(
    "overlapping batches of new codes in opposite orders neither block each other nor make one twice",
    "a store that inserts codes in the order given deadlocks under load",
    async (repository) => {
      const rows = batchSize(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { owner } = await createCampaignWithVouchers(repository, 0);
        const codes = vouchersOf(owner, rows).map(({ code }) => code);
        const [forward, backward] = [codes, codes.toReversed()].map((some) =>
          some.map((code) => voucherOf(owner, { code })),
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

  law(
    "counts given together were true at one instant",
    "a summary would not add up while codes are being published",
    async (repository) => {
      if (repository.batchMax < 4) return;
      const { owner } = await createCampaignWithVouchers(repository, 200);
      const unpublishedQuery = { kind: "vouchers", filter: where("publicationId").isUnknown() } as const;
      const publishedQuery = { kind: "vouchers", filter: where("publicationId").hasValue() } as const;
      const [voucherQuery, publicationQuery] = [
        { kind: "vouchers", filter: and() } as const,
        { kind: "publications", filter: and() } as const,
      ];
      let isPublishing = true;
      const publishAll = async (): Promise<void> => {
        try {
          for (let i = 0; i < 200; i++) await publish(repository, draft(campaignSelection(owner)));
        } finally {
          isPublishing = false;
        }
      };
      const countWhilePublishing = async (): Promise<void> => {
        for (let i = 1; isPublishing; i++) {
          const [unpublished = 0, publicationCount, published = 0, total] = await repository.count([
            unpublishedQuery,
            publicationQuery,
            publishedQuery,
            voucherQuery,
          ]);
          assert.deepEqual([published, unpublished + published, total], [publicationCount, 200, 200]);
          if (i % 20 === 0) await yieldToEventLoop();
        }
      };
      await Promise.all([publishAll(), countWhilePublishing()]);
      assert.deepEqual(await repository.count([publishedQuery, unpublishedQuery]), [200, 0]);
    },
  ),
];
