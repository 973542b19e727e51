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
import { campaignSelection, draft, key, voucher, voucherOf, voucherSelection, vouchersOf } from "../records.ts";

/** What many callers at once may expect. */
export const concurrentDraftLaws: LawGroup = (law) => [
  law(
    "racing drafts share no code, and empty the pool",
    "one code would be given to two customers, or codes be left while customers are told that there are none",
    async (repository) => {
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 60);
      const settlements = await settleConcurrently(
        repository,
        times(80, () => draft(campaignSelection(owner))),
      );
      assert.deepEqual(tally(settlements), { published: 60, short: 20 });
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
    },
  ),

  law(
    "racing drafts of several codes are published whole, as many as fit",
    "a customer would get fewer codes than paid for, or be refused while there are enough",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 50);
      const settlements = await settleConcurrently(
        repository,
        times(24, () => draft(campaignSelection(owner, { count: 3 }))),
      );
      assert.deepEqual(tally(settlements), { published: 16, short: 8 });
      assert.equal(new Set(codesOf(settlements)).size, 48);
      assert.equal((await drain(repository, () => draft(campaignSelection(owner)))).length, 2);
    },
  ),

  law(
    "racing batches share no code, and empty the pool",
    "one code would be given to two customers",
    async (repository) => {
      const size = Math.min(20, repository.batchMax);
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 8 * size);
      const calls = times(10, () => repository.settle(times(size, () => draft(campaignSelection(owner)))));
      const settlements = (await Promise.all(calls)).flat();
      assert.deepEqual(tally(settlements), { published: 8 * size, short: 2 * size });
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
    },
  ),

  law(
    "of racing drafts with one key, one is published and the others hear of it",
    "a request sent twice would cost two codes",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 30);
      const drafts = times(20, (i) =>
        draft(campaignSelection(owner), { keys: i % 2 ? [key("a")] : [key("a"), key("b")] }),
      );
      const settlements = await settleConcurrently(repository, drafts);
      const winners = settlements.filter(isPublished);
      assert.equal(winners.length, 1);
      const [winner] = winners;
      for (const settlement of settlements)
        assert.deepEqual("publication" in settlement && settlement.publication, winner?.publication);
      assert.equal((await drain(repository, () => draft(campaignSelection(owner)))).length, 29);
      const customers = drafts.map(({ publication }) => ({ id: publication.customerId }));
      const stored = await repository.find("customers", customers);
      assert.equal(stored.filter((one) => one !== null).length, 1);
    },
  ),

  law(
    "a draft made many times at once is published once, and every call gets that publication",
    "a call repeated after a lost answer would cost a second code, or be refused",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 9);
      const one = draft(campaignSelection(owner, { count: 2 }), { keys: [key("a")] });
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
      assert.equal((await drain(repository, () => draft(campaignSelection(owner)))).length, 7);
    },
  ),

  law(
    "of racing drafts for one named voucher, one gets it",
    "the code would be given to two customers",
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
    "drafts by name and drafts by draw, racing, share no code",
    "a code would be given both by name and by lot",
    async (repository) => {
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 20);
      const drafts = vouchers.flatMap((one) => [draft(voucherSelection(one)), draft(campaignSelection(owner))]);
      const settlements = await settleConcurrently(repository, drafts);
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
      const rest = settlements.filter((one) => !isPublished(one));
      assert.ok(rest.every((one) => outcomeText(one) === "short" || outcomeText(one) === "unsuitable: published"));
    },
  ),

  law(
    "callers who extend a dry campaign at once each get codes, and none is lost",
    "a code that one of them made would be given to another, or stranded",
    async (repository) => {
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 5);
      const sharedFresh = vouchersOf(owner, 3);
      const drafts = times(30, (i) => {
        const fresh = [...sharedFresh.map(({ code }) => voucherOf(owner, { code })), ...vouchersOf(owner, 3)];
        return draft(campaignSelection(owner, { count: 1 + (i % 3), fresh, spares: i % 2 }));
      });
      const settlements = await settleConcurrently(repository, drafts);
      assert.deepEqual(tally(settlements), { published: 30 });
      const publishedCodes = codesOf(settlements);
      assert.equal(publishedCodes.length, 60);
      const poolCodes = (await drain(repository, () => draft(campaignSelection(owner)))).flatMap(
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
