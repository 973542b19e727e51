import type { Filter } from "./filters.ts";
import type { Kind, Records } from "./model.ts";
import { compareText } from "./text-order.ts";

/** The position of a record in an order. Null values come first in ascending order. */
export interface Position {
  readonly value: string | null;
  readonly id: string;
}

/** One page of a list: the matching records in order, after the position `after`; skip `offset` of them, then take `limit`. */
export interface Query<K extends Kind = Kind> {
  readonly kind: K;
  readonly filter: Filter;
  /** One of the kind's `ORDERS`. Records with equal values are ordered by id, in the same direction. */
  readonly by: string;
  readonly descending: boolean;
  readonly after: Position | null;
  readonly offset: number;
  readonly limit: number;
}

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** The position of a record. A publication with several codes is ordered by its first code. */
export const positionOf = <K extends Kind>(by: string, record: Records[K]): Position => {
  const value: unknown = by === "voucherCode" && "codes" in record ? record.codes[0] : Reflect.get(record, by);
  return { value: textOrNull(value), id: record.id };
};

/** Negative, zero or positive: `a` is before, at or after `b` in ascending order. Equal values are ordered by id. */
export const comparePositions = (a: Position, b: Position): number => {
  if (a.value === b.value) return compareText(a.id, b.id);
  if (a.value === null) return -1;
  if (b.value === null) return 1;
  return compareText(a.value, b.value);
};
