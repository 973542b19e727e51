import { compareText, type Records, type Ref, type Repository } from "oncecode";
import type { BreakRepository } from "./alter.ts";

/** Uses a plain object as an index. */
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

/** `WHERE id IN (…)` returns rows in the order of the store. */
export const findsInItsOwnOrder: BreakRepository = (inner) => ({
  ...inner,
  find: async (kind, refs) => {
    const found = await inner.find(kind, refs);
    return found.toSorted((a, b) => (a && b ? compareText(a.id, b.id) : Number(!a) - Number(!b)));
  },
});

/** A collation that ignores case. The record that was stored last is found. */
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
/** An assignment to a plain object loses the key `__proto__`. A reviver that returns `undefined` drops the key, too. */
export const losesPrototypeKeys: BreakRepository = throughJson((key, value) =>
  key === "__proto__" ? undefined : value,
);
