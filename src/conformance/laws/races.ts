import assert from "node:assert/strict";
import { and } from "../../domain/filters.ts";
import type { Draft, Repository, Settlement } from "../../repository.ts";
import type { Laws } from "../law.ts";
import {
  change,
  creation,
  customer,
  draft,
  key,
  knownCustomer,
  takeFrom,
  takeNamed,
  voucher,
  voucherOf,
  vouchersOf,
  writtenCustomer,
} from "../records.ts";
import { byCode, codesOf, drain, gist, isPublished, sorted, stocked } from "../setting.ts";

const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** How often each ending came, as in `{ published: 1, "stale": 7 }`. */
const tally = (settlements: readonly Settlement[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const settlement of settlements) counts[gist(settlement)] = (counts[gist(settlement)] ?? 0) + 1;
  return counts;
};

/** Each draft in a call of its own, all under way together. */
const atOnce = async (repository: Repository, drafts: readonly Draft[]): Promise<readonly Settlement[]> =>
  (await Promise.all(drafts.map((one) => repository.settle([one])))).flat();

/** What many callers at once may expect. */
export const raceLaws: Laws = (law) => [
  law(
    "racing drafts share no code, and empty the pool",
    "one code would be given to two customers, or codes be left while customers are told that there are none",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 60);
      const settlements = await atOnce(
        repository,
        times(80, () => draft(takeFrom(owner))),
      );
      assert.deepEqual(tally(settlements), { published: 60, short: 20 });
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
    },
  ),

  law(
    "racing drafts of several codes are published whole, as many as fit",
    "a customer would get fewer codes than paid for, or be refused while there are enough",
    async (repository) => {
      const { owner } = await stocked(repository, 50);
      const settlements = await atOnce(
        repository,
        times(24, () => draft(takeFrom(owner, { count: 3 }))),
      );
      assert.deepEqual(tally(settlements), { published: 16, short: 8 });
      assert.equal(new Set(codesOf(settlements)).size, 48);
      assert.equal((await drain(repository, () => draft(takeFrom(owner)))).length, 2);
    },
  ),

  law(
    "racing batches share no code, and empty the pool",
    "one code would be given to two customers",
    async (repository) => {
      const size = Math.min(20, repository.batchMax);
      const { owner, vouchers } = await stocked(repository, 8 * size);
      const calls = times(10, () => repository.settle(times(size, () => draft(takeFrom(owner)))));
      const settlements = (await Promise.all(calls)).flat();
      assert.deepEqual(tally(settlements), { published: 8 * size, short: 2 * size });
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
    },
  ),

  law(
    "of racing drafts with one key, one is published and the others hear of it",
    "a request sent twice would cost two codes",
    async (repository) => {
      const { owner } = await stocked(repository, 30);
      const drafts = times(20, (i) => draft(takeFrom(owner), { keys: i % 2 ? [key("a")] : [key("a"), key("b")] }));
      const settlements = await atOnce(repository, drafts);
      const winners = settlements.filter(isPublished);
      assert.equal(winners.length, 1);
      const [winner] = winners;
      for (const settlement of settlements)
        assert.deepEqual("publication" in settlement && settlement.publication, winner?.publication);
      assert.equal((await drain(repository, () => draft(takeFrom(owner)))).length, 29);
      const customers = drafts.map(({ publication }) => ({ id: publication.customerId }));
      const stored = await repository.find("customers", customers);
      assert.equal(stored.filter((one) => one !== null).length, 1);
    },
  ),

  law(
    "a draft made many times at once is published once, and every call gets that publication",
    "a call repeated after a lost answer would cost a second code, or be refused",
    async (repository) => {
      const { owner } = await stocked(repository, 9);
      const one = draft(takeFrom(owner, { count: 2 }), { keys: [key("a")] });
      const settlements = await atOnce(
        repository,
        times(12, () => one),
      );
      const publications = settlements.map((settlement) => "publication" in settlement && settlement.publication);
      const [stored] = await repository.find("publications", [{ id: one.publication.id }]);
      assert.deepEqual(
        publications,
        settlements.map(() => stored),
      );
      assert.equal((await drain(repository, () => draft(takeFrom(owner)))).length, 7);
    },
  ),

  law(
    "of racing drafts for one named voucher, one gets it",
    "the code would be given to two customers",
    async (repository) => {
      const only = voucher();
      await repository.add([only]);
      const settlements = await atOnce(
        repository,
        times(12, () => draft(takeNamed(only))),
      );
      assert.deepEqual(tally(settlements), { published: 1, "unsuitable: published": 11 });
    },
  ),

  law(
    "drafts by name and drafts by draw, racing, share no code",
    "a code would be given both by name and by lot",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 20);
      const drafts = vouchers.flatMap((one) => [draft(takeNamed(one)), draft(takeFrom(owner))]);
      const settlements = await atOnce(repository, drafts);
      assert.deepEqual(sorted(codesOf(settlements)), sorted(vouchers.map(({ code }) => code)));
      const rest = settlements.filter((one) => !isPublished(one));
      assert.ok(rest.every((one) => gist(one) === "short" || gist(one) === "unsuitable: published"));
    },
  ),

  law(
    "of racing drafts that write one customer, one does and the others are `stale`",
    "a customer would be there twice, or an update be lost",
    async (repository) => {
      const { owner } = await stocked(repository, 40);
      const known = customer();
      await repository.put("customers", [creation(known)]);
      const updates = times(8, (i) => writtenCustomer(change(known, { name: `name ${i}` })));
      const updated = await atOnce(
        repository,
        updates.map((by) => draft(takeFrom(owner), { customer: by })),
      );
      assert.deepEqual(tally(updated), { published: 1, stale: 7 });
      const creations = times(8, () => writtenCustomer(creation(customer({ sourceId: "shop-1" }))));
      const created = await atOnce(
        repository,
        creations.map((by) => draft(takeFrom(owner), { customer: by })),
      );
      assert.deepEqual(tally(created), { published: 1, stale: 7 });
      const same = await atOnce(
        repository,
        times(8, () => draft(takeFrom(owner), { customer: knownCustomer(known) })),
      );
      assert.deepEqual(tally(same), { published: 8 });
    },
  ),

  law(
    "callers who extend a dry campaign at once each get codes, and none is lost",
    "a code that one of them made would be given to another, or stranded",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 5);
      const contested = vouchersOf(owner, 3);
      const drafts = times(30, (i) => {
        const fresh = [...contested.map(({ code }) => voucherOf(owner, { code })), ...vouchersOf(owner, 3)];
        return draft(takeFrom(owner, { count: 1 + (i % 3), fresh, spares: i % 2 }));
      });
      const settlements = await atOnce(repository, drafts);
      assert.deepEqual(tally(settlements), { published: 30 });
      const given = codesOf(settlements);
      assert.equal(given.length, 60);
      const left = (await drain(repository, () => draft(takeFrom(owner)))).flatMap(
        ({ publication }) => publication.codes,
      );
      assert.equal(new Set([...given, ...left]).size, given.length + left.length);
      assert.deepEqual(await repository.count([{ kind: "vouchers", filter: and() }]), [given.length + left.length]);
      assert.ok(vouchers.every(({ code }) => given.includes(code)));
    },
  ),

  law(
    "a code that many add at once has one owner",
    "two vouchers would have one code, and it would be published twice",
    async (repository) => {
      const { owner } = await stocked(repository, 0);
      const codes = vouchersOf(owner, 8).map(({ code }) => code);
      const batches = times(8, (i) => {
        const batch = codes.map((code) => voucherOf(owner, { code }));
        return i % 2 ? batch : batch.toReversed();
      });
      const answers = await Promise.all(batches.map((batch) => repository.add(batch)));
      const added = batches.flatMap((batch, i) => batch.filter((_, j) => answers[i]?.[j] === "added"));
      assert.deepEqual(sorted(added.map(({ code }) => code)), sorted(codes));
      assert.ok(answers.flat().every((answer) => answer === "added" || answer === "taken"));
      const found = await repository.find("vouchers", byCode(added));
      assert.deepEqual(found, added);
    },
  ),

  law(
    "of racing writes of one revision, or of one name, one is written",
    "the update of one caller would undo another's, unseen by both",
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
      const [owner] = await repository.find("customers", [{ name: "shop-1" }]);
      assert.deepEqual(owner, creations[created.indexOf("written")]?.record);
    },
  ),

  law(
    "a voucher that is disabled while it is being published ends as one or the other",
    "a withdrawn code would be given out, or a published one taken back by an update that had not seen it",
    async (repository) => {
      const vouchers = times(20, () => voucher());
      await repository.add(vouchers);
      for (const [i, one] of vouchers.entries()) {
        const publish = () => repository.settle([draft(takeNamed(one))]);
        const first = i % 2 === 0 ? publish() : null;
        const disabling = repository.put("vouchers", [change(one, { active: false })]);
        const [[settlement], [put]] = await Promise.all([first ?? publish(), disabling]);
        const [stored] = await repository.find("vouchers", [{ id: one.id }]);
        const ends = [settlement && gist(settlement), put, stored?.active, stored?.publicationId !== null].join();
        assert.ok(["published,stale,true,true", "unsuitable: disabled,written,false,false"].includes(ends), ends);
      }
    },
  ),

  law(
    "the code of a voucher that is deleted while it is being published stays taken if a customer has it",
    "the customer's code would be given to somebody else",
    async (repository) => {
      const vouchers = times(20, () => voucher());
      await repository.add(vouchers);
      for (const [i, one] of vouchers.entries()) {
        const publish = () => repository.settle([draft(takeNamed(one))]);
        const first = i % 2 === 0 ? publish() : null;
        const removing = repository.remove("vouchers", [one.id]);
        const [[settlement], [removed]] = await Promise.all([first ?? publish(), removing]);
        const [again] = await repository.add([voucher({ code: one.code })]);
        const ends = [settlement && gist(settlement), removed, again].join();
        assert.ok(["published,true,taken", "unsuitable: gone,true,added"].includes(ends), ends);
      }
    },
  ),
];
