import type { Scheduler } from "fast-check";
import {
  createEngine,
  type Engine,
  isOncecodeError,
  type OncecodeError,
  type Publication,
  type PublicationInput,
  type PublicationRecord,
  type Repository,
  type VoucherRecord,
} from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { AUTO, ONCE, STANDALONE, STATIC } from "./requests.ts";
import { type Fault, type ReachedStates, scheduledRepository, steppedRepository } from "./scheduled-repository.ts";

/** The records at the start of a run, its requests, and its faults. */
export interface Plan {
  readonly codes: number;
  readonly requests: readonly PublicationInput[];
  readonly faults: readonly Fault[];
  /** The numbers of the reads that fail, counted from 0 in the order of the run. */
  readonly lostReads: readonly number[];
  readonly extendBy: number;
}

/** The result of a request, as its caller saw it. */
export type RequestOutcome =
  | { readonly request: PublicationInput; readonly publication: Publication; readonly error: null }
  | { readonly request: PublicationInput; readonly publication: null; readonly error: OncecodeError };

/** The input of the invariants: the results that the callers saw, and the stored records. */
export interface History {
  readonly plan: Plan;
  readonly outcomes: readonly RequestOutcome[];
  readonly publications: readonly PublicationRecord[];
  readonly vouchers: readonly VoucherRecord[];
  /** The vouchers before the run. */
  readonly vouchersBefore: readonly VoucherRecord[];
}

const WHOLE_LIST = { offset: 0, limit: 1_000_000, after: null, by: "id", descending: false } as const;
const MATCH_ALL = { type: "and", filters: [] } as const;

const DISCOUNT = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } } as const;

/** Creates three campaigns: one that cannot extend itself, one that can, and one with `joinOnce`. */
const createRecords = async (repository: Repository, codes: number): Promise<void> => {
  const engine = createEngine({ repository, gather: async () => {} });
  const { campaigns, vouchers } = engine;
  await campaigns.create({ name: STATIC, voucher: DISCOUNT });
  await campaigns.create({
    name: AUTO,
    type: "AUTO_UPDATE",
    voucher: { ...DISCOUNT, codeConfig: { pattern: "A-####" } },
  });
  await campaigns.create({ name: ONCE, joinOnce: true, voucher: DISCOUNT });
  for (const [name, count] of [
    [STATIC, codes],
    [AUTO, codes >> 1],
    [ONCE, codes],
  ] as const)
    if (count > 0)
      await campaigns.addVouchers(name, {
        codes: Array.from({ length: count }, (_, i) => `${name.toUpperCase()}-${i}`),
      });
  await vouchers.create({ ...DISCOUNT, code: STANDALONE });
};

const sendRequest = async (engine: Engine, request: PublicationInput): Promise<RequestOutcome> => {
  try {
    return { request, publication: await engine.publications.create(request), error: null };
  } catch (error) {
    if (!isOncecodeError(error)) throw error;
    return { request, publication: null, error };
  }
};

/** Runs all requests at once on two engines that share a repository, as two processes would. The scheduler sets the order. */
export const run = async (
  plan: Plan,
  scheduler: Scheduler,
  reached: ReachedStates,
  breakRepository?: (inner: Repository) => Repository,
): Promise<History> => {
  const inner = memoryRepository();
  await createRecords(inner, plan.codes);
  const vouchersBefore = await inner.page({ kind: "vouchers", filter: MATCH_ALL, ...WHOLE_LIST });
  const store = breakRepository === undefined ? inner : breakRepository(steppedRepository(inner, scheduler));
  const repository = scheduledRepository(store, scheduler, plan.faults, plan.lostReads, vouchersBefore, reached);
  const engines = [1, 2].map(() =>
    createEngine({ repository, extendBy: plan.extendBy, gather: () => Promise.resolve() }),
  );
  const running = plan.requests.map((request, i) => sendRequest(engines[i % engines.length]!, request));
  const outcomes = await scheduler.waitFor(Promise.all(running));
  return {
    plan,
    outcomes,
    vouchersBefore,
    publications: await inner.page({ kind: "publications", filter: MATCH_ALL, ...WHOLE_LIST }),
    vouchers: await inner.page({ kind: "vouchers", filter: MATCH_ALL, ...WHOLE_LIST }),
  };
};
