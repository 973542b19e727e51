import { type Draft, produce } from "immer";
import type { Instant, Metadata, Revisioned } from "./model.ts";

/** Edits a record and counts its revision up. Returns the same record if the edit changes nothing. */
export const revise = <R extends Revisioned>(record: R, now: Instant, edit: (copy: Draft<R>) => void): R => {
  const edited = produce(record, edit);
  return edited === record ? record : { ...edited, revision: record.revision + 1, updatedAt: now };
};

/** Adds new keys and replaces existing ones. An assignment to the key `__proto__` would not create it, so we use entries. */
export const mergeMetadata = (metadata: Metadata, change: Metadata): Metadata =>
  Object.entries(change).every(([key, value]) => Object.hasOwn(metadata, key) && isEqualJson(metadata[key], value))
    ? metadata
    : Object.fromEntries([...Object.entries(metadata), ...Object.entries(change)]);

/** Removes keys. Returns the same metadata if it has none of them. */
export const withoutKeys = (metadata: Metadata, keys: readonly string[]): Metadata =>
  keys.some((key) => Object.hasOwn(metadata, key))
    ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !keys.includes(key)))
    : metadata;

/** Compares values as JSON text. Another order of nested keys counts as a change, and costs only one write. */
const isEqualJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
