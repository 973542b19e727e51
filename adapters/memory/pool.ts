import type { Instant, VoucherId, VoucherRecord } from "oncecode";

export const isLive = ({ expirationDate }: VoucherRecord, now: Instant): boolean =>
  expirationDate === null || expirationDate > now;

/** A voucher, and where it stands in the row; null when it was set aside. */
interface Entry {
  voucher: VoucherRecord;
  place: number | null;
}

/**
 * The active, unpublished vouchers of a campaign.
 *
 * They stand in a row without gaps, shuffled by their ranks as they come in: any stretch of it is a random choice, and
 * taking one costs the same from a million as from the last two.
 */
export class Pool {
  readonly #entries: Map<VoucherId, Entry> = new Map();
  readonly #row: Entry[] = [];
  /** Those that a draw met after they had expired, so that the next draw does not meet them again. */
  readonly #aside: Set<Entry> = new Set();
  /** No voucher that was set aside expires later than this. */
  #asideUntil = "";

  /** Adds a voucher, or replaces the one with its id. */
  set(voucher: VoucherRecord): void {
    const entry = this.#entries.get(voucher.id) ?? { voucher, place: null };
    this.#entries.set(voucher.id, entry);
    entry.voucher = voucher;
    if (entry.place === null) this.#enter(entry);
  }

  delete(id: VoucherId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#leave(entry);
    this.#aside.delete(entry);
  }

  /** The first `count` vouchers from `at` on that are live, or all of them if there are fewer. Takes none away. */
  choose(at: number, count: number, now: Instant): readonly VoucherRecord[] {
    const chosen = this.#walk(at, count, now);
    if (chosen.length === count || this.#asideUntil <= now) return chosen;
    this.#reconsider();
    return this.#walk(at, count, now);
  }

  #walk(at: number, count: number, now: Instant): readonly VoucherRecord[] {
    const size = this.#row.length;
    const start = Math.floor(at * size);
    const live: VoucherRecord[] = [];
    const expired: Entry[] = [];
    for (let step = 0; step < size && live.length < count; step++) {
      const entry = this.#row[(start + step) % size];
      if (entry === undefined) continue;
      if (isLive(entry.voucher, now)) live.push(entry.voucher);
      else expired.push(entry);
    }
    for (const entry of expired) this.#setAside(entry);
    return live;
  }

  #setAside(entry: Entry): void {
    this.#leave(entry);
    this.#aside.add(entry);
    const expiry = entry.voucher.expirationDate ?? "";
    if (expiry > this.#asideUntil) this.#asideUntil = expiry;
  }

  /** The clock went back, as a test's may, so some that had expired are live. */
  #reconsider(): void {
    for (const entry of this.#aside) this.#enter(entry);
    this.#asideUntil = "";
  }

  /** One step of a shuffle: the newcomer takes a place at random, and whoever stood there goes to the end. */
  #enter(entry: Entry): void {
    this.#aside.delete(entry);
    const end = this.#row.length;
    const place = Math.floor(entry.voucher.rank * (end + 1));
    const displaced = this.#row[place];
    if (displaced !== undefined) this.#stand(displaced, end);
    this.#stand(entry, place);
  }

  /** The last one fills the gap. */
  #leave(entry: Entry): void {
    if (entry.place === null) return;
    const last = this.#row.pop();
    if (last !== undefined && last !== entry) this.#stand(last, entry.place);
    entry.place = null;
  }

  #stand(entry: Entry, place: number): void {
    this.#row[place] = entry;
    entry.place = place;
  }
}
