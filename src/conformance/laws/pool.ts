import assert from "node:assert/strict";
import type { VoucherRecord } from "../../domain/model.ts";
import type { Write } from "../../repository.ts";
import type { LawGroup } from "../law.ts";
import {
  codesOf,
  createCampaignWithVouchers,
  drain,
  outcomeText,
  outcomeTexts,
  publish,
  settleOne,
  sorted,
} from "../law-steps.ts";
import {
  campaignSelection,
  change,
  draft,
  instant,
  LATER,
  NOW,
  TOMORROW,
  voucher,
  voucherOf,
  voucherSelection,
  vouchersOf,
  YESTERDAY,
} from "../sample-records.ts";

/** The vouchers that a draw may take. */
export const poolLaws: LawGroup = (law) => [
  law(
    "a draw takes only active, unpublished, unexpired vouchers of its campaign",
    "a customer would get a code that a checkout refuses, or a code of another campaign",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 2);
      const other = await createCampaignWithVouchers(repository, 3);
      const suitable = [
        ...vouchers,
        voucherOf(testCampaign, { expirationDate: TOMORROW }),
        voucherOf(testCampaign, { startDate: TOMORROW }),
      ];
      const published = voucherOf(testCampaign);
      await repository.add([
        voucher(),
        published,
        voucherOf(testCampaign, { active: false }),
        voucherOf(testCampaign, { expirationDate: YESTERDAY }),
        voucherOf(testCampaign, { expirationDate: instant(NOW) }),
        voucherOf(testCampaign, { active: false, expirationDate: TOMORROW }),
        ...suitable.slice(2),
      ]);
      await publish(repository, draft(voucherSelection(published)));
      assert.equal(
        outcomeText(await settleOne(repository, draft(campaignSelection(testCampaign, { count: 5 })))),
        "short",
      );
      const drawn = await drain(repository, () => draft(campaignSelection(testCampaign)));
      assert.deepEqual(
        sorted(drawn.flatMap(({ publication }) => publication.codes)),
        sorted(suitable.map(({ code }) => code)),
      );
      assert.equal((await drain(repository, () => draft(campaignSelection(other.testCampaign)))).length, 3);
    },
  ),

  law(
    "a draw skips any number of expired vouchers",
    "a campaign with old codes would seem empty",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 120, { expirationDate: YESTERDAY });
      const unexpired = vouchersOf(testCampaign, 3, { expirationDate: TOMORROW });
      await repository.add(unexpired);
      const drawn = await drain(repository, () => draft(campaignSelection(testCampaign)));
      assert.deepEqual(
        sorted(drawn.flatMap(({ publication }) => publication.codes)),
        sorted(unexpired.map(({ code }) => code)),
      );
    },
  ),

  law(
    "expiry depends on the draft's own `now`, even if a later draft has an earlier `now`",
    "in a host's test with a fixed clock, codes would disappear for good",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 3, { expirationDate: TOMORROW });
      const settleAt = (now: typeof NOW, count: number) =>
        settleOne(repository, draft(campaignSelection(testCampaign, { count }), { now }));
      assert.equal(outcomeText(await settleAt(LATER, 1)), "short");
      assert.equal(outcomeText(await settleAt(TOMORROW, 1)), "short");
      assert.equal(outcomeText(await settleAt(YESTERDAY, 1)), "published");
      assert.equal(outcomeText(await settleAt(LATER, 1)), "short");
      assert.equal(outcomeText(await settleAt(NOW, 3)), "short");
      const draftsOfOneCall = [LATER, NOW].map((now) => draft(campaignSelection(testCampaign, { count: 2 }), { now }));
      assert.deepEqual(outcomeTexts(await repository.settle(draftsOfOneCall)), ["short", "published"]);
      const later = await createCampaignWithVouchers(repository, 2, { expirationDate: TOMORROW });
      const drafts = [LATER, NOW, LATER, NOW].map((now) => draft(campaignSelection(later.testCampaign), { now }));
      assert.deepEqual(outcomeTexts(await repository.settle(drafts)), ["short", "published", "short", "published"]);
    },
  ),

  law(
    "a voucher leaves the pool when it is disabled or expires, and returns when that is undone",
    "a withdrawn code would be published, or a restored code would never be published",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 0);
      const [disabled, expired, unchangedVoucher] = [
        voucherOf(testCampaign),
        voucherOf(testCampaign),
        voucherOf(testCampaign),
      ];
      await repository.add([disabled, expired, unchangedVoucher]);
      const put = async (...writes: readonly Write<VoucherRecord>[]): Promise<void> =>
        assert.deepEqual(await repository.put("vouchers", writes), ["written", "written"]);
      const draw = (count: number) => settleOne(repository, draft(campaignSelection(testCampaign, { count })));

      const [disableWrite, expireWrite] = [
        change(disabled, { active: false }),
        change(expired, { expirationDate: YESTERDAY }),
      ];
      await put(disableWrite, expireWrite);
      assert.equal(outcomeText(await draw(2)), "short");
      assert.deepEqual(codesOf([await draw(1)]), [unchangedVoucher.code]);
      assert.equal(outcomeText(await draw(1)), "short");
      await put(change(disableWrite.record, { active: true }), change(expireWrite.record, { expirationDate: null }));
      assert.equal(outcomeText(await draw(3)), "short");
      assert.deepEqual(sorted(codesOf([await draw(2)])), sorted([disabled.code, expired.code]));
    },
  ),

  law(
    "a suitable voucher that is edited and stays suitable is in the pool once",
    "a code would be published twice, or never",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 3);
      const updates = vouchers.map((one) => change(one, { metadata: { touched: true }, expirationDate: TOMORROW }));
      assert.deepEqual(await repository.put("vouchers", updates), ["written", "written", "written"]);
      assert.deepEqual(
        await repository.add(vouchers),
        vouchers.map(() => "added"),
      );
      const drawn = await drain(repository, () => draft(campaignSelection(testCampaign)));
      const drawnVouchers = drawn.flatMap((one) => one.vouchers);
      assert.equal(drawnVouchers.length, 3);
      assert.ok(drawnVouchers.every(({ metadata, revision }) => metadata.touched === true && revision === 3));
    },
  ),
];
