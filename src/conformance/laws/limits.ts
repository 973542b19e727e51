import assert from "node:assert/strict";
import type { Repository } from "../../repository.ts";
import type { Laws } from "../law.ts";
import {
  campaign,
  change,
  creation,
  customer,
  draft,
  failedDraft,
  key,
  takeFrom,
  vouchersOf,
  writtenCustomer,
} from "../records.ts";
import { codesOf, inCalls, stocked } from "../setting.ts";

const full = <T>({ batchMax }: Repository, make: (i: number) => T): readonly T[] =>
  Array.from({ length: batchMax }, (_, i) => make(i));

/** Calls as big as the repository says it takes. */
export const limitLaws: Laws = (law) => [
  law(
    "batchMax and lanes are whole numbers from 1 up",
    "the engine cuts its calls by them",
    async ({ batchMax, lanes }) => {
      for (const limit of [batchMax, lanes]) assert.ok(Number.isSafeInteger(limit) && limit >= 1, String(limit));
    },
  ),

  law(
    "settle and record take batchMax drafts, each with a customer and keys",
    "the biggest calls fail under load, when they matter most",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, repository.batchMax);
      const drafts = full(repository, (i) =>
        draft(takeFrom(owner), {
          customer: writtenCustomer(creation(customer({ metadata: { n: i } }))),
          keys: [key(`a${i}`), key(`b${i}`)],
          publication: { sourceId: `order-${i}` },
        }),
      );
      const settlements = await repository.settle(drafts);
      assert.deepEqual(
        settlements.map((one) => one.type === "published" && one.publication.id),
        drafts.map(({ publication }) => publication.id),
      );
      assert.equal(new Set(codesOf(settlements)).size, vouchers.length);
      const failures = full(repository, () => failedDraft());
      assert.deepEqual(
        await repository.record(failures),
        failures.map(() => "recorded"),
      );
    },
  ),

  law(
    "one draft takes batchMax vouchers, from the pool or fresh",
    "the biggest publications fail, when they matter most",
    async (repository) => {
      const count = Math.min(repository.batchMax, 1000);
      const { owner } = await stocked(repository, count + 1);
      const fresh = vouchersOf(owner, count);
      const drafts = [draft(takeFrom(owner, { count })), draft(takeFrom(owner, { count, fresh }))];
      const settlements = await repository.settle(drafts);
      assert.equal(new Set(codesOf(settlements)).size, 2 * count);
    },
  ),

  law(
    "add, put, find and remove take batchMax items",
    "imports and bulk changes fail on the biggest chunks",
    async (repository) => {
      const { owner } = await stocked(repository, 0);
      const vouchers = vouchersOf(owner, repository.batchMax);
      assert.deepEqual(
        await repository.add(vouchers),
        vouchers.map(() => "added"),
      );
      const campaigns = full(repository, () => campaign());
      const customers = full(repository, () => customer());
      const updates = vouchers.map((one, i) => change(one, { metadata: { n: i } }));
      const written = vouchers.map(() => "written");
      assert.deepEqual(await repository.put("campaigns", campaigns.map(creation)), written);
      assert.deepEqual(await repository.put("customers", customers.map(creation)), written);
      assert.deepEqual(await repository.put("vouchers", updates), written);
      const refs = vouchers.map(({ id, code }, i) => (i % 2 ? { id } : { name: code }));
      assert.deepEqual(
        await repository.find("vouchers", refs),
        updates.map(({ record }) => record),
      );
      const ids = [...vouchers.slice(1).map(({ id }) => id), "missing"];
      assert.deepEqual(
        await repository.remove("vouchers", ids),
        ids.map((id) => id !== "missing"),
      );
      const gone = await inCalls(repository, refs, (some) => repository.find("vouchers", some));
      assert.equal(gone.filter((one) => one !== null).length, 1);
    },
  ),
];
