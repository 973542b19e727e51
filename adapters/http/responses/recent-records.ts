/** The latest records of one kind, in the memory of this process. */
export interface RecentRecords<A> {
  add(one: A): void;
  get(id: string): A | undefined;
  delete(id: string): boolean;
  /** Newest first. */
  list(): readonly A[];
}

const RECORDS_MAX = 1000;

export const createRecentRecords = <A extends { readonly id: string }>(): RecentRecords<A> => {
  const records = new Map<string, A>();
  return {
    add: (one) => {
      records.set(one.id, one);
      const [oldest] = records.keys();
      if (records.size > RECORDS_MAX && oldest !== undefined) records.delete(oldest);
    },
    get: (id) => records.get(id),
    delete: (id) => records.delete(id),
    list: () => [...records.values()].reverse(),
  };
};
