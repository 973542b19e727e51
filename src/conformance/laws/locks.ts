import assert from "node:assert/strict";
import { and, where } from "../../domain/filters.ts";
import type { Draft, Repository } from "../../repository.ts";
import type { Laws } from "../law.ts";
import { times } from "../racing.ts";
import {
  change,
  creation,
  customer,
  draft,
  key,
  takeFrom,
  takeNamed,
  voucher,
  voucherOf,
  vouchersOf,
  writtenCustomer,
} from "../records.ts";
import { codesOf, gist, publish, stocked } from "../setting.ts";

/** One round of a few rows seldom meets a deadlock; three of some hundreds nearly always do. */
const ROUNDS = 3;
const ROWS = 300;

const sizeFor = ({ batchMax }: Repository): number => Math.min(batchMax, ROWS);
/** Gives a store that waits for its disk or for its server a turn. */
const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two batches over the same things, one of them backwards, under way together. Each thing must be had once. */
const settleCrossing = async (
  repository: Repository,
  rows: number,
  batch: () => readonly Draft[],
  loser: RegExp,
): Promise<void> => {
  const [there, back] = [batch(), batch().toReversed()];
  const [one, other] = await Promise.all([repository.settle(there), repository.settle(back)]);
  const pairs = one.map((settlement, i) => [settlement, other.at(-1 - i)] as const);
  assert.equal(pairs.length, rows);
  for (const [a, b] of pairs) {
    const ends = [a, b].map((end) => (end === undefined ? "unanswered" : gist(end))).sort();
    assert.ok(ends.includes("published") && ends.some((end) => loser.test(end)), ends.join());
  }
};

/** Calls that want the same rows in opposite orders. */
export const lockLaws: Laws = (law) => [
  law(
    "overlapping batches of named vouchers in opposite orders neither block each other nor share a code",
    "a store that locks rows in the order given deadlocks under load",
    async (repository) => {
      const rows = sizeFor(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const vouchers = times(rows, () => voucher());
        await repository.add(vouchers);
        const batch = () => vouchers.map((one) => draft(takeNamed(one)));
        await settleCrossing(repository, rows, batch, /^unsuitable: published$/);
      }
    },
  ),

  law(
    "overlapping batches of keys in opposite orders neither block each other nor publish twice",
    "a store that writes keys in the order given deadlocks under load",
    async (repository) => {
      const rows = sizeFor(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { owner } = await stocked(repository, 2 * rows);
        const keys = times(rows, (i) => key(`${round}.${i}`));
        const batch = () => keys.map((name) => draft(takeFrom(owner), { keys: [name] }));
        await settleCrossing(repository, rows, batch, /^owned by /);
      }
    },
  ),

  law(
    "overlapping batches of customers in opposite orders neither block each other nor lose an update",
    "a store that writes customers in the order given deadlocks under load",
    async (repository) => {
      const rows = sizeFor(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { owner } = await stocked(repository, 2 * rows);
        const customers = times(rows, () => customer());
        await repository.put("customers", customers.slice(0, rows / 2).map(creation));
        const batch = () =>
          customers.map((one, i) => {
            const write =
              i < Math.floor(rows / 2)
                ? change(one, { name: "Ann" })
                : creation({ ...customer(), sourceId: one.sourceId });
            return draft(takeFrom(owner), { customer: writtenCustomer(write) });
          });
        await settleCrossing(repository, rows, batch, /^stale$/);
      }
    },
  ),

  law(
    "overlapping batches over several campaigns in opposite orders neither block each other nor share a code",
    "a store that locks campaigns or pools in the order given deadlocks under load",
    async (repository) => {
      const rows = sizeFor(repository);
      const stocks = await Promise.all([1, 2, 3].map(() => stocked(repository, rows + 2)));
      const drafts = () => times(rows, (i) => stocks[i % 3]).flatMap((of) => (of ? [draft(takeFrom(of.owner))] : []));
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
      const rows = sizeFor(repository);
      for (let round = 0; round < ROUNDS; round++) {
        const { owner } = await stocked(repository, 0);
        const codes = vouchersOf(owner, rows).map(({ code }) => code);
        const [there, back] = [codes, codes.toReversed()].map((some) => some.map((code) => voucherOf(owner, { code })));
        const [one, other] = await Promise.all([there ?? [], back ?? []].map((some) => repository.add(some)));
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
      const { owner } = await stocked(repository, 200);
      const left = { kind: "vouchers", filter: where("publicationId").isUnknown() } as const;
      const given = { kind: "vouchers", filter: where("publicationId").hasValue() } as const;
      const [all, publications] = [
        { kind: "vouchers", filter: and() } as const,
        { kind: "publications", filter: and() } as const,
      ];
      let busy = true;
      const publishing = async (): Promise<void> => {
        try {
          for (let i = 0; i < 200; i++) await publish(repository, draft(takeFrom(owner)));
        } finally {
          busy = false;
        }
      };
      const counting = async (): Promise<void> => {
        for (let i = 1; busy; i++) {
          const [unpublished = 0, owners, published = 0, total] = await repository.count([
            left,
            publications,
            given,
            all,
          ]);
          assert.deepEqual([published, unpublished + published, total], [owners, 200, 200]);
          if (i % 20 === 0) await breath();
        }
      };
      await Promise.all([publishing(), counting()]);
      assert.deepEqual(await repository.count([given, left]), [200, 0]);
    },
  ),
];
