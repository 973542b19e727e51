import assert from "node:assert/strict";
import type { LawGroup } from "../law.ts";
import {
  createCampaignWithVouchers,
  outcomeText,
  refsByCode,
  refsById,
  settleConcurrently,
  sorted,
  tally,
  times,
} from "../law-steps.ts";
import {
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  knownCustomer,
  LATER,
  TOMORROW,
  voucher,
  voucherOf,
  voucherSelection,
  vouchersOf,
  writtenCustomer,
} from "../sample-records.ts";

/** Many calls write the same record at the same time. */
export const concurrentWriteLaws: LawGroup = (law) => [
  law(
    "of concurrent drafts that write the same customer, one is published, and the others are `stale`",
    "a customer would be stored twice, or an update would be lost",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 40);
      const known = customer();
      await repository.put("customers", [creation(known)]);
      const updates = times(8, (i) => writtenCustomer(change(known, { name: `name ${i}` })));
      const updated = await settleConcurrently(
        repository,
        updates.map((draftCustomer) => draft(campaignSelection(testCampaign), { customer: draftCustomer })),
      );
      assert.deepEqual(tally(updated), { published: 1, stale: 7 });
      const creations = times(8, () => writtenCustomer(creation(customer({ sourceId: "shop-1" }))));
      const created = await settleConcurrently(
        repository,
        creations.map((draftCustomer) => draft(campaignSelection(testCampaign), { customer: draftCustomer })),
      );
      assert.deepEqual(tally(created), { published: 1, stale: 7 });
      const same = await settleConcurrently(
        repository,
        times(8, () => draft(campaignSelection(testCampaign), { customer: knownCustomer(known) })),
      );
      assert.deepEqual(tally(same), { published: 8 });
    },
  ),

  law(
    "a code that many calls add at once belongs to one voucher",
    "two vouchers would have the same code, and it would be published twice",
    async (repository) => {
      const { testCampaign } = await createCampaignWithVouchers(repository, 0);
      const codes = vouchersOf(testCampaign, 8).map(({ code }) => code);
      const batches = times(8, (i) => {
        const batch = codes.map((code) => voucherOf(testCampaign, { code }));
        return i % 2 ? batch : batch.toReversed();
      });
      const answers = await Promise.all(batches.map((batch) => repository.add(batch)));
      const added = batches.flatMap((batch, i) => batch.filter((_, j) => answers[i]?.[j] === "added"));
      assert.deepEqual(sorted(added.map(({ code }) => code)), sorted(codes));
      assert.ok(answers.flat().every((answer) => answer === "added" || answer === "taken"));
      const found = await repository.find("vouchers", refsByCode(added));
      assert.deepEqual(found, added);
    },
  ),

  law(
    "of concurrent writes of the same revision, or of the same name, one is written",
    "the update of one caller would silently undo the update of another",
    async (repository) => {
      const known = customer();
      await repository.put("customers", [creation(known)]);
      const updates = times(10, (i) => change(known, { name: `name ${i}` }));
      const answers = (await Promise.all(updates.map((write) => repository.put("customers", [write])))).flat();
      assert.deepEqual(sorted(answers), sorted(["written", ...times(9, () => "stale")]));
      const [stored] = await repository.find("customers", [{ id: known.id }]);
      assert.deepEqual(stored, updates[answers.indexOf("written")]?.record);

      const creations = times(10, () => creation(customer({ sourceId: "shop-1" })));
      const created = (await Promise.all(creations.map((write) => repository.put("customers", [write])))).flat();
      assert.deepEqual(sorted(created), sorted(["written", ...times(9, () => "taken")]));
      const [winner] = await repository.find("customers", [{ name: "shop-1" }]);
      assert.deepEqual(winner, creations[created.indexOf("written")]?.record);
    },
  ),

  law(
    "a voucher that is disabled while it is published ends either disabled or published",
    "a withdrawn code would be published, or an older update would undo a publication",
    async (repository) => {
      const vouchers = times(20, () => voucher());
      await repository.add(vouchers);
      for (const [i, one] of vouchers.entries()) {
        const publish = () => repository.settle([draft(voucherSelection(one))]);
        const first = i % 2 === 0 ? publish() : null;
        const disableCall = repository.put("vouchers", [change(one, { active: false })]);
        const [[settlement], [put]] = await Promise.all([first ?? publish(), disableCall]);
        const [stored] = await repository.find("vouchers", [{ id: one.id }]);
        const outcome = [
          settlement && outcomeText(settlement),
          put,
          stored?.active,
          stored?.publicationId !== null,
        ].join();
        assert.ok(["published,stale,true,true", "unsuitable: disabled,written,false,false"].includes(outcome), outcome);
      }
    },
  ),

  law(
    "if a voucher is deleted while it is published, and a customer got its code, the code stays taken",
    "the code of one customer would be given to another",
    async (repository) => {
      const vouchers = times(20, () => voucher());
      await repository.add(vouchers);
      for (const [i, one] of vouchers.entries()) {
        const publish = () => repository.settle([draft(voucherSelection(one))]);
        const first = i % 2 === 0 ? publish() : null;
        const removeCall = repository.remove("vouchers", [one.id]);
        const [[settlement], [removed]] = await Promise.all([first ?? publish(), removeCall]);
        const [again] = await repository.add([voucher({ code: one.code })]);
        const outcome = [settlement && outcomeText(settlement), removed, again].join();
        assert.ok(["published,true,taken", "unsuitable: gone,true,added"].includes(outcome), outcome);
      }
    },
  ),

  law(
    "a new date of a campaign, set while codes are published, reaches the unpublished vouchers only",
    "the code of a customer would expire too early, or an expired code would be published",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 30, { expirationDate: TOMORROW });
      const publish = (count: number) =>
        times(count, () => repository.settle([draft(campaignSelection(testCampaign))]));
      const calls = [
        ...publish(8),
        repository.put("campaigns", [change(testCampaign, { expirationDate: LATER })]),
        ...publish(8),
      ];
      await Promise.all(calls);
      for (const stored of await repository.find("vouchers", refsById(vouchers)))
        assert.equal(stored?.expirationDate, stored?.publicationId === null ? LATER : TOMORROW);
    },
  ),
];
