import type { CampaignId, Draft, Settlement } from "oncecode";
import { MAPPINGS } from "../rows.ts";
import type { VoucherRow } from "../schema.ts";
import type { Database } from "./database.ts";
import type { Draw, ServerDialect } from "./dialect.ts";
import type { Deciding, Pending } from "./rounds.ts";

/** How many calls look first after one in which drawing blindly was of little use. */
const LOOKING = 8;

/** All of a call, if all of it takes from pools: who names a voucher may want one that others would draw. */
const drawsIn = (pending: Pending<Draft>): readonly Draw[] | null => {
  const draws: Draw[] = [];
  for (const [n, draft] of pending) {
    const { take } = draft;
    if (take.type === "voucher") return null;
    draws.push({ n, draft, take });
  }
  return draws;
};

/** Campaigns whose pools are nearly empty, so that those who draw blindly meet at the same vouchers, or find none. */
class Crowded {
  readonly #left: Map<CampaignId, number> = new Map();

  /** Whether to look first. Each time it is asked, a campaign is a little closer to being tried again. */
  has(draws: readonly Draw[]): boolean {
    const campaigns = new Set(draws.map(({ take }) => take.campaignId));
    const crowded = [...campaigns].filter((id) => this.#left.has(id));
    for (const id of crowded) {
      const left = (this.#left.get(id) ?? 0) - 1;
      if (left > 0) this.#left.set(id, left);
      else this.#left.delete(id);
    }
    return crowded.length > 0;
  }

  learn(draws: readonly Draw[], held: ReadonlyMap<number, unknown>): void {
    const missed = draws.filter(({ n }) => !held.has(n));
    if (2 * missed.length <= draws.length) return;
    for (const { take } of missed) this.#left.set(take.campaignId, LOOKING);
  }
}

const published = ({ draft }: Draw, rows: readonly VoucherRow[]): Settlement => {
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
    const held = await database.writeOnce((session) => draw(session, draws));
    crowded.learn(draws, held);
    return new Map(
      draws.flatMap((one) => {
        const rows = held.get(one.n);
        return rows === undefined ? [] : [[one.n, published(one, rows)] as const];
      }),
    );
  };
};
