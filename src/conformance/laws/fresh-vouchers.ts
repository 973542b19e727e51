import assert from "node:assert/strict";
import type { LawGroup } from "../law.ts";
import {
  codesOf,
  createCampaignWithVouchers,
  drain,
  outcomeText,
  outcomeTexts,
  publish,
  refsByCode,
  refsById,
  settleOne,
  sorted,
  storedPublication,
} from "../law-steps.ts";
import {
  campaignSelection,
  code,
  draft,
  LATER,
  NOW,
  voucher,
  voucherOf,
  voucherSelection,
  vouchersOf,
} from "../sample-records.ts";

/** The fresh vouchers and the spares of a draft. */
export const freshVoucherLaws: LawGroup = (law) => [
  law(
    "a shortfall is filled with fresh vouchers, after all vouchers of the pool",
    "a campaign that extends itself would run out of codes, or publish a code twice",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 2);
      const fresh = vouchersOf(testCampaign, 4);
      const one = draft(campaignSelection(testCampaign, { count: 4, fresh }), { expirationDate: LATER });
      const settlement = await publish(repository, one);
      const usedFresh = fresh.slice(0, 2);
      assert.deepEqual(
        sorted(settlement.publication.codes),
        sorted([...vouchers, ...usedFresh].map((made) => made.code)),
      );
      assert.deepEqual(settlement.publication, storedPublication(one, settlement));
      const { id, customerId } = settlement.publication;
      const publishedFields = {
        holderId: customerId,
        publicationId: id,
        updatedAt: NOW,
        expirationDate: LATER,
        revision: 2,
      };
      const stored = await repository.find("vouchers", refsByCode(fresh));
      assert.deepEqual(stored, [...usedFresh.map((made) => ({ ...made, ...publishedFields })), null, null]);
      assert.deepEqual(await drain(repository, () => draft(campaignSelection(testCampaign))), []);
    },
  ),

  law(
    "the requested number of spare vouchers goes into the pool, and none if the pool had enough",
    "unneeded codes would pile up, or each later caller would have to create its own",
    async (repository) => {
      const cases = [
        { stock: 1, count: 1, fresh: 3, spares: 2, left: 0 },
        { stock: 1, count: 2, fresh: 4, spares: 2, left: 2 },
        { stock: 0, count: 2, fresh: 3, spares: 9, left: 1 },
        { stock: 0, count: 1, fresh: 1, spares: 1, left: 0 },
        { stock: 0, count: 1, fresh: 3, spares: 0, left: 0 },
      ];
      for (const { stock, count, fresh, spares, left } of cases) {
        const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, stock);
        const made = vouchersOf(testCampaign, fresh);
        await publish(repository, draft(campaignSelection(testCampaign, { count, fresh: made, spares })));
        const shortfall = count - vouchers.length;
        const spare = made.slice(shortfall, shortfall + left);
        assert.deepEqual(
          await repository.find("vouchers", refsById(made).slice(shortfall)),
          made.slice(shortfall).map((one) => (spare.includes(one) ? one : null)),
        );
        const drawn = await drain(repository, () => draft(campaignSelection(testCampaign)));
        assert.deepEqual(
          sorted(drawn.flatMap(({ publication }) => publication.codes)),
          sorted(spare.map((one) => one.code)),
        );
      }
    },
  ),

  law(
    "fresh vouchers whose codes are taken are skipped",
    "a code would belong to two vouchers, or a campaign would seem empty although it is not",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 1);
      const [voucherWithoutCampaign, deletedVoucher] = [voucher(), voucher()];
      await repository.add([voucherWithoutCampaign, deletedVoucher]);
      await publish(repository, draft(voucherSelection(deletedVoucher)));
      await repository.remove("vouchers", [deletedVoucher.id]);
      const taken = [voucherWithoutCampaign, deletedVoucher, ...vouchers].map((one) =>
        voucherOf(testCampaign, { code: one.code }),
      );
      const [first, other, second, spare] = vouchersOf(testCampaign, 4);
      if (!first || !other || !second || !spare) assert.fail();
      const sameCodeVouchers = [first, { ...other, code: first.code }];
      const [a = first, b = first, c = first] = taken;
      const fresh = [a, ...sameCodeVouchers, b, second, c, spare];
      const settlement = await publish(
        repository,
        draft(campaignSelection(testCampaign, { count: 3, fresh, spares: 9 })),
      );
      const expectedCodes = [...vouchers, first, second].map((one) => one.code);
      assert.deepEqual(sorted(settlement.publication.codes), sorted(expectedCodes));
      assert.deepEqual(codesOf([await settleOne(repository, draft(campaignSelection(testCampaign)))]), [spare.code]);
      assert.deepEqual(
        (await repository.find("vouchers", refsById([...taken, other]))).filter((one) => one !== null),
        [],
      );
    },
  ),

  law(
    "if drafts of one call bring the same fresh codes, each code goes to the first draft that needs it",
    "two drafts would get the same code, or one of them would fail without need",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 0);
      const names = ["a", "b", "c", "d", "e"].map(code);
      const fresh = (...of: readonly number[]) =>
        of.map((i) => voucherOf(testCampaign, { code: names[i] ?? code("?") }));
      const drafts = [
        draft(campaignSelection(testCampaign, { fresh: fresh(0, 1), spares: 0 })),
        draft(campaignSelection(testCampaign, { count: 2, fresh: fresh(0, 1, 2), spares: 1 })),
        draft(campaignSelection(testCampaign, { count: 2, fresh: fresh(1, 3, 2) })),
        draft(campaignSelection(testCampaign, { fresh: fresh(2, 3, 1) })),
        draft(campaignSelection(testCampaign, { fresh: fresh(4, 0), spares: 1 })),
      ];
      const settlements = await repository.settle(drafts);
      assert.deepEqual(outcomeTexts(settlements), ["published", "published", "short", "published", "published"]);
      assert.deepEqual(
        settlements.map((one) => codesOf([one]).join()),
        ["a", "b,c", "", "d", "e"],
      );
      assert.deepEqual(await drain(repository, () => draft(campaignSelection(testCampaign))), []);
    },
  ),

  law(
    "the next draft of the same call can draw a spare voucher",
    "a caller would be refused while a voucher is left",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 0);
      const fresh = vouchersOf(testCampaign, 3);
      const settlements = await repository.settle([
        draft(campaignSelection(testCampaign)),
        draft(campaignSelection(testCampaign, { fresh, spares: 2 })),
        draft(campaignSelection(testCampaign, { count: 2 })),
        draft(campaignSelection(testCampaign)),
      ]);
      assert.deepEqual(settlements.map(outcomeText), ["short", "published", "published", "short"]);
      assert.deepEqual(sorted(codesOf(settlements)), sorted(fresh.map((one) => one.code)));
    },
  ),
];
