import type { Scheduler } from "fast-check";
import { type Draft, type Repository, type Settlement, unchanged, type VoucherRecord } from "oncecode";

/** The fault of a write: none, lost before it took effect, lost after it took effect, or refused by the store. */
export type Fault = "none" | "lost before" | "lost after" | "refused";

/** How often runs reached the states that the properties are about. A property whose state was never reached proves nothing. */
export interface ReachedStates {
  /** Two calls want the last code of a campaign at the same time. */
  lastCode: number;
  /** A campaign creates new codes while another call draws from it. */
  extension: number;
  /** A request is repeated while its first attempt is under way. */
  replay: number;
  /** A read fails. */
  lostReads: number;
  /** The connection breaks before the write takes effect, or after. */
  lostBefore: number;
  lostAfter: number;
  /** The store refuses a write. */
  refused: number;
}

export const noStatesReached = (): ReachedStates => ({
  lastCode: 0,
  extension: 0,
  replay: 0,
  lostReads: 0,
  lostBefore: 0,
  lostAfter: 0,
  refused: 0,
});

const poolOf = ({ selection }: Draft): string | null => (selection.type === "campaign" ? selection.campaignId : null);

/** Counts the reached states. It tracks the drafts under way and the number of vouchers in each pool. */
class StateWatcher {
  readonly #activeDrafts: Set<Draft> = new Set();
  readonly #available: Map<string, number> = new Map();
  readonly #reached: ReachedStates;

  constructor(vouchersBefore: readonly VoucherRecord[], reached: ReachedStates) {
    this.#reached = reached;
    for (const { campaignId } of vouchersBefore)
      if (campaignId !== null) this.#available.set(campaignId, (this.#available.get(campaignId) ?? 0) + 1);
  }

  start(drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      const pool = poolOf(draft);
      const rivals = [...this.#activeDrafts].filter((other) => pool !== null && poolOf(other) === pool);
      if (pool !== null && rivals.length > 0 && this.#available.get(pool) === 1) this.#reached.lastCode += 1;
      const same = [...this.#activeDrafts].some((other) => other.keys.some((key) => draft.keys.includes(key)));
      if (same) this.#reached.replay += 1;
    }
    for (const draft of drafts) this.#activeDrafts.add(draft);
  }

  recordSettlements(drafts: readonly Draft[], settlements: readonly Settlement[]): void {
    drafts.forEach((draft, i) => {
      const settlement = settlements[i];
      const { selection } = draft;
      if (settlement?.type !== "published" || selection.type !== "campaign") return;
      const freshCount = settlement.vouchers.filter(({ id }) =>
        selection.fresh.some((fresh) => fresh.id === id),
      ).length;
      const drawnCount = settlement.vouchers.length - freshCount;
      this.#available.set(selection.campaignId, (this.#available.get(selection.campaignId) ?? 0) - drawnCount);
      const others = [...this.#activeDrafts].some(
        (other) => !drafts.includes(other) && poolOf(other) === selection.campaignId,
      );
      if (freshCount > 0 && others) this.#reached.extension += 1;
    });
  }

  end(drafts: readonly Draft[]): void {
    for (const draft of drafts) this.#activeDrafts.delete(draft);
  }
}

/**
 * A repository over a slow and unreliable connection. The scheduler decides when each call arrives and when each answer
 * comes back. Reads and writes may fail on the way.
 */
export const scheduledRepository = (
  inner: Repository,
  scheduler: Scheduler,
  faults: readonly Fault[],
  lostReads: readonly number[],
  vouchersBefore: readonly VoucherRecord[],
  reached: ReachedStates,
): Repository => {
  const watcher = new StateWatcher(vouchersBefore, reached);
  let [reads, writes] = [0, 0];
  const nextTurn = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label);

  const read = async <A>(name: string, call: () => Promise<A>): Promise<A> => {
    const lost = lostReads.includes(reads++);
    await nextTurn(`${name} ->`);
    if (lost) {
      reached.lostReads += 1;
      throw new Error("The line broke before the store was asked");
    }
    const answer = await call();
    await nextTurn(`${name} <-`);
    return answer;
  };

  const write = async <A>(name: string, call: () => Promise<A>): Promise<A> => {
    const fault = faults[writes++] ?? "none";
    await nextTurn(`${name} ->`);
    if (fault === "lost before") {
      reached.lostBefore += 1;
      throw new Error("The line broke before the store heard of it");
    }
    if (fault === "refused") {
      reached.refused += 1;
      throw unchanged(new Error("The disk is full"));
    }
    const answer = await call();
    await nextTurn(`${name} <-`);
    if (fault === "lost after") {
      reached.lostAfter += 1;
      throw new Error("The line broke before the answer came");
    }
    return answer;
  };

  const settle = async (drafts: readonly Draft[]): Promise<readonly Settlement[]> => {
    watcher.start(drafts);
    try {
      return await write("settle", async () => {
        const settlements = await inner.settle(drafts);
        watcher.recordSettlements(drafts, settlements);
        return settlements;
      });
    } finally {
      watcher.end(drafts);
    }
  };

  return {
    batchMax: inner.batchMax,
    lanes: 4,
    settle,
    record: (failures) => write("record", () => inner.record(failures)),
    add: (vouchers) => write("add", () => inner.add(vouchers)),
    find: (kind, refs) => read("find", () => inner.find(kind, refs)),
    put: (kind, all) => write("put", () => inner.put(kind, all)),
    remove: (kind, ids) => write("remove", () => inner.remove(kind, ids)),
    page: (query) => read("page", () => inner.page(query)),
    count: (queries) => read("count", () => inner.count(queries)),
  };
};

/** A store that lets other calls run between its steps. A broken store that reads first and writes later then shows its bug. */
export const steppedRepository = (inner: Repository, scheduler: Scheduler): Repository => {
  const step = async <A>(call: () => Promise<A>): Promise<A> => {
    await scheduler.schedule(Promise.resolve(), "step");
    return call();
  };
  return {
    ...inner,
    settle: (drafts) => step(() => inner.settle(drafts)),
    page: (query) => step(() => inner.page(query)),
  };
};
