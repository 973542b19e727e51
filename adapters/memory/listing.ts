import type { Listing, Position, Query, Records } from "oncecode";
import { comparePositions, type Filter, type Kind, matches, positionOf } from "oncecode";
import type { Store } from "./store.ts";
import type { Table } from "./table.ts";

export const listing = (store: Store): Listing => {
  const tables: { readonly [K in Kind]: Table<Records[K]> } = store;

  const matchingRecords = <K extends Kind>(kind: K, filter: Filter): readonly Records[K][] => {
    const records: Iterable<Records[K]> = tables[kind].values();
    return [...records].filter((record) => matches(kind, filter, record));
  };

  const page = <K extends Kind>({ kind, filter, by, descending, after, offset, limit }: Query<K>): Records[K][] => {
    const compare = (a: Position, b: Position): number => comparePositions(a, b) * (descending ? -1 : 1);
    return matchingRecords(kind, filter)
      .map((record) => ({ record, position: positionOf(by, record) }))
      .filter(({ position }) => after === null || compare(position, after) > 0)
      .sort((a, b) => compare(a.position, b.position))
      .slice(offset, offset + limit)
      .map(({ record }) => record);
  };

  return {
    page: async (query) => page(query),
    count: async (queries) => queries.map(({ kind, filter }) => matchingRecords(kind, filter).length),
  };
};
