import type { CampaignId } from "../domain/model.ts";
import type { Draft, Settlement } from "../repository.ts";

/** Campaigns for which it is remembered, so that a host with ever new ones does not run out of memory. */
const CAMPAIGNS_MAX = 10_000;

/** Where walks ended, a rank for each campaign. */
type Ranks = ReadonlyMap<CampaignId, number>;

/**
 * Where draws begin: where an earlier one from that campaign ended, unless another call to the store goes on from there;
 * then at random.
 *
 * Vouchers stand in the order of their ranks, which are random, so that one after another is as good a choice as any. But
 * whoever began at random each time would make the gaps longer that they are most likely to fall into (as in a hash
 * table with linear probing), and walk through all that has been taken, when little is left.
 */
export class DrawCursors {
  readonly #ranks: Map<CampaignId, readonly number[]> = new Map();

  /** Settles drafts by one call to the store. If it fails, nobody knows where its walks ended. */
  async settle(
    drafts: readonly Draft[],
    callStore: (drafts: readonly Draft[]) => Promise<readonly Settlement[]>,
  ): Promise<readonly Settlement[]> {
    const startRanks = this.#takeRanks(drafts);
    const settlements = await callStore(drafts.map((draft) => startAtCursor(draft, startRanks)));
    // Where nothing was drawn, the next one begins where this one did.
    for (const [campaignId, rank] of new Map([...startRanks, ...lastRanksOf(drafts, settlements)]))
      this.#returnRank(campaignId, rank);
    return settlements;
  }

  /** Ends that nobody else goes on from until they are put back. */
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
    // The one that was drawn from last stands at the end.
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

/** The rank of the last voucher that came from each pool: the drafts of one call take in turn. */
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
