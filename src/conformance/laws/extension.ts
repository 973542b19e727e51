import assert from "node:assert/strict";
import type { Laws } from "../law.ts";
import { code, draft, LATER, NOW, takeFrom, takeNamed, voucher, voucherOf, vouchersOf } from "../records.ts";
import {
  asStored,
  byCode,
  byId,
  codesOf,
  drain,
  gist,
  gists,
  publish,
  settleOne,
  sorted,
  stocked,
} from "../setting.ts";

/** What becomes of the freshly made vouchers of a draft. */
export const extensionLaws: Laws = (law) => [
  law(
    "fresh vouchers make up a shortfall, published at once; the pool goes first",
    "a campaign that extends itself would run dry, or give a code to two",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 2);
      const fresh = vouchersOf(owner, 4);
      const one = draft(takeFrom(owner, { count: 4, fresh }), { expirationDate: LATER });
      const settlement = await publish(repository, one);
      const minted = fresh.slice(0, 2);
      assert.deepEqual(sorted(settlement.publication.codes), sorted([...vouchers, ...minted].map((made) => made.code)));
      assert.deepEqual(settlement.publication, asStored(one, settlement));
      const { id, customerId } = settlement.publication;
      const own = { holderId: customerId, publicationId: id, updatedAt: NOW, expirationDate: LATER, revision: 2 };
      const stored = await repository.find("vouchers", byCode(fresh));
      assert.deepEqual(stored, [...minted.map((made) => ({ ...made, ...own })), null, null]);
      assert.deepEqual(await drain(repository, () => draft(takeFrom(owner))), []);
    },
  ),

  law(
    "as many spare vouchers as wanted go into the pool, and none when nothing was missing",
    "codes would pile up that nobody asked for, or callers behind would each have to make their own",
    async (repository) => {
      const cases = [
        { stock: 1, count: 1, fresh: 3, spares: 2, left: 0 },
        { stock: 1, count: 2, fresh: 4, spares: 2, left: 2 },
        { stock: 0, count: 2, fresh: 3, spares: 9, left: 1 },
        { stock: 0, count: 1, fresh: 1, spares: 1, left: 0 },
        { stock: 0, count: 1, fresh: 3, spares: 0, left: 0 },
      ];
      for (const { stock, count, fresh, spares, left } of cases) {
        const { owner, vouchers } = await stocked(repository, stock);
        const made = vouchersOf(owner, fresh);
        await publish(repository, draft(takeFrom(owner, { count, fresh: made, spares })));
        const missing = count - vouchers.length;
        const spare = made.slice(missing, missing + left);
        assert.deepEqual(
          await repository.find("vouchers", byId(made).slice(missing)),
          made.slice(missing).map((one) => (spare.includes(one) ? one : null)),
        );
        const drawn = await drain(repository, () => draft(takeFrom(owner)));
        assert.deepEqual(
          sorted(drawn.flatMap(({ publication }) => publication.codes)),
          sorted(spare.map((one) => one.code)),
        );
      }
    },
  ),

  law(
    "fresh vouchers whose codes are taken are passed over, whoever has them",
    "a code would have two owners, or a campaign look exhausted that is not",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 1);
      const [standalone, buried] = [voucher(), voucher()];
      await repository.add([standalone, buried]);
      await publish(repository, draft(takeNamed(buried)));
      await repository.remove("vouchers", [buried.id]);
      const taken = [standalone, buried, ...vouchers].map((one) => voucherOf(owner, { code: one.code }));
      const [first, twin, second, spare] = vouchersOf(owner, 4);
      if (!first || !twin || !second || !spare) assert.fail();
      const twins = [first, { ...twin, code: first.code }];
      const [a = first, b = first, c = first] = taken;
      const fresh = [a, ...twins, b, second, c, spare];
      const settlement = await publish(repository, draft(takeFrom(owner, { count: 3, fresh, spares: 9 })));
      const given = [...vouchers, first, second].map((one) => one.code);
      assert.deepEqual(sorted(settlement.publication.codes), sorted(given));
      assert.deepEqual(codesOf([await settleOne(repository, draft(takeFrom(owner)))]), [spare.code]);
      assert.deepEqual(
        (await repository.find("vouchers", byId([...taken, twin]))).filter((one) => one !== null),
        [],
      );
    },
  ),

  law(
    "drafts of one call that bring the same fresh codes share them out in order",
    "one neighbour's codes would be given to another, or its publication fail for nothing",
    async (repository) => {
      const { owner } = await stocked(repository, 0);
      const names = ["a", "b", "c", "d", "e"].map(code);
      const fresh = (...of: readonly number[]) => of.map((i) => voucherOf(owner, { code: names[i] ?? code("?") }));
      const drafts = [
        draft(takeFrom(owner, { fresh: fresh(0, 1), spares: 0 })),
        draft(takeFrom(owner, { count: 2, fresh: fresh(0, 1, 2), spares: 1 })),
        draft(takeFrom(owner, { count: 2, fresh: fresh(1, 3, 2) })),
        draft(takeFrom(owner, { fresh: fresh(2, 3, 1) })),
        draft(takeFrom(owner, { fresh: fresh(4, 0), spares: 1 })),
      ];
      const settlements = await repository.settle(drafts);
      assert.deepEqual(gists(settlements), ["published", "published", "short", "published", "published"]);
      assert.deepEqual(
        settlements.map((one) => codesOf([one]).join()),
        ["a", "b,c", "", "d", "e"],
      );
      assert.deepEqual(await drain(repository, () => draft(takeFrom(owner))), []);
    },
  ),

  law(
    "a spare voucher can be drawn by the next draft of the same call",
    "a caller would be told that nothing is left when there is",
    async (repository) => {
      const { owner } = await stocked(repository, 0);
      const fresh = vouchersOf(owner, 3);
      const settlements = await repository.settle([
        draft(takeFrom(owner)),
        draft(takeFrom(owner, { fresh, spares: 2 })),
        draft(takeFrom(owner, { count: 2 })),
        draft(takeFrom(owner)),
      ]);
      assert.deepEqual(settlements.map(gist), ["short", "published", "published", "short"]);
      assert.deepEqual(sorted(codesOf(settlements)), sorted(fresh.map((one) => one.code)));
    },
  ),
];
