import type { CampaignId, Draft, Settlement } from "oncecode";
import { MAPPINGS } from "../rows.ts";
import type { VoucherRow } from "../schema.ts";
import type { Database } from "./database.ts";
import type { Draw, ServerDialect } from "./dialect.ts";
import type { Deciding, Pending } from "./rounds.ts";

/** Most calls that look first after one in which drawing blindly was of little use. */
const LOOKING_MAX = 16;
/** Campaigns of which that is remembered, so that ever new ones do not fill the memory. */
const CAMPAIGNS_MAX = 10_000;

/** All of a call, if all of it takes from pools: who names a voucher may want one that others would draw. */
const drawsIn = (pending: Pending<Draft>): readonly Draw[] | null => {
  const draws: Draw[] = [];
  for (const [n, draft] of pending) {
    const { selection } = draft;
    if (selection.type === "voucher") return null;
    draws.push({ n, draft, take: selection });
  }
  return draws;
};

/**
 * Campaigns whose pools are nearly empty, so that those who draw blindly do not find enough. Each time that this turns out
 * again, it is assumed for twice as many calls.
 */
class Crowded {
  readonly #looking: Map<CampaignId, { readonly calls: number; left: number }> = new Map();

  /** Whether to look first. Each time it is asked, a campaign is a little closer to being tried again. */
  has(draws: readonly Draw[]): boolean {
    let isCrowded = false;
    for (const id of campaignsOf(draws)) {
      const looking = this.#looking.get(id);
      if (looking === undefined || looking.left === 0) continue;
      looking.left -= 1;
      isCrowded = true;
    }
    return isCrowded;
  }

  learn(draws: readonly Draw[], held: ReadonlyMap<number, unknown>): void {
    const missed = draws.filter(({ n }) => !held.has(n));
    if (2 * missed.length <= draws.length) {
      for (const id of campaignsOf(draws)) this.#looking.delete(id);
      return;
    }
    for (const id of campaignsOf(missed)) {
      const calls = Math.min(LOOKING_MAX, 2 * (this.#looking.get(id)?.calls ?? 1));
      this.#looking.set(id, { calls, left: calls });
    }
    if (this.#looking.size > CAMPAIGNS_MAX) this.#looking.clear();
  }
}

const campaignsOf = (draws: readonly Draw[]): ReadonlySet<CampaignId> =>
  new Set(draws.map(({ take }) => take.campaignId));

const published = ({ draft, take }: Draw, rows: readonly VoucherRow[]): Settlement => {
  if (rows.length !== take.count)
    throw new Error(`${rows.length} vouchers were drawn instead of ${take.count}: this is a bug in oncecode`);
  const vouchers = rows.map(MAPPINGS.vouchers.toRecord);
  const [codes, voucherIds] = [vouchers.map(({ code }) => code), vouchers.map(({ id }) => id)];
  return { type: "published", publication: { ...draft.publication, codes, voucherIds }, vouchers };
};

/**
 * Publishes without a look where that is likely to do: drafts that draw from a pool which is not nearly empty. It saves
 * a way to the server and back, and all that would be looked at.
 */
export const drawing = (database: Database, dialect: ServerDialect): Deciding<Draft, Settlement>["atOnce"] => {
  const crowded = new Crowded();
  return async (pending) => {
    const { draw } = dialect;
    const draws = draw === null ? null : drawsIn(pending);
    if (draw === null || draws === null || crowded.has(draws)) return new Map();
    const write = dialect.claimsAtOnce ? database.writeOnce : database.write;
    const held = await write((session) => draw(session, draws));
    crowded.learn(draws, held);
    return new Map(
      draws.flatMap((one) => {
        const rows = held.get(one.n);
        return rows === undefined ? [] : [[one.n, published(one, rows)] as const];
      }),
    );
  };
};
