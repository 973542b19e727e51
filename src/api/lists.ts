import type { Order } from "../domain/attributes.ts";
import type { FilterOf } from "../domain/filters.ts";
import type { Kind } from "../domain/model.ts";

/** Lists of any kind of record: the query and the page. */

/** One page of a list. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Counts all matches; asked of the store only when you call it. */
  total(): Promise<number>;
  /**
   * Give it as `cursor`, with the same query, for the page that follows; null on the last page. Publishing meanwhile does
   * not shift it.
   */
  readonly next: string | null;
}

/** What to list, in which order, and which page of it. */
export interface ListQuery<K extends Kind> {
  readonly filters?: FilterOf<K>;
  /** `-createdAt`, newest first, unless given. */
  readonly order?: Order<K>;
  /** 1 to 100; 10 unless given. */
  readonly limit?: number;
  /** 1 to 1000; 1 unless given. Further on, use `cursor`. */
  readonly page?: number;
  readonly cursor?: string | null;
}
