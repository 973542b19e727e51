import assert from "node:assert/strict";
import { and } from "../../domain/filters.ts";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, drain, publish, refsById, sorted } from "../law-steps.ts";
import {
  campaign,
  campaignSelection,
  change,
  code,
  creation,
  draft,
  voucher,
  voucherOf,
  voucherSelection,
  vouchersOf,
} from "../sample-records.ts";

const ALL_VOUCHERS = [{ kind: "vouchers", filter: and() }] as const;

/** The method `add`. */
export const addLaws: LawGroup = (law) => [
  law(
    "add answers each voucher, in order; a refused voucher does not stop the others",
    "the engine would believe that a campaign has codes that it does not have",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 2);
      const voucherWithoutCampaign = voucher();
      await repository.put("vouchers", [creation(voucherWithoutCampaign)]);
      const [a, b, c, d] = [voucherOf(testCampaign), voucherOf(testCampaign), voucher(), voucherOf(campaign())];
      const taken = [...vouchers, voucherWithoutCampaign].map((one) => voucherOf(testCampaign, { code: one.code }));
      const [first, ...others] = taken;
      const vouchersToAdd = [a, ...(first ? [first] : []), d, b, c, ...others];
      const answers = ["added", "taken", "gone", "added", "added", "taken", "taken"];
      assert.deepEqual(await repository.add(vouchersToAdd), answers);
      assert.deepEqual(
        await repository.find("vouchers", refsById(vouchersToAdd)),
        vouchersToAdd.map((one, i) => (answers[i] === "added" ? one : null)),
      );
      const drawn = await drain(repository, () => draft(campaignSelection(testCampaign)));
      const codes = [...vouchers, a, b].map((one) => one.code);
      assert.deepEqual(sorted(drawn.flatMap(({ publication }) => publication.codes)), sorted(codes));
    },
  ),

  law(
    "if two vouchers of one call have the same code, the first one gets it",
    "a code would belong to two vouchers",
    async (repository) => {
      const [one, other] = [
        await createCampaignWithVouchers(repository, 0),
        await createCampaignWithVouchers(repository, 0),
      ];
      const [a, b, c] = [voucherOf(one.testCampaign), voucherOf(other.testCampaign), voucher()];
      const vouchersWithSameCodes = [
        voucherOf(other.testCampaign, { code: a.code }),
        voucherOf(one.testCampaign, { code: b.code }),
      ];
      const vouchersToAdd = [
        a,
        ...vouchersWithSameCodes.slice(0, 1),
        b,
        ...vouchersWithSameCodes.slice(1),
        c,
        voucher({ code: c.code }),
      ];
      assert.deepEqual(await repository.add(vouchersToAdd), ["added", "taken", "added", "taken", "added", "taken"]);
      assert.deepEqual(await repository.find("vouchers", [{ name: a.code }, { name: b.code }, { name: c.code }]), [
        a,
        b,
        c,
      ]);
    },
  ),

  law(
    "a repeated add answers `added` and changes nothing, even if the voucher was published meanwhile",
    "after a lost answer the engine would create more codes, or a published code would return to the pool",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 3);
      const [first, second] = vouchers;
      if (!first || !second) assert.fail();
      const published = await publish(repository, draft(voucherSelection(first)));
      const update = change(second, { metadata: { touched: true } });
      await repository.put("vouchers", [update]);
      assert.deepEqual(await repository.add(vouchers), ["added", "added", "added"]);
      assert.deepEqual(await repository.find("vouchers", [{ id: first.id }, { id: second.id }]), [
        ...published.vouchers,
        update.record,
      ]);
      assert.deepEqual(await repository.count(ALL_VOUCHERS), [3]);
      assert.equal((await drain(repository, () => draft(campaignSelection(testCampaign)))).length, 2);
    },
  ),

  law(
    "codes are compared exactly: case, accents, width and spaces count",
    "a free code would be refused as taken, or a search would find another code",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 0);
      const texts = [
        "abc",
        "ABC",
        "Abc",
        "abc ",
        " abc",
        "\u00e4bc",
        "a\u0308bc",
        "\uff41bc",
        "ab\u00df",
        "abss",
        "😀",
        "a_c",
        "a%c",
      ];
      const vouchersToAdd = texts.map((text) => voucherOf(testCampaign, { code: code(text) }));
      assert.deepEqual(
        await repository.add(vouchersToAdd),
        texts.map(() => "added"),
      );
      const names = [...texts.map((name) => ({ name })), { name: "aBC" }, { name: "abc  " }];
      assert.deepEqual(await repository.find("vouchers", names), [...vouchersToAdd, null, null]);
    },
  ),

  law(
    "when a voucher is deleted, its code is free again, unless it was ever published",
    "the code of one customer would be given to another",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 2);
      const [publishedVoucher, unpublishedVoucher] = vouchers;
      if (!publishedVoucher || !unpublishedVoucher) assert.fail();
      await publish(repository, draft(voucherSelection(publishedVoucher)));
      assert.deepEqual(await repository.remove("vouchers", [publishedVoucher.id, unpublishedVoucher.id]), [true, true]);
      assert.deepEqual(
        await repository.find("vouchers", [{ name: publishedVoucher.code }, { name: unpublishedVoucher.code }]),
        [null, null],
      );
      const again = [publishedVoucher, unpublishedVoucher].map((one) => voucherOf(testCampaign, { code: one.code }));
      assert.deepEqual(await repository.add(again), ["taken", "added"]);
      const creations = [creation(voucher({ code: publishedVoucher.code })), creation(publishedVoucher)];
      assert.deepEqual(
        await repository.put("vouchers", creations),
        ["taken", "taken"],
        "also to the voucher that had it",
      );
      assert.deepEqual(await repository.add(vouchers), ["taken", "taken"]);
      assert.equal((await drain(repository, () => draft(campaignSelection(testCampaign)))).length, 1);
      assert.deepEqual(await repository.add(vouchersOf(testCampaign, 1)), ["added"]);
    },
  ),
];
