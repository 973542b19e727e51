import { type Draft, produce } from "immer";
import type { Instant, Metadata, Revisioned } from "./model.ts";

/** The next revision of a record, or the record itself when the edit changes nothing. */
export const revise = <R extends Revisioned>(record: R, now: Instant, edit: (draft: Draft<R>) => void): R => {
  const edited = produce(record, edit);
  return edited === record ? record : { ...edited, revision: record.revision + 1, updatedAt: now };
};

/** New keys are added, given ones replaced. By entries, since assigning to a key `__proto__` would not make one. */
export const mergeMetadata = (metadata: Metadata, change: Metadata): Metadata =>
  Object.entries(change).every(([key, value]) => Object.hasOwn(metadata, key) && isEqualJson(metadata[key], value))
    ? metadata
    : Object.fromEntries([...Object.entries(metadata), ...Object.entries(change)]);

/** The metadata itself, if it has none of the keys. */
export const withoutKeys = (metadata: Metadata, keys: readonly string[]): Metadata =>
  keys.some((key) => Object.hasOwn(metadata, key))
    ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !keys.includes(key)))
    : metadata;

/** Equal as stored. Another order of nested keys counts as a change, which costs a write and nothing else. */
const isEqualJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
