/** Keeps the latest of something by their ids, so many of them, in the memory of this process. */
export interface Recent<A> {
  add(one: A): void;
  get(id: string): A | undefined;
  delete(id: string): boolean;
  /** Newest first. */
  list(): readonly A[];
}

const KEPT_MAX = 1000;

export const recent = <A extends { readonly id: string }>(): Recent<A> => {
  const kept = new Map<string, A>();
  return {
    add: (one) => {
      kept.set(one.id, one);
      const [oldest] = kept.keys();
      if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
    },
    get: (id) => kept.get(id),
    delete: (id) => kept.delete(id),
    list: () => [...kept.values()].reverse(),
  };
};
