import assert from "node:assert/strict";
import type { Repository } from "../../repository.ts";
import type { LawGroup } from "../law.ts";
import { codesOf, createCampaignWithVouchers } from "../law-steps.ts";
import {
  campaign,
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  failedDraft,
  key,
  voucherOf,
  vouchersOf,
  writtenCustomer,
} from "../sample-records.ts";

const fullBatch = <T>({ batchMax }: Repository, make: (i: number) => T): readonly T[] =>
  Array.from({ length: batchMax }, (_, i) => make(i));

/** Calls of the largest size that the repository accepts. */
export const limitLaws: LawGroup = (law) => [
  law(
    "batchMax and lanes are positive integers",
    "the engine divides its calls by these numbers",
    async ({ batchMax, lanes }) => {
      for (const limit of [batchMax, lanes]) assert.ok(Number.isSafeInteger(limit) && limit >= 1, String(limit));
    },
  ),

  law(
    "settle and record accept batchMax drafts, each with a customer and keys",
    "the largest calls would fail under load, when they matter most",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, repository.batchMax);
      const drafts = fullBatch(repository, (i) =>
        draft(campaignSelection(testCampaign), {
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
      const failures = fullBatch(repository, () => failedDraft());
      assert.deepEqual(
        await repository.record(failures),
        failures.map(() => "recorded"),
      );
    },
  ),

  law(
    "a draft of fifty vouchers gets them from the pool, or from fresh ones after a thousand taken codes",
    "the largest publications would fail, when they matter most",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 1000);
      const taken = vouchers.map(({ code }) => voucherOf(testCampaign, { code }));
      const fresh = [...taken, ...vouchersOf(testCampaign, 55)];
      const drafts = Array.from({ length: 20 }, () => draft(campaignSelection(testCampaign, { count: 50 })));
      const settlements = await repository.settle(drafts);
      const [last] = await repository.settle([draft(campaignSelection(testCampaign, { count: 50, fresh, spares: 5 }))]);
      assert.equal(new Set(codesOf(settlements)).size, 1000);
      assert.deepEqual(
        last?.type === "published" && last.publication.codes,
        fresh.slice(1000, 1050).map(({ code }) => code),
      );
      const [spares] = await repository.settle([draft(campaignSelection(testCampaign, { count: 5 }))]);
      assert.equal(spares?.type, "published");
    },
  ),

  law(
    "add, put, find and remove accept batchMax items",
    "the largest chunks of imports and bulk changes would fail",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 0);
      const vouchers = vouchersOf(testCampaign, repository.batchMax);
      assert.deepEqual(
        await repository.add(vouchers),
        vouchers.map(() => "added"),
      );
      const campaigns = fullBatch(repository, () => campaign());
      const customers = fullBatch(repository, () => customer());
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
      const gone = await repository.find("vouchers", refs);
      assert.equal(gone.filter((one) => one !== null).length, 1);
    },
  ),
];
