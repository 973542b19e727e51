import assert from "node:assert/strict";
import { and } from "../../domain/filters.ts";
import type { LawGroup } from "../law.ts";
import { createCampaignWithVouchers, drain, outcomeText, publish, refsById, settleOne } from "../law-steps.ts";
import {
  campaign,
  campaignSelection,
  change,
  creation,
  customer,
  draft,
  key,
  LATER,
  NOW,
  TOMORROW,
  voucher,
  voucherOf,
  voucherSelection,
  writtenCustomer,
  YESTERDAY,
} from "../records.ts";

/** What `remove` does, and what the dates of a campaign do to its vouchers. */
export const removeLaws: LawGroup = (law) => [
  law(
    "remove says of each id, in order, whether it was there, and sets the name free",
    "a deletion that did nothing would be reported as done",
    async (repository) => {
      const customers = [customer(), customer(), customer()];
      const [a, b, c] = customers;
      await repository.put("customers", customers.map(creation));
      const ids = [a?.id ?? "", "missing", c?.id ?? "", "__proto__", a?.sourceId ?? ""];
      assert.deepEqual(await repository.remove("customers", ids), [true, false, true, false, false]);
      assert.deepEqual(await repository.remove("customers", ids), [false, false, false, false, false]);
      const refs = customers.flatMap(({ id, sourceId }) => [{ id }, { name: sourceId ?? "" }]);
      assert.deepEqual(await repository.find("customers", refs), [null, null, b, b, null, null]);
      const heir = customer({ sourceId: a?.sourceId ?? "" });
      assert.deepEqual(await repository.put("customers", [creation(heir)]), ["written"]);
      assert.deepEqual(await repository.put("customers", [change(c ?? heir, { name: "Ann" })]), ["stale"]);
    },
  ),

  law(
    "a campaign goes with its vouchers; its publications stay, and the codes that were published stay taken",
    "a customer's code would be given to somebody else, or codes of nothing be left behind",
    async (repository) => {
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 3);
      const other = await createCampaignWithVouchers(repository, 2);
      const disabled = voucherOf(owner, { active: false });
      const standalone = voucher();
      await repository.add([disabled, standalone]);
      const { publication } = await publish(repository, draft(campaignSelection(owner), { keys: [key("a")] }));
      assert.deepEqual(await repository.remove("campaigns", [owner.id, "missing"]), [true, false]);

      const all = [...vouchers, disabled];
      const found = await repository.find(
        "vouchers",
        all.flatMap(({ id, code }) => [{ id }, { name: code }]),
      );
      assert.ok(found.every((record) => record === null));
      assert.deepEqual(await repository.find("campaigns", [{ id: owner.id }, { name: owner.name }]), [null, null]);
      assert.deepEqual(await repository.find("publications", [{ id: publication.id }, { name: "a" }]), [
        publication,
        publication,
      ]);
      assert.deepEqual(await repository.count([{ kind: "vouchers", filter: and() }]), [3]);

      const heir = campaign({ name: owner.name });
      assert.deepEqual(await repository.put("campaigns", [creation(heir)]), ["written"]);
      const [taken] = publication.codes;
      const again = all.map(({ code }) => voucherOf(heir, { code }));
      assert.deepEqual(
        await repository.add(again),
        all.map(({ code }) => (code === taken ? "taken" : "added")),
      );
      assert.deepEqual(await repository.add([voucherOf(owner)]), ["gone"]);
      assert.equal((await drain(repository, () => draft(campaignSelection(heir)))).length, 3);
      assert.equal((await drain(repository, () => draft(campaignSelection(other.owner)))).length, 2);
      assert.equal(outcomeText(await settleOne(repository, draft(voucherSelection(disabled)))), "unsuitable: gone");
    },
  ),

  law(
    "a deleted voucher leaves the pool, and a deleted customer's publications stay",
    "a code that was withdrawn would be given out, or a code's history be lost",
    async (repository) => {
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 4);
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
      assert.equal((await drain(repository, () => draft(campaignSelection(owner)))).length, 2);
    },
  ),

  law(
    "a campaign's new date reaches its unpublished vouchers, and only that date, and only those",
    "a prolonged campaign would have expired codes, or a customer's code end earlier than promised",
    async (repository) => {
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 4, {
        startDate: YESTERDAY,
        expirationDate: TOMORROW,
      });
      const other = await createCampaignWithVouchers(repository, 1, { expirationDate: TOMORROW });
      const disabled = voucherOf(owner, { active: false, expirationDate: TOMORROW });
      const standalone = voucher({ expirationDate: TOMORROW });
      await repository.add([disabled, standalone]);
      const published = await publish(repository, draft(campaignSelection(owner)));
      const expirationWrite = change(owner, { expirationDate: LATER });
      assert.deepEqual(await repository.put("campaigns", [expirationWrite]), ["written"]);

      const all = [...vouchers, disabled, standalone, ...other.vouchers];
      const stored = await repository.find("vouchers", refsById(all));
      const getsNewDate = (id: string) =>
        id === disabled.id ||
        (vouchers.some((one) => one.id === id) && !published.publication.voucherIds.some((taken) => taken === id));
      assert.deepEqual(
        stored.map((one) => [one?.expirationDate, one?.startDate]),
        all.map((one) => [getsNewDate(one.id) ? LATER : TOMORROW, one.startDate]),
      );
      const stale = change(disabled, { active: true });
      assert.deepEqual(await repository.put("vouchers", [stale]), ["stale"], "or an update would undo the new date");

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
    "a campaign that ends now, or is prolonged, does so for the draws that follow",
    "codes would be given out after the end, or be lost that were put back in time",
    async (repository) => {
      const { owner } = await createCampaignWithVouchers(repository, 2);
      const endWrite = change(owner, { expirationDate: YESTERDAY });
      await repository.put("campaigns", [endWrite]);
      assert.equal(outcomeText(await settleOne(repository, draft(campaignSelection(owner)))), "stale");
      assert.equal(outcomeText(await settleOne(repository, draft(campaignSelection(endWrite.record)))), "short");
      const prolongWrite = change(endWrite.record, { expirationDate: null });
      await repository.put("campaigns", [prolongWrite]);
      assert.equal((await drain(repository, () => draft(campaignSelection(prolongWrite.record)))).length, 2);
    },
  ),

  law(
    "a campaign changed in nothing but its words leaves its vouchers as they are",
    "dates that were set on single vouchers would be undone",
    async (repository) => {
      const { owner, vouchers } = await createCampaignWithVouchers(repository, 2, { expirationDate: TOMORROW });
      await repository.put("campaigns", [change(owner, { description: "new" })]);
      assert.deepEqual(await repository.find("vouchers", refsById(vouchers)), vouchers);
    },
  ),
];
