import assert from "node:assert/strict";
import type { VoucherSelection } from "../../repository.ts";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, outcomeTexts } from "../law-steps.ts";
import {
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  knownCustomer,
  voucherSelection,
  writtenCustomer,
} from "../sample-records.ts";

/** Selects the only voucher of a campaign. */
type SelectOnlyVoucher = (pool: Awaited<ReturnType<typeof createCampaignWithVouchers>>) => readonly VoucherSelection[];

/** The order in which `settle` gives vouchers to the drafts of one call. */
export const settleOrderLaws: LawGroup = (law) => [
  law(
    "drafts of one call are settled one after another: a small draft is published after a large one that found too few vouchers",
    "customers would be refused because another caller asked for too many vouchers",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 6);
      const settleCounts = (counts: readonly number[]) =>
        repository.settle(counts.map((count) => draft(campaignSelection(testCampaign, { count }))));
      assert.deepEqual(outcomeTexts(await settleCounts([7, 2, 5, 1, 3])), [
        "short",
        "published",
        "short",
        "published",
        "published",
      ]);
      assert.deepEqual(outcomeTexts(await settleCounts([1])), ["short"]);
    },
  ),

  law(
    "if several drafts of one call want the same voucher, named or drawn, the first one gets it",
    "a code would be published twice, or never",
    async (repository) => {
      const [one, two] = [
        await createCampaignWithVouchers(repository, 1),
        await createCampaignWithVouchers(repository, 1),
      ];
      const byName = (vouchers: typeof one.vouchers) => vouchers.map((only) => draft(voucherSelection(only)));
      const drafts = [
        draft(campaignSelection(one.testCampaign)),
        ...byName(one.vouchers),
        ...byName(two.vouchers),
        draft(campaignSelection(two.testCampaign)),
      ];
      const settlements = await repository.settle(drafts);
      assert.deepEqual(outcomeTexts(settlements), ["published", "unsuitable: published", "published", "short"]);
    },
  ),

  law(
    "a draft gets its vouchers before later drafts, even if an earlier draft writes its customer",
    "the last code would go to the later caller",
    async (repository) => {
      const { testCampaign: other } = await createCampaignWithVouchers(repository, 3);
      const selectByDraw: SelectOnlyVoucher = ({ testCampaign }) => [campaignSelection(testCampaign)];
      const selectByName: SelectOnlyVoucher = ({ vouchers }) => vouchers.map(voucherSelection);
      const settleBoth = async (
        selectFirst: SelectOnlyVoucher,
        selectSecond: SelectOnlyVoucher,
      ): Promise<readonly string[]> => {
        const lastPool = await createCampaignWithVouchers(repository, 1);
        const person = customer();
        await repository.put("customers", [creation(person)]);
        const settlements = await repository.settle([
          draft(campaignSelection(other), { customer: writtenCustomer(change(person, { name: "Ann" })) }),
          ...selectFirst(lastPool).map((selection) => draft(selection, { customer: knownCustomer(person) })),
          ...selectSecond(lastPool).map((selection) => draft(selection)),
        ]);
        return outcomeTexts(settlements);
      };
      assert.deepEqual(await settleBoth(selectByDraw, selectByDraw), ["published", "published", "short"]);
      assert.deepEqual(await settleBoth(selectByDraw, selectByName), [
        "published",
        "published",
        "unsuitable: published",
      ]);
      assert.deepEqual(await settleBoth(selectByName, selectByDraw), ["published", "published", "short"]);
    },
  ),
];
