import assert from "node:assert/strict";
import { and } from "../../domain/filters.ts";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, drain, outcomeText, publish, settleOne } from "../law-steps.ts";
import {
  campaign,
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  key,
  voucher,
  voucherOf,
  voucherSelection,
  writtenCustomer,
} from "../sample-records.ts";

/** The method `remove`. */
export const removeLaws: LawGroup = (law) => [
  law(
    "remove answers for each id, in order, whether the record existed, and frees its name",
    "a deletion without effect would be reported as done",
    async (repository) => {
      const customers = [customer(), customer(), customer()];
      const [a, b, c] = customers;
      await repository.put("customers", customers.map(creation));
      const ids = [a?.id ?? "", "missing", c?.id ?? "", "__proto__", a?.sourceId ?? ""];
      assert.deepEqual(await repository.remove("customers", ids), [true, false, true, false, false]);
      assert.deepEqual(await repository.remove("customers", ids), [false, false, false, false, false]);
      const refs = customers.flatMap(({ id, sourceId }) => [{ id }, { name: sourceId ?? "" }]);
      assert.deepEqual(await repository.find("customers", refs), [null, null, b, b, null, null]);
      const customerWithSameSourceId = customer({ sourceId: a?.sourceId ?? "" });
      assert.deepEqual(await repository.put("customers", [creation(customerWithSameSourceId)]), ["written"]);
      assert.deepEqual(await repository.put("customers", [change(c ?? customerWithSameSourceId, { name: "Ann" })]), [
        "stale",
      ]);
    },
  ),

  law(
    "a campaign is removed with its vouchers; its publications stay, and its published codes stay taken",
    "the code of one customer would be given to another, or vouchers without a campaign would be left",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 3);
      const other = await createCampaignWithVouchers(repository, 2);
      const disabled = voucherOf(testCampaign, { active: false });
      const voucherWithoutCampaign = voucher();
      await repository.add([disabled, voucherWithoutCampaign]);
      const { publication } = await publish(repository, draft(campaignSelection(testCampaign), { keys: [key("a")] }));
      assert.deepEqual(await repository.remove("campaigns", [testCampaign.id, "missing"]), [true, false]);

      const all = [...vouchers, disabled];
      const found = await repository.find(
        "vouchers",
        all.flatMap(({ id, code }) => [{ id }, { name: code }]),
      );
      assert.ok(found.every((record) => record === null));
      assert.deepEqual(await repository.find("campaigns", [{ id: testCampaign.id }, { name: testCampaign.name }]), [
        null,
        null,
      ]);
      assert.deepEqual(await repository.find("publications", [{ id: publication.id }, { name: "a" }]), [
        publication,
        publication,
      ]);
      assert.deepEqual(await repository.count([{ kind: "vouchers", filter: and() }]), [3]);

      const campaignWithSameName = campaign({ name: testCampaign.name });
      assert.deepEqual(await repository.put("campaigns", [creation(campaignWithSameName)]), ["written"]);
      const [taken] = publication.codes;
      const again = all.map(({ code }) => voucherOf(campaignWithSameName, { code }));
      assert.deepEqual(
        await repository.add(again),
        all.map(({ code }) => (code === taken ? "taken" : "added")),
      );
      assert.deepEqual(await repository.add([voucherOf(testCampaign)]), ["gone"]);
      assert.equal((await drain(repository, () => draft(campaignSelection(campaignWithSameName)))).length, 3);
      assert.equal((await drain(repository, () => draft(campaignSelection(other.testCampaign)))).length, 2);
      assert.equal(outcomeText(await settleOne(repository, draft(voucherSelection(disabled)))), "unsuitable: gone");
    },
  ),

  law(
    "a removed voucher leaves the pool, and the publications of a removed customer stay",
    "a withdrawn code would be published, or the history of a code would be lost",
    async (repository) => {
      const { testCampaign, vouchers } = await createCampaignWithVouchers(repository, 4);
      const [removed] = vouchers;
      if (!removed) assert.fail();
      const buyer = customer();
      const first = await publish(
        repository,
        draft(voucherSelection(vouchers[1] ?? removed), {
          customer: writtenCustomer(creation(buyer)),
          keys: [key("a")],
        }),
      );
      assert.deepEqual(await repository.remove("vouchers", [removed.id]), [true]);
      assert.deepEqual(await repository.remove("customers", [buyer.id]), [true]);
      assert.deepEqual(await repository.find("publications", [{ name: "a" }]), [first.publication]);
      assert.deepEqual(await repository.find("vouchers", [{ name: first.publication.codes[0] ?? "" }]), first.vouchers);
      assert.equal((await drain(repository, () => draft(campaignSelection(testCampaign)))).length, 2);
    },
  ),
];
