import assert from "node:assert/strict";
import type { LawGroup } from "../law.ts";
import { refsById } from "../law-steps.ts";
import { campaign, change, creation, customer, LATER, TOMORROW, voucher } from "../sample-records.ts";

/** The method `put`. */
export const putLaws: LawGroup = (law) => [
  law(
    "put answers each write, in order; a refused write does not stop the others",
    "a caller would believe in a change that did not happen",
    async (repository) => {
      const [a, b, c] = [customer(), customer(), customer()];
      assert.deepEqual(await repository.put("customers", [creation(a), creation(b)]), ["written", "written"]);
      const update = change(b, { name: "Ann" });
      const writes = [
        creation(customer({ sourceId: a.sourceId })),
        creation(c),
        change({ ...a, revision: 2 }, { name: "Bob" }),
        update,
        change(customer(), { name: "Cid" }),
      ];
      assert.deepEqual(await repository.put("customers", writes), ["taken", "written", "stale", "written", "stale"]);
      assert.deepEqual(await repository.find("customers", refsById([...writes.map(({ record }) => record), a, b])), [
        null,
        c,
        a,
        update.record,
        null,
        a,
        update.record,
      ]);
    },
  ),

  law(
    "the first owner of a name keeps it",
    "two campaigns would have the same name, or two customers the same source id",
    async (repository) => {
      const [newCampaign, newCustomer, newVoucher] = [campaign(), customer(), voucher()];
      await repository.put("campaigns", [creation(newCampaign)]);
      await repository.put("customers", [creation(newCustomer)]);
      await repository.put("vouchers", [creation(newVoucher)]);
      const putResults = [
        await repository.put("campaigns", [creation(campaign({ name: newCampaign.name }))]),
        await repository.put("customers", [creation(customer({ sourceId: newCustomer.sourceId }))]),
        await repository.put("vouchers", [creation(voucher({ code: newVoucher.code }))]),
      ];
      assert.deepEqual(putResults.flat(), ["taken", "taken", "taken"]);
      assert.deepEqual(await repository.find("campaigns", [{ name: newCampaign.name }]), [newCampaign]);
      assert.deepEqual(await repository.find("customers", [{ name: newCustomer.sourceId ?? "" }]), [newCustomer]);
      assert.deepEqual(await repository.find("vouchers", [{ name: newVoucher.code }]), [newVoucher]);
      const nameless = [customer({ sourceId: null }), customer({ sourceId: null })];
      assert.deepEqual(await repository.put("customers", nameless.map(creation)), ["written", "written"]);
    },
  ),

  law(
    "a customer can get a source id later, if no other customer has it",
    "a host could not identify a customer later, or two customers would have the same source id",
    async (repository) => {
      const [anonymous, other, taken] = [customer({ sourceId: null }), customer({ sourceId: null }), customer()];
      await repository.put("customers", [anonymous, other, taken].map(creation));
      const sourceIdWrite = change(anonymous, { sourceId: "shop-1" });
      const conflictingWrite = change(other, { sourceId: taken.sourceId });
      assert.deepEqual(await repository.put("customers", [conflictingWrite, sourceIdWrite]), ["taken", "written"]);
      assert.deepEqual(await repository.put("customers", [change(other, { sourceId: "shop-1" })]), ["taken"]);
      const refs = [{ name: "shop-1" }, { name: taken.sourceId ?? "" }, { id: other.id }];
      assert.deepEqual(await repository.find("customers", refs), [sourceIdWrite.record, taken, other]);
    },
  ),

  law(
    "a write that replaces another revision than the stored one is `stale`, and changes nothing",
    "the update of one caller would silently undo the update of another",
    async (repository) => {
      const [newCampaign, newCustomer, newVoucher] = [campaign(), customer(), voucher()];
      const updates = [
        change(newCampaign, { description: "new", metadata: { a: 1 } }),
        change(newCustomer, { email: "a@example.test", address: null }),
        change(newVoucher, { active: false, expirationDate: TOMORROW }),
      ] as const;
      const [ofCampaign, ofCustomer, ofVoucher] = updates;
      await repository.put("campaigns", [creation(newCampaign)]);
      await repository.put("customers", [creation(newCustomer)]);
      await repository.put("vouchers", [creation(newVoucher)]);
      const answers = [];
      for (let again = 0; again < 2; again++)
        answers.push(
          ...(await repository.put("campaigns", [ofCampaign])),
          ...(await repository.put("customers", [ofCustomer])),
          ...(await repository.put("vouchers", [ofVoucher])),
        );
      assert.deepEqual(answers, ["written", "written", "written", "stale", "stale", "stale"]);
      assert.deepEqual(await repository.put("customers", [change(newCustomer, { name: "Bob" })]), ["stale"]);
      assert.deepEqual(await repository.find("campaigns", [{ id: newCampaign.id }]), [ofCampaign.record]);
      assert.deepEqual(await repository.find("customers", [{ id: newCustomer.id }]), [ofCustomer.record]);
      assert.deepEqual(await repository.find("vouchers", [{ id: newVoucher.id }]), [ofVoucher.record]);
    },
  ),

  law(
    "a repeated creation answers `written` and changes nothing, even if the record has changed since",
    "after a lost answer, a retry would be refused because of its own record, or undo later changes",
    async (repository) => {
      const [newCampaign, newCustomer, newVoucher] = [campaign(), customer(), voucher()];
      const update = change(newCustomer, { name: "Ann" });
      const answers = [];
      for (let again = 0; again < 3; again++) {
        answers.push(
          ...(await repository.put("campaigns", [creation(newCampaign)])),
          ...(await repository.put("customers", [creation(newCustomer)])),
          ...(await repository.put("vouchers", [creation(newVoucher)])),
        );
        if (again === 1) await repository.put("customers", [update]);
      }
      assert.deepEqual(
        answers,
        answers.map(() => "written"),
      );
      assert.deepEqual(await repository.find("customers", [{ id: newCustomer.id }]), [update.record]);
    },
  ),

  law("the id of another record is `taken`", "a record would be replaced by an unrelated one", async (repository) => {
    const person = customer();
    await repository.put("customers", [creation(person)]);
    const other = customer({ id: person.id, createdAt: LATER });
    assert.deepEqual(await repository.put("customers", [creation(other)]), ["taken"]);
    const refs = [{ id: person.id }, { name: other.sourceId ?? "" }];
    assert.deepEqual(await repository.find("customers", refs), [person, null]);
  }),
];
