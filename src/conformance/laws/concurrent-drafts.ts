import assert from "node:assert/strict";
import { and } from "../../domain/filters.ts";
import type { LawGroup } from "../law.ts";
import {
  codesOf,
  createCampaignWithVouchers,
  drain,
  isPublished,
  outcomeText,
  settleConcurrently,
  sorted,
  tally,
  times,
} from "../law-steps.ts";
import { campaignSelection, draft, key, voucher, voucherOf, voucherSelection, vouchersOf } from "../sample-records.ts";

/** Many calls publish at the same time. */
export const concurrentDraftLaws: LawGroup = (law) => [
  law(
    "concurrent drafts get different codes, and together they empty the pool",
    "two customers would get the same code, or customers would be refused while codes are left",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 60);
      const settlements = await settleConcurrently(
        repository,
        times(80, () => draft(campaignSelection(testCampaign))),
      );
      assert.deepEqual(tally(settlements), { published: 60, short: 20 });
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
    },
  ),

  law(
    "concurrent drafts of several codes get all their codes or none, and as many drafts as possible are published",
    "a customer would get too few codes, or be refused while enough are left",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 50);
      const settlements = await settleConcurrently(
        repository,
        times(24, () => draft(campaignSelection(testCampaign, { count: 3 }))),
      );
      assert.deepEqual(tally(settlements), { published: 16, short: 8 });
      assert.equal(new Set(codesOf(settlements)).size, 48);
      assert.equal((await drain(repository, () => draft(campaignSelection(testCampaign)))).length, 2);
    },
  ),

  law(
    "concurrent batches get different codes, and together they empty the pool",
    "two customers would get the same code",
    async (repository) => {
      const size = Math.min(20, repository.batchMax);
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 8 * size);
      const calls = times(10, () => repository.settle(times(size, () => draft(campaignSelection(testCampaign)))));
      const settlements = (await Promise.all(calls)).flat();
      assert.deepEqual(tally(settlements), { published: 8 * size, short: 2 * size });
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
    },
  ),

  law(
    "of concurrent drafts with the same key, one is published, and the others are answered with its publication",
    "a request that was sent twice would publish two codes",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 30);
      const drafts = times(20, (i) =>
        draft(campaignSelection(testCampaign), { keys: i % 2 ? [key("a")] : [key("a"), key("b")] }),
      );
      const settlements = await settleConcurrently(repository, drafts);
      const winners = settlements.filter(isPublished);
      assert.equal(winners.length, 1);
      const [winner] = winners;
      for (const settlement of settlements)
        assert.deepEqual("publication" in settlement && settlement.publication, winner?.publication);
      assert.equal((await drain(repository, () => draft(campaignSelection(testCampaign)))).length, 29);
      const customers = drafts.map(({ publication }) => ({ id: publication.customerId }));
      const stored = await repository.find("customers", customers);
      assert.equal(stored.filter((one) => one !== null).length, 1);
    },
  ),

  law(
    "a draft that is sent many times at once is published once, and each call gets that publication",
    "a retry after a lost answer would publish a second code, or be refused",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 9);
      const one = draft(campaignSelection(testCampaign, { count: 2 }), { keys: [key("a")] });
      const settlements = await settleConcurrently(
        repository,
        times(12, () => one),
      );
      const publications = settlements.map((settlement) => "publication" in settlement && settlement.publication);
      const [stored] = await repository.find("publications", [{ id: one.publication.id }]);
      assert.deepEqual(
        publications,
        settlements.map(() => stored),
      );
      assert.equal((await drain(repository, () => draft(campaignSelection(testCampaign)))).length, 7);
    },
  ),

  law(
    "of concurrent drafts for the same named voucher, one gets it",
    "two customers would get the code",
    async (repository) => {
      const only = voucher();
      await repository.add([only]);
      const settlements = await settleConcurrently(
        repository,
        times(12, () => draft(voucherSelection(only))),
      );
      assert.deepEqual(tally(settlements), { published: 1, "unsuitable: published": 11 });
    },
  ),

  law(
    "concurrent drafts that name a voucher and drafts that draw one get different codes",
    "a code would be published once by name and once by draw",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 20);
      const drafts = vouchers.flatMap((one) => [draft(voucherSelection(one)), draft(campaignSelection(testCampaign))]);
      const settlements = await settleConcurrently(repository, drafts);
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
      const rest = settlements.filter((one) => !isPublished(one));
      assert.ok(rest.every((one) => outcomeText(one) === "short" || outcomeText(one) === "unsuitable: published"));
    },
  ),

  law(
    "concurrent callers who extend an empty pool each get codes, and no code is lost",
    "a new code of one caller would be given to another, or to nobody",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 5);
      const sharedFresh = vouchersOf(testCampaign, 3);
      const drafts = times(30, (i) => {
        const fresh = [
          ...sharedFresh.map(({ code }) => voucherOf(testCampaign, { code })),
          ...vouchersOf(testCampaign, 3),
        ];
        return draft(campaignSelection(testCampaign, { count: 1 + (i % 3), fresh, spares: i % 2 }));
      });
      const settlements = await settleConcurrently(repository, drafts);
      assert.deepEqual(tally(settlements), { published: 30 });
      const publishedCodes = codesOf(settlements);
      assert.equal(publishedCodes.length, 60);
      const poolCodes = (await drain(repository, () => draft(campaignSelection(testCampaign)))).flatMap(
        ({ publication }) => publication.codes,
      );
      assert.equal(new Set([...publishedCodes, ...poolCodes]).size, publishedCodes.length + poolCodes.length);
      assert.deepEqual(await repository.count([{ kind: "vouchers", filter: and() }]), [
        publishedCodes.length + poolCodes.length,
      ]);
      assert.ok(vouchers.every(({ code }) => publishedCodes.includes(code)));
    },
  ),
];
