import assert from "node:assert/strict";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, drain, outcomeText, publish, refsById, settleOne } from "../law-steps.ts";
import {
  campaignSelection,
  change,
  draft,
  LATER,
  NOW,
  TOMORROW,
  voucher,
  voucherOf,
  YESTERDAY,
} from "../sample-records.ts";

/** An edit of a campaign's dates reaches its unpublished vouchers. */
export const campaignDateLaws: LawGroup = (law) => [
  law(
    "a new date of a campaign changes this date of its unpublished vouchers, and nothing else",
    "an extended campaign would have expired codes, or the code of a customer would expire too early",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 4, {
        startDate: YESTERDAY,
        expirationDate: TOMORROW,
      });
      const other = await createCampaignWithVouchers(repository, 1, { expirationDate: TOMORROW });
      const disabled = voucherOf(testCampaign, { active: false, expirationDate: TOMORROW });
      const voucherWithoutCampaign = voucher({ expirationDate: TOMORROW });
      await repository.add([disabled, voucherWithoutCampaign]);
      const published = await publish(repository, draft(campaignSelection(testCampaign)));
      const expirationWrite = change(testCampaign, { expirationDate: LATER });
      assert.deepEqual(await repository.put("campaigns", [expirationWrite]), ["written"]);

      const all = [...vouchers, disabled, voucherWithoutCampaign, ...other.vouchers];
      const stored = await repository.find("vouchers", refsById(all));
      const getsNewDate = (id: string) =>
        id === disabled.id ||
        (vouchers.some((one) => one.id === id) && !published.publication.voucherIds.some((taken) => taken === id));
      assert.deepEqual(
        stored.map((one) => [one?.expirationDate, one?.startDate]),
        all.map((one) => [getsNewDate(one.id) ? LATER : TOMORROW, one.startDate]),
      );
      const stale = change(disabled, { active: true });
      assert.deepEqual(
        await repository.put("vouchers", [stale]),
        ["stale"],
        "otherwise an old update would undo the new date",
      );

      const startWrite = change(expirationWrite.record, { startDate: NOW, expirationDate: LATER, description: "new" });
      assert.deepEqual(await repository.put("campaigns", [startWrite]), ["written"]);
      const [after] = await repository.find("vouchers", [{ id: disabled.id }]);
      assert.deepEqual([after?.startDate, after?.expirationDate], [NOW, LATER]);
      assert.equal(
        (await drain(repository, () => draft(campaignSelection(startWrite.record), { now: TOMORROW }))).length,
        3,
      );
    },
  ),

  law(
    "a new end of a campaign, earlier or later, holds for the next draw",
    "codes would be published after the end, or codes of an extended campaign would be lost",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 2);
      const endWrite = change(testCampaign, { expirationDate: YESTERDAY });
      await repository.put("campaigns", [endWrite]);
      assert.equal(outcomeText(await settleOne(repository, draft(campaignSelection(testCampaign)))), "stale");
      assert.equal(outcomeText(await settleOne(repository, draft(campaignSelection(endWrite.record)))), "short");
      const prolongWrite = change(endWrite.record, { expirationDate: null });
      await repository.put("campaigns", [prolongWrite]);
      assert.equal((await drain(repository, () => draft(campaignSelection(prolongWrite.record)))).length, 2);
    },
  ),

  law(
    "a campaign whose dates do not change leaves its vouchers unchanged",
    "dates that were set on single vouchers would be overwritten",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 2, { expirationDate: TOMORROW });
      await repository.put("campaigns", [change(testCampaign, { description: "new" })]);
      assert.deepEqual(await repository.find("vouchers", refsById(vouchers)), vouchers);
    },
  ),
];
