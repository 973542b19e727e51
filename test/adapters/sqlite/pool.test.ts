import type { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import type { Campaign, Instant, Repository, Settlement, VoucherRecord } from "oncecode";
import {
  campaign,
  campaignSelection,
  change,
  creation,
  draft,
  LATER,
  NOW,
  TOMORROW,
  voucherSelection,
  vouchersOf,
  YESTERDAY,
} from "oncecode/conformance";
import { sqliteRepository } from "oncecode/sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { newRepositoryOnHandle } from "./temporary-files.ts";

let handle: DatabaseSync;
let repository: Repository;
let owner: Campaign;

const countWhere = (condition: string): unknown =>
  handle.prepare(`select count(*) as count from oncecode_vouchers where ${condition}`).get();

const draw = async (now: Instant, details: Parameters<typeof campaignSelection>[1] = {}): Promise<Settlement> => {
  const [settlement] = await repository.settle([draft(campaignSelection(owner, details), { now })]);
  return settlement!;
};

beforeEach(async () => {
  ({ handle, repository } = await newRepositoryOnHandle());
  owner = campaign();
  await repository.put("campaigns", [creation(owner)]);
});

describe("expired vouchers", () => {
  const addVouchers = (count: number, expirationDate: Instant | null): Promise<unknown> =>
    repository.add(vouchersOf(owner, count, { expirationDate }));

  it("are set aside by the first draw that finds them, and later draws skip them", async () => {
    await addVouchers(20, YESTERDAY);
    expect(await draw(NOW)).toEqual({ type: "short" });
    expect(countWhere("set_aside = 1")).toEqual({ count: 20 });

    await addVouchers(1, null);
    expect(await draw(NOW)).toMatchObject({ type: "published" });
    expect(await draw(NOW)).toEqual({ type: "short" });
  });

  it("are set aside only as far as the draw reads", async () => {
    await repository.add(vouchersOf(owner, 3, { expirationDate: YESTERDAY, rank: 0.2 }));
    await repository.add(vouchersOf(owner, 2, { rank: 0.3 }));
    await repository.add(vouchersOf(owner, 4, { expirationDate: YESTERDAY, rank: 0.4 }));
    expect(await draw(NOW, { startRank: 0.1 })).toMatchObject({ type: "published", vouchers: [{ rank: 0.3 }] });
    expect(countWhere("set_aside = 1")).toEqual({ count: 3 });
    expect(await draw(NOW, { startRank: 0.35 })).toMatchObject({ type: "published", vouchers: [{ rank: 0.3 }] });
    expect(countWhere("set_aside = 1")).toEqual({ count: 7 });
  });

  it("are set aside a few thousand at a time, so that the end of a big campaign delays no call for long", async () => {
    for (let i = 0; i < 5; i++) await addVouchers(1000, YESTERDAY);
    expect(await repository.settle([draft(campaignSelection(owner)), draft(campaignSelection(owner))])).toEqual(
      Array(2).fill({ type: "short" }),
    );
    expect(countWhere("set_aside = 1")).toEqual({ count: 4000 });
    expect(await draw(NOW)).toEqual({ type: "short" });
    expect(countWhere("set_aside = 1")).toEqual({ count: 5000 });
  });

  it("are available again when the clock is set back", async () => {
    await addVouchers(5, TOMORROW);
    expect(await draw(LATER)).toEqual({ type: "short" });
    expect(await draw(NOW, { count: 5 })).toMatchObject({ type: "published" });
    expect(countWhere("set_aside = 1")).toEqual({ count: 0 });
  });

  it("are available again when their date is moved, for one voucher or for the whole campaign", async () => {
    await addVouchers(2, YESTERDAY);
    expect(await draw(NOW)).toEqual({ type: "short" });
    const [first] = await repository.page({
      ...{ kind: "vouchers", by: "id", descending: false, after: null, offset: 0, limit: 1 },
      filter: { type: "and", filters: [] },
    });
    await repository.put("vouchers", [change(first as VoucherRecord, { expirationDate: LATER })]);
    expect(await draw(NOW)).toMatchObject({ type: "published", vouchers: [{ id: first!.id }] });

    const write = change(owner, { expirationDate: LATER });
    expect(await repository.put("campaigns", [write])).toEqual(["written"]);
    owner = write.record;
    expect(await draw(NOW)).toMatchObject({ type: "published" });
  });

  it("do not hide fresh vouchers that an earlier draft of the batch adds", async () => {
    await addVouchers(3, YESTERDAY);
    const fresh = vouchersOf(owner, 4);
    const settlements = await repository.settle([
      draft(campaignSelection(owner)),
      draft(campaignSelection(owner, { fresh, spares: 3 })),
      draft(campaignSelection(owner, { count: 3 })),
      draft(campaignSelection(owner)),
    ]);
    expect(settlements.map(({ type }) => type)).toEqual(["short", "published", "published", "short"]);
  });
});

describe("draws at any time, while dates and vouchers change,", () => {
  const TIMES = [YESTERDAY, NOW, TOMORROW, LATER];
  const time = fc.constantFrom(...TIMES);
  const expiry = fc.option(time);
  const step = fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({ type: fc.constant("add" as const), count: fc.integer({ min: 1, max: 6 }), expiry }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        type: fc.constant("draw" as const),
        count: fc.integer({ min: 1, max: 4 }),
        at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        now: time,
      }),
    },
    { arbitrary: fc.record({ type: fc.constant("name" as const), which: fc.nat(), now: time }), weight: 1 },
    {
      arbitrary: fc.record({ type: fc.constant("edit" as const), which: fc.nat(), expiry, active: fc.boolean() }),
      weight: 1,
    },
    { arbitrary: fc.record({ type: fc.constant("date" as const), expiry }), weight: 1 },
  );

  it("return only suitable vouchers, and fail only if there are too few", async () => {
    const one = await sqliteRepository({ filename: ":memory:" });
    const all = (): Promise<readonly VoucherRecord[]> =>
      one.page({
        ...{ kind: "vouchers", by: "id", descending: false, after: null, offset: 0, limit: 1000 },
        filter: { type: "condition", attribute: "campaignId", operator: "is", operands: [owner.id] },
      });
    const isSuitable = (now: Instant) => (voucher: VoucherRecord) =>
      voucher.active &&
      voucher.publicationId === null &&
      (voucher.expirationDate === null || voucher.expirationDate > now);

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        owner = campaign();
        await one.put("campaigns", [creation(owner)]);
        for (const each of steps) {
          const before = await all();
          if (each.type === "add") await one.add(vouchersOf(owner, each.count, { expirationDate: each.expiry }));
          else if (each.type === "date") {
            const write = change(owner, { expirationDate: each.expiry });
            await one.put("campaigns", [write]);
            owner = write.record;
          } else if (each.type === "draw") {
            const { now, count, at } = each;
            const suitable = before.filter(isSuitable(now));
            const [settlement] = await one.settle([draft(campaignSelection(owner, { count, startRank: at }), { now })]);
            if (suitable.length < count) expect(settlement).toEqual({ type: "short" });
            else {
              expect(settlement!.type).toBe("published");
              const drawn = settlement!.type === "published" ? settlement!.vouchers.map(({ id }) => id) : [];
              expect(new Set(drawn).size).toBe(count);
              expect(suitable.map(({ id }) => id)).toEqual(expect.arrayContaining(drawn));
            }
          } else {
            const voucher = before[each.which % Math.max(1, before.length)];
            if (voucher === undefined) continue;
            if (each.type === "name") {
              const [settlement] = await one.settle([draft(voucherSelection(voucher), { now: each.now })]);
              expect(settlement!.type).toBe(isSuitable(each.now)(voucher) ? "published" : "unsuitable");
            } else {
              const write = change(voucher, { expirationDate: each.expiry, active: each.active });
              expect(await one.put("vouchers", [write])).toEqual(["written"]);
            }
          }
        }
      }),
      { numRuns: 100 },
    );
    await one.close();
  });
});
