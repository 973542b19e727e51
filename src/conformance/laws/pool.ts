import assert from "node:assert/strict";
import type { VoucherRecord } from "../../domain/model.ts";
import type { Write } from "../../repository.ts";
import type { Laws } from "../law.ts";
import {
  change,
  draft,
  instant,
  LATER,
  NOW,
  TOMORROW,
  takeFrom,
  takeNamed,
  voucher,
  voucherOf,
  vouchersOf,
  YESTERDAY,
} from "../records.ts";
import { codesOf, drain, gist, gists, publish, settleOne, sorted, stocked } from "../setting.ts";

/** Which vouchers a draw may take. */
export const poolLaws: Laws = (law) => [
  law(
    "a draw takes only what is active, unpublished, unexpired and of its campaign",
    "a customer would get a code that the till refuses, or one of another campaign",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 2);
      const other = await stocked(repository, 3);
      const suitable = [
        ...vouchers,
        voucherOf(owner, { expirationDate: TOMORROW }),
        voucherOf(owner, { startDate: TOMORROW }),
      ];
      const published = voucherOf(owner);
      await repository.add([
        voucher(),
        published,
        voucherOf(owner, { active: false }),
        voucherOf(owner, { expirationDate: YESTERDAY }),
        voucherOf(owner, { expirationDate: instant(NOW) }),
        voucherOf(owner, { active: false, expirationDate: TOMORROW }),
        ...suitable.slice(2),
      ]);
      await publish(repository, draft(takeNamed(published)));
      assert.equal(gist(await settleOne(repository, draft(takeFrom(owner, { count: 5 })))), "short");
      const drawn = await drain(repository, () => draft(takeFrom(owner)));
      assert.deepEqual(
        sorted(drawn.flatMap(({ publication }) => publication.codes)),
        sorted(suitable.map(({ code }) => code)),
      );
      assert.equal((await drain(repository, () => draft(takeFrom(other.owner)))).length, 3);
    },
  ),

  law(
    "a draw passes over any number of expired vouchers",
    "a campaign with old codes would look empty",
    async (repository) => {
      const { owner } = await stocked(repository, 120, { expirationDate: YESTERDAY });
      const live = vouchersOf(owner, 3, { expirationDate: TOMORROW });
      await repository.add(live);
      const drawn = await drain(repository, () => draft(takeFrom(owner)));
      assert.deepEqual(
        sorted(drawn.flatMap(({ publication }) => publication.codes)),
        sorted(live.map(({ code }) => code)),
      );
    },
  ),

  law(
    "what has expired is seen from the draft's own `now`, also when that goes back",
    "a host's test with a pinned clock would see codes vanish for good",
    async (repository) => {
      const { owner } = await stocked(repository, 3, { expirationDate: TOMORROW });
      const ending = (now: typeof NOW, count: number) =>
        settleOne(repository, draft(takeFrom(owner, { count }), { now }));
      assert.equal(gist(await ending(LATER, 1)), "short");
      assert.equal(gist(await ending(TOMORROW, 1)), "short");
      assert.equal(gist(await ending(YESTERDAY, 1)), "published");
      assert.equal(gist(await ending(LATER, 1)), "short");
      assert.equal(gist(await ending(NOW, 3)), "short");
      const together = [LATER, NOW].map((now) => draft(takeFrom(owner, { count: 2 }), { now }));
      assert.deepEqual(gists(await repository.settle(together)), ["short", "published"]);
      const later = await stocked(repository, 2, { expirationDate: TOMORROW });
      const drafts = [LATER, NOW, LATER, NOW].map((now) => draft(takeFrom(later.owner), { now }));
      assert.deepEqual(gists(await repository.settle(drafts)), ["short", "published", "short", "published"]);
    },
  ),

  law(
    "a voucher leaves the pool when it is disabled or its date is moved to the past, and comes back when that is undone",
    "a code that was withdrawn would be given out, or one that was put back would be lost",
    async (repository) => {
      const { owner } = await stocked(repository, 0);
      const [disabled, expired, left] = [voucherOf(owner), voucherOf(owner), voucherOf(owner)];
      await repository.add([disabled, expired, left]);
      const put = async (...writes: readonly Write<VoucherRecord>[]): Promise<void> =>
        assert.deepEqual(await repository.put("vouchers", writes), ["written", "written"]);
      const draw = (count: number) => settleOne(repository, draft(takeFrom(owner, { count })));

      const [off, past] = [change(disabled, { active: false }), change(expired, { expirationDate: YESTERDAY })];
      await put(off, past);
      assert.equal(gist(await draw(2)), "short");
      assert.deepEqual(codesOf([await draw(1)]), [left.code]);
      assert.equal(gist(await draw(1)), "short");
      await put(change(off.record, { active: true }), change(past.record, { expirationDate: null }));
      assert.equal(gist(await draw(3)), "short");
      assert.deepEqual(sorted(codesOf([await draw(2)])), sorted([disabled.code, expired.code]));
    },
  ),

  law(
    "an update that leaves a voucher suitable leaves it in the pool, once",
    "a code would be given twice, or to nobody",
    async (repository) => {
      const { owner, vouchers } = await stocked(repository, 3);
      const touched = vouchers.map((one) => change(one, { metadata: { touched: true }, expirationDate: TOMORROW }));
      assert.deepEqual(await repository.put("vouchers", touched), ["written", "written", "written"]);
      assert.deepEqual(
        await repository.add(vouchers),
        vouchers.map(() => "added"),
      );
      const drawn = await drain(repository, () => draft(takeFrom(owner)));
      const given = drawn.flatMap((one) => one.vouchers);
      assert.equal(given.length, 3);
      assert.ok(given.every(({ metadata, revision }) => metadata.touched === true && revision === 3));
    },
  ),
];
