import type { Order } from "../domain/attributes.ts";
import type { FilterOf } from "../domain/filters.ts";
import type { Kind } from "../domain/model.ts";

/** One page of a list. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Counts all matches. The store counts only when you call `total`. */
  total(): Promise<number>;
  /**
   * The `cursor` of the next page, for the same query; null on the last page. Publications made meanwhile do not shift
   * the pages.
   */
  readonly next: string | null;
}

/** The filter, the order and the page of a list. */
export interface ListQuery<K extends Kind> {
  readonly filters?: FilterOf<K>;
  /** `-createdAt` by default: newest first. */
  readonly order?: Order<K>;
  /** 1 to 100; 10 by default. */
  readonly limit?: number;
  /** 1 to 1000; 1 by default. For later pages use `cursor`. */
  readonly page?: number;
  readonly cursor?: string | null;
}
