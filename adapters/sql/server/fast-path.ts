import type { CampaignId, Draft, Settlement } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { VoucherRow } from "../schema.ts";
import type { Database } from "./database.ts";
import type { Draw, ServerDialect } from "./dialect.ts";
import type { PendingItems, SettleStrategy } from "./settle-call.ts";

/** Most calls that look first after one in which drawing blindly was of little use. */
const SKIPPED_CALLS_MAX = 16;
/** Campaigns of which that is remembered, so that ever new ones do not fill the memory. */
const CAMPAIGNS_MAX = 10_000;

/** All of a call, if all of it takes from pools: who names a voucher may want one that others would draw. */
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
 * Campaigns whose pools are nearly empty, so that those who draw blindly do not find enough. Each time that this turns out
 * again, it is assumed for twice as many calls.
 */
class ExhaustionTracker {
  readonly #skippedCalls: Map<CampaignId, { readonly calls: number; remaining: number }> = new Map();

  /** Whether to look first. Each time it is asked, a campaign is a little closer to being tried again. */
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
  const [codes, voucherIds] = [vouchers.map(({ code }) => code), vouchers.map(({ id }) => id)];
  return { type: "published", publication: { ...draft.publication, codes, voucherIds }, vouchers };
};

/**
 * Publishes without a look where that is likely to do: drafts that draw from a pool which is not nearly empty. It saves
 * a way to the server and back, and all that would be looked at.
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
