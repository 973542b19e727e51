import type { Draft, Repository, VoucherRecord } from "oncecode";
import type { BreakRepository } from "./alter.ts";

/** The largest number of parameters in a statement. */
const PARAMETERS_MAX = 700;

/** The `batchMax` of the store is larger than its real limit. */
export const failsOnFullBatches: BreakRepository = (inner) => {
  const limited =
    <I, A>(call: (items: readonly I[]) => Promise<A>) =>
    async (items: readonly I[]): Promise<A> => {
      if (items.length > PARAMETERS_MAX) throw new Error("too many parameters");
      return call(items);
    };
  return { ...inner, settle: limited(inner.settle), record: limited(inner.record), add: limited(inner.add) };
};

export const failsOnFullLookups: BreakRepository = (inner) => {
  const check = (items: readonly unknown[]): void => {
    if (items.length > PARAMETERS_MAX) throw new Error("too many parameters");
  };
  return {
    ...inner,
    find: async (kind, refs) => {
      check(refs);
      return inner.find(kind, refs);
    },
  };
};

export const hasNoLimit: BreakRepository = (inner) => ({ ...inner, batchMax: Number.POSITIVE_INFINITY });

interface Holder {
  readonly released: Promise<void>;
  waitsFor: Holder | null;
}

/** Row locks. If two calls wait for each other, one of them gets a deadlock error. */
class Locks {
  readonly #holders: Map<string, Holder> = new Map();

  async runLocked<A>(names: readonly string[], act: () => Promise<A>): Promise<A> {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const me: Holder = { released, waitsFor: null };
    try {
      for (const name of names) await this.#acquire(me, name);
      return await act();
    } finally {
      for (const [name, holder] of this.#holders) if (holder === me) this.#holders.delete(name);
      release();
    }
  }

  async #acquire(me: Holder, name: string): Promise<void> {
    for (let holder = this.#holders.get(name); holder && holder !== me; holder = this.#holders.get(name)) {
      for (let next = holder.waitsFor; next; next = next.waitsFor)
        if (next === me) throw new Error("deadlock detected");
      me.waitsFor = holder;
      await holder.released;
      me.waitsFor = null;
    }
    this.#holders.set(name, me);
    await Promise.resolve();
  }
}

const draftLockNames = ({ selection, keys, customer }: Draft): readonly string[] => [
  ...(selection.type === "voucher" ? [selection.voucherId] : []),
  ...keys,
  ...(customer.type === "write" ? [customer.write.record.sourceId ?? customer.write.record.id] : []),
];

const withLocks = (namesOf: (draft: Draft) => readonly string[]): BreakRepository => {
  return (inner: Repository): Repository => {
    const locks = new Locks();
    const codes = new Locks();
    const codesOf = (vouchers: readonly VoucherRecord[]): readonly string[] => vouchers.map(({ code }) => code);
    return {
      ...inner,
      settle: (drafts) => locks.runLocked(drafts.flatMap(namesOf), () => inner.settle(drafts)),
      add: (vouchers) => codes.runLocked(codesOf(vouchers), () => inner.add(vouchers)),
    };
  };
};

export const locksInTheOrderGiven: BreakRepository = withLocks(draftLockNames);
export const locksCampaignsInTheOrderGiven: BreakRepository = withLocks(({ selection }) =>
  selection.type === "campaign" ? [selection.campaignId] : [],
);
