import type { Filter } from "./filters.ts";
import type { Kind, Records } from "./model.ts";
import { compareText } from "./text-order.ts";

/** Where a record stands in an order. Unknown values come first when ascending. */
export interface Position {
  readonly value: string | null;
  readonly id: string;
}

/** One page of a list: at most `limit` records that match, in order, after `after` and then after `offset` more. */
export interface Query<K extends Kind = Kind> {
  readonly kind: K;
  readonly filter: Filter;
  /** One of the kind's `ORDERS`. Ties are broken by id, in the same direction. */
  readonly by: string;
  readonly descending: boolean;
  readonly after: Position | null;
  readonly offset: number;
  readonly limit: number;
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** A publication of several codes is ordered by its first. */
export const positionOf = <K extends Kind>(by: string, record: Records[K]): Position => {
  const value: unknown = by === "voucherCode" && "codes" in record ? record.codes[0] : Reflect.get(record, by);
  return { value: textOrNull(value), id: record.id };
};

/** Below, at or above zero as `a` stands before, at or behind `b` in ascending order. Ties are broken by id. */
export const comparePositions = (a: Position, b: Position): number => {
  if (a.value === b.value) return compareText(a.id, b.id);
  if (a.value === null) return -1;
  if (b.value === null) return 1;
  return compareText(a.value, b.value);
};
