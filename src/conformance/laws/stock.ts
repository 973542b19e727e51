import assert from "node:assert/strict";
import { and } from "../../domain/filters.ts";
import type { Laws } from "../law.ts";
import {
  campaign,
  change,
  code,
  creation,
  draft,
  takeFrom,
  takeNamed,
  voucher,
  voucherOf,
  vouchersOf,
} from "../records.ts";
import { byId, drain, publish, sorted, stocked } from "../setting.ts";

const ALL = [{ kind: "vouchers", filter: and() }] as const;

/** What `add` does. */
export const stockLaws: Laws = (law) => [
  law(
    "add says of each voucher, in order, whether it is in; one that is refused does not hold up its neighbours",
    "a campaign would be told that it has codes that it has not",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 2);
      const standalone = voucher();
      await repository.put("vouchers", [creation(standalone)]);
      const [a, b, c, d] = [voucherOf(owner), voucherOf(owner), voucher(), voucherOf(campaign())];
      const taken = [...vouchers, standalone].map((one) => voucherOf(owner, { code: one.code }));
      const [first, ...others] = taken;
      const adding = [a, ...(first ? [first] : []), d, b, c, ...others];
      const answers = ["added", "taken", "gone", "added", "added", "taken", "taken"];
      assert.deepEqual(await repository.add(adding), answers);
      assert.deepEqual(
        await repository.find("vouchers", byId(adding)),
        adding.map((one, i) => (answers[i] === "added" ? one : null)),
      );
      const drawn = await drain(repository, () => draft(takeFrom(owner)));
      const codes = [...vouchers, a, b].map((one) => one.code);
      assert.deepEqual(sorted(drawn.flatMap(({ publication }) => publication.codes)), sorted(codes));
    },
  ),

  law(
    "of two vouchers of one call with one code, the first gets it",
    "a code would have two owners",
    async (repository) => {
      const [one, other] = [await stocked(repository, 0), await stocked(repository, 0)];
      const [a, b, c] = [voucherOf(one.owner), voucherOf(other.owner), voucher()];
      const twins = [voucherOf(other.owner, { code: a.code }), voucherOf(one.owner, { code: b.code })];
      const adding = [a, ...twins.slice(0, 1), b, ...twins.slice(1), c, voucher({ code: c.code })];
      assert.deepEqual(await repository.add(adding), ["added", "taken", "added", "taken", "added", "taken"]);
      assert.deepEqual(await repository.find("vouchers", [{ name: a.code }, { name: b.code }, { name: c.code }]), [
        a,
        b,
        c,
      ]);
    },
  ),

  law(
    "add made again answers `added` and changes nothing, even when the voucher has since been published",
    "after a lost answer the engine would make codes again, or a code would go back into the pool",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 3);
      const [first, second] = vouchers;
      if (!first || !second) assert.fail();
      const published = await publish(repository, draft(takeNamed(first)));
      const update = change(second, { metadata: { touched: true } });
      await repository.put("vouchers", [update]);
      assert.deepEqual(await repository.add(vouchers), ["added", "added", "added"]);
      assert.deepEqual(await repository.find("vouchers", [{ id: first.id }, { id: second.id }]), [
        ...published.vouchers,
        update.record,
      ]);
      assert.deepEqual(await repository.count(ALL), [3]);
      assert.equal((await drain(repository, () => draft(takeFrom(owner)))).length, 2);
    },
  ),

  law(
    "codes are told apart exactly: by case, accent, width and blanks",
    "codes that differ would be refused as taken, or one found for another",
    async (repository) => {
      const { owner } = await stocked(repository, 0);
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
      const adding = texts.map((text) => voucherOf(owner, { code: code(text) }));
      assert.deepEqual(
        await repository.add(adding),
        texts.map(() => "added"),
      );
      const names = [...texts.map((name) => ({ name })), { name: "aBC" }, { name: "abc  " }];
      assert.deepEqual(await repository.find("vouchers", names), [...adding, null, null]);
    },
  ),

  law(
    "a code that was never published is free again when its voucher is deleted, one that was published never",
    "a customer's code would be given to somebody else",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 2);
      const [kept, freed] = vouchers;
      if (!kept || !freed) assert.fail();
      await publish(repository, draft(takeNamed(kept)));
      assert.deepEqual(await repository.remove("vouchers", [kept.id, freed.id]), [true, true]);
      assert.deepEqual(await repository.find("vouchers", [{ name: kept.code }, { name: freed.code }]), [null, null]);
      const again = [kept, freed].map((one) => voucherOf(owner, { code: one.code }));
      assert.deepEqual(await repository.add(again), ["taken", "added"]);
      const creations = [creation(voucher({ code: kept.code })), creation(kept)];
      assert.deepEqual(
        await repository.put("vouchers", creations),
        ["taken", "taken"],
        "also to the voucher that had it",
      );
      assert.deepEqual(await repository.add(vouchers), ["taken", "taken"]);
      assert.equal((await drain(repository, () => draft(takeFrom(owner)))).length, 1);
      assert.deepEqual(await repository.add(vouchersOf(owner, 1)), ["added"]);
    },
  ),
];
