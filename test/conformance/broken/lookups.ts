import { compareText, type Records, type Ref, type Repository } from "oncecode";
import type { BreakRepository } from "./alter.ts";

/** A plain object for an index. */
export const findsInheritedProperties: BreakRepository = (inner) => ({
  ...inner,
  find: async (kind, refs) => {
    const found = await inner.find(kind, refs);
    return found.map((record, i) => {
      const ref = refs[i];
      const inherited: unknown = ref && "name" in ref ? Reflect.get({}, ref.name) : null;
      return record ?? (inherited === undefined ? null : (inherited as typeof record));
    });
  },
});

/** `WHERE id IN (…)` gives rows in the store's order. */
export const findsInItsOwnOrder: BreakRepository = (inner) => ({
  ...inner,
  find: async (kind, refs) => {
    const found = await inner.find(kind, refs);
    return found.toSorted((a, b) => (a && b ? compareText(a.id, b.id) : Number(!a) - Number(!b)));
  },
});

/** A collation that does not tell upper from lower case: the last record in is found by either. */
export const foldsCaseOfNames: BreakRepository = (inner) => {
  const names = new Map<string, string>();
  return {
    ...inner,
    put: (kind, writes) => {
      for (const { record } of writes)
        if ("name" in record && record.name !== null && "joinOnce" in record)
          names.set(record.name.toLowerCase(), record.name);
      return inner.put(kind, writes);
    },
    find: (kind, refs) => {
      const folded = (ref: Ref): Ref => ("name" in ref ? { name: names.get(ref.name.toLowerCase()) ?? ref.name } : ref);
      return inner.find(kind, kind === "campaigns" ? refs.map(folded) : refs);
    },
  };
};

const throughJson = (alter: (key: string, value: unknown) => unknown): BreakRepository => {
  const altered = <R>(record: R): R =>
    JSON.parse(JSON.stringify(record), (key, value: unknown) => alter(key, value)) as R;
  return (inner: Repository): Repository => ({
    ...inner,
    find: async (kind, refs) => {
      const found: readonly (Records[typeof kind] | null)[] = await inner.find(kind, refs);
      return found.map(altered);
    },
  });
};

export const treatsEmptyTextAsNull: BreakRepository = throughJson((_, value) => (value === "" ? null : value));
export const storesSinglePrecision: BreakRepository = throughJson((key, value) =>
  key === "rank" && typeof value === "number" ? Math.fround(value) : value,
);
/** `undefined` from a reviver drops the key, as assigning to a plain object does with this one. */
export const losesPrototypeKeys: BreakRepository = throughJson((key, value) =>
  key === "__proto__" ? undefined : value,
);
