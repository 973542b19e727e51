import assert from "node:assert/strict";
import type { Draft, Repository } from "../../repository.ts";
import type { Holds, Law, Laws } from "../law.ts";
import {
  change,
  creation,
  customer,
  draft,
  key,
  takeFrom,
  takeNamed,
  unique,
  voucher,
  voucherOf,
  vouchersOf,
  writtenCustomer,
} from "../records.ts";
import { asStored, byId, drain, gist, gists, isPublished, publish, settleOne, stocked } from "../setting.ts";

/** A draft that cannot be published, and one on the same customer, keys and fresh vouchers that then can be. */
interface Case {
  readonly refused: Draft;
  readonly ends: string;
  readonly instead: Draft["selection"];
}
type Ending = (repository: Repository, details: Pick<Draft, "customer" | "keys">) => Promise<Case>;

const endings: Readonly<Record<string, Ending>> = {
  short: async (repository, details) => {
    const { owner, vouchers } = await stocked(repository, 2);
    const fresh = [voucherOf(owner), ...vouchers.map(({ code }) => voucherOf(owner, { code }))];
    const refused = draft(takeFrom(owner, { count: 4, fresh, spares: 9 }), details);
    return { refused, ends: "short", instead: takeFrom(owner, { count: 3, fresh }) };
  },
  owned: async (repository, details) => {
    const { owner } = await stocked(repository, 2);
    const name = key(unique("key"));
    const first = draft(takeFrom(owner), { keys: [name] });
    await publish(repository, first);
    const fresh = vouchersOf(owner, 2);
    const refused = draft(takeFrom(owner, { count: 2, fresh }), { ...details, keys: [...details.keys, name] });
    return { refused, ends: `owned by ${first.publication.id}`, instead: takeFrom(owner, { count: 3, fresh }) };
  },
  stale: async (repository, details) => {
    const { owner } = await stocked(repository, 1);
    const fresh = vouchersOf(owner, 2);
    const refused = draft(takeFrom({ ...owner, revision: 7 }, { count: 2, fresh, spares: 1 }), details);
    return { refused, ends: "stale", instead: takeFrom(owner, { count: 3, fresh }) };
  },
  unsuitable: async (repository, details) => {
    const [disabled, fine] = [voucher({ active: false }), voucher()];
    await repository.add([disabled, fine]);
    return { refused: draft(takeNamed(disabled), details), ends: "unsuitable: disabled", instead: takeNamed(fine) };
  },
};

/** Looks for whatever the draft would have written. */
const nothingIsLeft = async (
  repository: Repository,
  { publication, selection }: Draft,
  keys: Draft["keys"],
): Promise<void> => {
  const names = keys.map((name) => ({ name }));
  const found = await repository.find("publications", [{ id: publication.id }, ...names]);
  const fresh = selection.type === "voucher" ? [] : byId(selection.fresh);
  const vouchers = fresh.length === 0 ? [] : await repository.find("vouchers", fresh);
  assert.ok([...found, ...vouchers].every((record) => record === null));
};

const leavesNothing =
  (ending: Ending): Holds =>
  async (repository) => {
    const known = customer();
    await repository.put("customers", [creation(known)]);
    const customers = [creation(customer()), change(known, { name: "Ann", metadata: { new: true } })];
    for (const [i, write] of customers.entries()) {
      const details = { customer: writtenCustomer(write), keys: [key(`a${i}`), key(`b${i}`)] };
      const { refused, ends, instead } = await ending(repository, details);
      assert.equal(gist(await settleOne(repository, refused)), ends);
      await nothingIsLeft(repository, refused, details.keys);
      const { id, sourceId } = write.record;
      const before = write.replaces === null ? null : known;
      assert.deepEqual(await repository.find("customers", [{ id }, { name: sourceId ?? "" }]), [before, before]);

      const next = { ...draft(instead, details), publication: refused.publication };
      const settlement = await publish(repository, next);
      assert.deepEqual(settlement.publication, asStored(next, settlement));
      if (instead.type === "campaign")
        assert.deepEqual(await drain(repository, () => draft({ ...instead, fresh: [] })), []);
      assert.deepEqual(await repository.find("customers", [{ id }]), [write.record]);
    }
  };

const because: Readonly<Record<string, string>> = {
  short: "codes would be stranded, and the customer's next request answered by a publication that never was",
  owned: "the second of two equal requests would cost a code, or change the customer",
  stale: "a code would be given out under rules that no longer hold",
  unsuitable: "the customer's next request would be answered by a publication that never was",
};

/** Only `published` writes anything. */
export const refusalLaws: Laws = (law): readonly Law[] => [
  ...Object.entries(endings).map(([name, ending]) =>
    law(
      `a draft that ends \`${name}\` leaves no customer, key, code, voucher or publication behind`,
      because[name] ?? "",
      leavesNothing(ending),
    ),
  ),

  law(
    "a draft is published whole or not at all",
    "a customer would get fewer codes than paid for, or a code would be gone that nobody has",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 5);
      const settlements = await repository.settle([3, 3, 2].map((count) => draft(takeFrom(owner, { count }))));
      assert.deepEqual(gists(settlements), ["published", "short", "published"]);
      const given = settlements.filter(isPublished).map(({ publication }) => publication);
      assert.deepEqual(
        given.map(({ codes, voucherIds }) => [new Set(codes).size, new Set(voucherIds).size]),
        [
          [3, 3],
          [2, 2],
        ],
      );
      const refs = byId(vouchers);
      for (const stored of await repository.find("vouchers", refs)) {
        const by = given.find(({ id }) => id === stored?.publicationId);
        assert.ok(stored !== null && by?.voucherIds.includes(stored.id) && by.customerId === stored.holderId);
      }
    },
  ),
];
