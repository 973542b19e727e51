import { type CampaignId, type Draft, publicationWithVouchers, type Settlement } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { VoucherRow } from "../schema.ts";
import type { Database } from "./database.ts";
import type { Draw, ServerDialect } from "./dialect.ts";
import type { PendingItems, SettleStrategy } from "./settle-call.ts";

/** The largest number of calls that skip the fast path after it has settled too few drafts. */
const SKIPPED_CALLS_MAX = 16;
/** The largest number of remembered campaigns. It bounds the memory. */
const CAMPAIGNS_MAX = 10_000;

/** The draws of a call; null if a draft names a voucher, because another draft might draw that voucher. */
const drawsIfAllFromPools = (pending: PendingItems<Draft>): readonly Draw[] | null => {
  const draws: Draw[] = [];
  for (const [n, draft] of pending) {
    const { selection } = draft;
    if (selection.type === "voucher") return null;
    draws.push({ n, draft, selection });
  }
  return draws;
};

/**
 * Remembers campaigns whose pool is nearly empty. There the fast path finds too few vouchers, and costs a statement for
 * nothing. Each time that this happens, twice as many calls skip the fast path.
 */
class ExhaustionTracker {
  readonly #skippedCalls: Map<CampaignId, { readonly calls: number; remaining: number }> = new Map();

  /** Whether a call with these draws skips the fast path. Counts down how many calls its campaigns still skip. */
  shouldSkipFastPath(draws: readonly Draw[]): boolean {
    let shouldSkip = false;
    for (const id of campaignsOf(draws)) {
      const skip = this.#skippedCalls.get(id);
      if (skip === undefined || skip.remaining === 0) continue;
      skip.remaining -= 1;
      shouldSkip = true;
    }
    return shouldSkip;
  }

  recordOutcome(draws: readonly Draw[], claimedVouchers: ReadonlyMap<number, unknown>): void {
    const unsettled = draws.filter(({ n }) => !claimedVouchers.has(n));
    if (2 * unsettled.length <= draws.length) {
      for (const id of campaignsOf(draws)) this.#skippedCalls.delete(id);
      return;
    }
    for (const id of campaignsOf(unsettled)) {
      const calls = Math.min(SKIPPED_CALLS_MAX, 2 * (this.#skippedCalls.get(id)?.calls ?? 1));
      this.#skippedCalls.set(id, { calls, remaining: calls });
    }
    if (this.#skippedCalls.size > CAMPAIGNS_MAX) this.#skippedCalls.clear();
  }
}

const campaignsOf = (draws: readonly Draw[]): ReadonlySet<CampaignId> =>
  new Set(draws.map(({ selection }) => selection.campaignId));

const publishedSettlement = ({ draft, selection }: Draw, rows: readonly VoucherRow[]): Settlement => {
  if (rows.length !== selection.count)
    throw new Error(`${rows.length} vouchers were drawn instead of ${selection.count}: this is a bug in oncecode`);
  const vouchers = rows.map(ROW_MAPPINGS.vouchers.toRecord);
  return { type: "published", publication: publicationWithVouchers(draft, vouchers), vouchers };
};

/**
 * Publishes drafts without a snapshot, if all of them draw from pools that are not nearly empty. This saves one round
 * trip to the server, and the work for the snapshot.
 */
export const fastPath = (database: Database, dialect: ServerDialect): SettleStrategy<Draft, Settlement>["fastPath"] => {
  const exhaustion = new ExhaustionTracker();
  return async (pending) => {
    const { draw } = dialect;
    const draws = draw === null ? null : drawsIfAllFromPools(pending);
    if (draw === null || draws === null || exhaustion.shouldSkipFastPath(draws)) return new Map();
    const write = dialect.claimsInOneStatement ? database.writeInOneStatement : database.write;
    const claimedVouchers = await write((session) => draw(session, draws));
    exhaustion.recordOutcome(draws, claimedVouchers);
    return new Map(
      draws.flatMap((one) => {
        const rows = claimedVouchers.get(one.n);
        return rows === undefined ? [] : [[one.n, publishedSettlement(one, rows)] as const];
      }),
    );
  };
};
