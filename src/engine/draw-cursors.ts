import type { CampaignId } from "../domain/model.ts";
import type { Draft, Settlement } from "../repository.ts";

/** The most campaigns with cursors. Without a limit, a host that creates campaigns all the time would run out of memory. */
const CAMPAIGNS_MAX = 10_000;

/** A rank for each campaign. */
type Ranks = ReadonlyMap<CampaignId, number>;

/**
 * The cursors of draws. A draw starts at the rank at which an earlier draw from the same campaign ended. It starts at a
 * random rank if there is no such cursor, or if another call to the store uses it at the moment.
 *
 * The next voucher by rank is as random a choice as any other, because ranks are random. A random start for every draw
 * would be slow when few vouchers are left. The published vouchers form gaps; a long gap is hit more often than a short
 * one, and grows with each hit (as in a hash table with linear probing). A draw would then read through long gaps.
 */
export class DrawCursors {
  readonly #ranks: Map<CampaignId, readonly number[]> = new Map();

  /** Settles drafts by one call to the store. If the call fails, its cursors are lost, and later draws start at random. */
  async settle(
    drafts: readonly Draft[],
    callStore: (drafts: readonly Draft[]) => Promise<readonly Settlement[]>,
  ): Promise<readonly Settlement[]> {
    const startRanks = this.#takeRanks(drafts);
    const settlements = await callStore(drafts.map((draft) => startAtCursor(draft, startRanks)));
    // A campaign of which nothing was drawn keeps its cursor.
    for (const [campaignId, rank] of new Map([...startRanks, ...lastRanksOf(drafts, settlements)]))
      this.#returnRank(campaignId, rank);
    return settlements;
  }

  /** Takes one cursor for each campaign of the drafts. No other call uses it until it is returned. */
  #takeRanks(drafts: readonly Draft[]): Ranks {
    const ranks = new Map<CampaignId, number>();
    for (const { selection } of drafts) {
      if (selection.type === "voucher" || ranks.has(selection.campaignId)) continue;
      const [rank, ...others] = this.#ranks.get(selection.campaignId) ?? [];
      if (rank === undefined) continue;
      ranks.set(selection.campaignId, rank);
      this.#ranks.set(selection.campaignId, others);
    }
    return ranks;
  }

  #returnRank(campaignId: CampaignId, rank: number): void {
    const others = this.#ranks.get(campaignId) ?? [];
    // A map keeps the order of insertion, so the campaign that was used last is at its end.
    this.#ranks.delete(campaignId);
    this.#ranks.set(campaignId, [rank, ...others]);
    const [oldest] = this.#ranks.keys();
    if (this.#ranks.size > CAMPAIGNS_MAX && oldest !== undefined) this.#ranks.delete(oldest);
  }
}

const startAtCursor = (draft: Draft, startRanks: Ranks): Draft => {
  const { selection } = draft;
  if (selection.type === "voucher") return draft;
  const startRank = startRanks.get(selection.campaignId);
  return startRank === undefined ? draft : { ...draft, selection: { ...selection, startRank } };
};

/** The rank of the last voucher drawn from each pool. The drafts of one call draw in order, so the last draft decides. */
const lastRanksOf = (drafts: readonly Draft[], settlements: readonly Settlement[]): Ranks => {
  const ranks = new Map<CampaignId, number>();
  for (const [i, { selection }] of drafts.entries()) {
    const settlement = settlements[i];
    if (selection.type === "voucher" || settlement?.type !== "published") continue;
    const lastVoucher = settlement.vouchers.findLast(({ id }) => !selection.fresh.some((voucher) => voucher.id === id));
    if (lastVoucher !== undefined) ranks.set(selection.campaignId, lastVoucher.rank);
  }
  return ranks;
};
