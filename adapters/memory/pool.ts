import { hasExpired, type Instant, type VoucherId, type VoucherRecord } from "oncecode";

/** A voucher and its index in the shuffled list; null if the voucher is set aside. */
interface Entry {
  voucher: VoucherRecord;
  index: number | null;
}

/**
 * The active, unpublished vouchers of a campaign.
 *
 * They are in a list without gaps. Each new voucher is shuffled in by its rank, so that any part of the list is a random
 * choice. To take a voucher costs the same with a million vouchers as with two.
 */
export class Pool {
  readonly #entries: Map<VoucherId, Entry> = new Map();
  readonly #shuffledEntries: Entry[] = [];
  /** Expired vouchers that a draw found. They leave the list, so that later draws do not visit them again. */
  readonly #setAsideEntries: Set<Entry> = new Set();
  /** The latest expiration date of a voucher that is set aside. */
  #lastExpirySetAside = "";

  /** Adds a voucher, or replaces the one with its id. */
  set(voucher: VoucherRecord): void {
    const entry = this.#entries.get(voucher.id) ?? { voucher, index: null };
    this.#entries.set(voucher.id, entry);
    entry.voucher = voucher;
    if (entry.index === null) this.#insert(entry);
  }

  delete(id: VoucherId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#remove(entry);
    this.#setAsideEntries.delete(entry);
  }

  /** The first `count` unexpired vouchers from `startRank` on, or all if there are fewer. They stay in the pool. */
  candidates(startRank: number, count: number, now: Instant): readonly VoucherRecord[] {
    const vouchers = this.#walk(startRank, count, now);
    if (vouchers.length === count || this.#lastExpirySetAside <= now) return vouchers;
    this.#restoreSetAside();
    return this.#walk(startRank, count, now);
  }

  #walk(startRank: number, count: number, now: Instant): readonly VoucherRecord[] {
    const size = this.#shuffledEntries.length;
    const start = Math.floor(startRank * size);
    const unexpired: VoucherRecord[] = [];
    const expiredEntries: Entry[] = [];
    for (let step = 0; step < size && unexpired.length < count; step++) {
      const entry = this.#shuffledEntries[(start + step) % size];
      if (entry === undefined) continue;
      if (hasExpired(entry.voucher, now)) expiredEntries.push(entry);
      else unexpired.push(entry.voucher);
    }
    for (const entry of expiredEntries) this.#setAside(entry);
    return unexpired;
  }

  #setAside(entry: Entry): void {
    this.#remove(entry);
    this.#setAsideEntries.add(entry);
    const expiry = entry.voucher.expirationDate ?? "";
    if (expiry > this.#lastExpirySetAside) this.#lastExpirySetAside = expiry;
  }

  /** When a clock goes back, as in a test, vouchers that had expired are suitable again. */
  #restoreSetAside(): void {
    for (const entry of this.#setAsideEntries) this.#insert(entry);
    this.#lastExpirySetAside = "";
  }

  /** One step of a shuffle: the new entry goes to a random index, and the entry at this index moves to the end. */
  #insert(entry: Entry): void {
    this.#setAsideEntries.delete(entry);
    const end = this.#shuffledEntries.length;
    const index = Math.floor(entry.voucher.rank * (end + 1));
    const displaced = this.#shuffledEntries[index];
    if (displaced !== undefined) this.#placeAt(displaced, end);
    this.#placeAt(entry, index);
  }

  /** The last entry fills the gap. */
  #remove(entry: Entry): void {
    if (entry.index === null) return;
    const last = this.#shuffledEntries.pop();
    if (last !== undefined && last !== entry) this.#placeAt(last, entry.index);
    entry.index = null;
  }

  #placeAt(entry: Entry, index: number): void {
    this.#shuffledEntries[index] = entry;
    entry.index = index;
  }
}
