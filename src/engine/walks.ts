import type { CampaignId } from "../domain/model.ts";
import type { Draft, Settlement } from "../repository.ts";

/** Campaigns for which it is remembered, so that a host with ever new ones does not run out of memory. */
const CAMPAIGNS_MAX = 10_000;

/** Where walks ended, a rank for each campaign. */
type Ends = ReadonlyMap<CampaignId, number>;

/**
 * Where draws begin: where an earlier one from that campaign ended, unless another call to the store goes on from there;
 * then at random.
 *
 * Vouchers stand in the order of their ranks, which are random, so that one after another is as good a choice as any. But
 * whoever began at random each time would make the gaps longer that they are most likely to fall into (as in a hash
 * table with linear probing), and walk through all that has been taken, when little is left.
 */
export class Walks {
  readonly #ends: Map<CampaignId, readonly number[]> = new Map();

  /** Settles drafts by one call to the store. If it fails, nobody knows where its walks ended. */
  async along(
    drafts: readonly Draft[],
    settle: (drafts: readonly Draft[]) => Promise<readonly Settlement[]>,
  ): Promise<readonly Settlement[]> {
    const earlier = this.#take(drafts);
    const settlements = await settle(drafts.map((draft) => begunAt(draft, earlier)));
    // Where nothing was drawn, the next one begins where this one did.
    for (const [campaignId, end] of new Map([...earlier, ...endsOf(drafts, settlements)])) this.#put(campaignId, end);
    return settlements;
  }

  /** Ends that nobody else goes on from until they are put back. */
  #take(drafts: readonly Draft[]): Ends {
    const taken = new Map<CampaignId, number>();
    for (const { take } of drafts) {
      if (take.type === "voucher" || taken.has(take.campaignId)) continue;
      const [end, ...others] = this.#ends.get(take.campaignId) ?? [];
      if (end === undefined) continue;
      taken.set(take.campaignId, end);
      this.#ends.set(take.campaignId, others);
    }
    return taken;
  }

  #put(campaignId: CampaignId, end: number): void {
    const others = this.#ends.get(campaignId) ?? [];
    // The one that was drawn from last stands at the end.
    this.#ends.delete(campaignId);
    this.#ends.set(campaignId, [end, ...others]);
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > CAMPAIGNS_MAX && oldest !== undefined) this.#ends.delete(oldest);
  }
}

const begunAt = (draft: Draft, earlier: Ends): Draft => {
  const { take } = draft;
  if (take.type === "voucher") return draft;
  const at = earlier.get(take.campaignId);
  return at === undefined ? draft : { ...draft, take: { ...take, at } };
};

/** The rank of the last voucher that came from each pool: the drafts of one call take in turn. */
const endsOf = (drafts: readonly Draft[], settlements: readonly Settlement[]): Ends => {
  const ends = new Map<CampaignId, number>();
  for (const [i, { take }] of drafts.entries()) {
    const settlement = settlements[i];
    if (take.type === "voucher" || settlement?.type !== "published") continue;
    const last = settlement.vouchers.findLast(({ id }) => !take.fresh.some((made) => made.id === id));
    if (last !== undefined) ends.set(take.campaignId, last.rank);
  }
  return ends;
};
