import type { CampaignId, VoucherRecord } from "../domain/model.ts";
import type { Random } from "./random.ts";

/** Campaigns for which it is remembered, so that a host with ever new ones does not run out of memory. */
const WALKS_MAX = 10_000;

/**
 * Where the next draw from a campaign begins: at random at first, and then where the last one ended.
 *
 * Vouchers stand in the order of their ranks, which are random, so that one after another is as good a choice as any. But
 * whoever began at random each time would make the gaps longer that they are most likely to fall into (as in a hash
 * table with linear probing), and walk through all that has been taken, when little is left.
 */
export class Walks {
  readonly #ends: Map<CampaignId, number> = new Map();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** In [0, 1). */
  next(campaignId: CampaignId): number {
    return this.#ends.get(campaignId) ?? this.#random.fraction();
  }

  /** To be told of what was drawn, in the order of the walk. */
  ended(campaignId: CampaignId, drawn: readonly VoucherRecord[]): void {
    const last = drawn.at(-1);
    if (last === undefined) return;
    this.#ends.set(campaignId, last.rank);
    if (this.#ends.size <= WALKS_MAX) return;
    const [oldest] = this.#ends.keys();
    if (oldest !== undefined) this.#ends.delete(oldest);
  }
}
