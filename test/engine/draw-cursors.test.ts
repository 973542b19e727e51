import { createEngine, type Draft, type Repository, type VoucherRecord } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";

const VOUCHER = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } } as const;

/** The ranks at which the draws of each call began and ended. */
interface ObservedStore {
  readonly repository: Repository & { within(): Repository };
  readonly startRanks: number[];
  readonly drawnVouchers: VoucherRecord[];
}

const observedStore = (lanes = 1): ObservedStore => {
  const inner: Repository = memoryRepository();
  const startRanks: number[] = [];
  const drawnVouchers: VoucherRecord[] = [];
  const note = ({ selection }: Draft): void => {
    if (selection.type === "campaign") startRanks.push(selection.startRank);
  };
  const repository: Repository = {
    ...inner,
    lanes,
    settle: async (drafts) => {
      drafts.forEach(note);
      const settlements = await inner.settle(drafts);
      for (const settlement of settlements)
        if (settlement.type === "published") drawnVouchers.push(...settlement.vouchers);
      return settlements;
    },
  };
  return { repository: { ...repository, within: () => repository }, startRanks, drawnVouchers };
};

const lastRank = ({ drawnVouchers }: ObservedStore): number | undefined => drawnVouchers.at(-1)?.rank;

describe("a draw", () => {
  it("begins at a random rank, and the next draw of that campaign begins where it ended", async () => {
    const store = observedStore();
    const { campaigns, publications } = createEngine({ repository: store.repository });
    for (const name of ["one", "two"]) await campaigns.create({ name, vouchersCount: 20, voucher: VOUCHER });
    const draw = async (name: string, count: number): Promise<number | undefined> => {
      await publications.create({ campaign: { name, count }, customer: { sourceId: "c" } });
      return lastRank(store);
    };

    const ends = [await draw("one", 1), await draw("one", 3), await draw("two", 1), await draw("one", 1)];
    expect(store.startRanks.slice(1)).toEqual([ends[0], expect.any(Number), ends[1]]);
    expect(ends.slice(0, 2)).not.toContain(store.startRanks[2]);
    for (const at of store.startRanks) expect(at >= 0 && at < 1).toBe(true);
  });

  it("begins at another rank in another process", async () => {
    const { repository, startRanks } = observedStore();
    await createEngine({ repository }).campaigns.create({ name: "one", vouchersCount: 20, voucher: VOUCHER });
    for (let process = 0; process < 5; process++)
      await createEngine({ repository }).publications.create({ campaign: "one", customer: { sourceId: "c" } });
    expect(new Set(startRanks).size).toBe(5);
  });

  it("begins at another rank while another call continues from the cursor", async () => {
    const store = observedStore(2);
    const { campaigns, publications } = createEngine({ repository: store.repository, batchMax: 1 });
    await campaigns.create({ name: "one", vouchersCount: 20, voucher: VOUCHER });
    const draw = (): Promise<unknown> => publications.create({ campaign: "one", customer: { sourceId: "c" } });
    await draw();
    await Promise.all([draw(), draw()]);
    await draw();
    const [, second, third, fourth] = store.startRanks;
    const ranks = store.drawnVouchers.map(({ rank }) => rank);
    expect([second, third]).toContain(ranks[0]);
    expect(second).not.toBe(third);
    expect(ranks.slice(1, 3)).toContain(fourth);
  });

  it("continues from the cursor in a transaction of the host", async () => {
    const store = observedStore();
    const engine = createEngine({ repository: store.repository });
    await engine.campaigns.create({ name: "one", vouchersCount: 20, voucher: VOUCHER });
    const order = { campaign: "one", customer: { sourceId: "c" } };
    await engine.publications.create(order);
    const end = lastRank(store);
    await engine.within({}).publications.create(order);
    expect(store.startRanks[1]).toBe(end);
  });

  it("continues from the cursor after a call that drew nothing", async () => {
    const store = observedStore();
    const { campaigns, publications } = createEngine({ repository: store.repository });
    await campaigns.create({ name: "one", vouchersCount: 20, voucher: VOUCHER });
    const order = (sourceId: string): Promise<unknown> =>
      publications.create({ campaign: "one", customer: { sourceId: "c" }, sourceId });
    await order("1");
    const end = lastRank(store);
    await order("1");
    await order("2");
    expect(store.startRanks.slice(1)).toEqual([end, end]);
  });

  it("does not continue from fresh vouchers", async () => {
    const store = observedStore();
    const { campaigns, publications } = createEngine({ repository: store.repository });
    const plan = { type: "AUTO_UPDATE", vouchersCount: 2, voucher: VOUCHER } as const;
    await campaigns.create({ name: "one", ...plan });
    for (const count of [3, 1])
      await publications.create({ campaign: { name: "one", count }, customer: { sourceId: "c" } });
    expect(store.startRanks[1]).toBe(store.drawnVouchers[1]?.rank);
  });
});
