import type { Repository } from "../repository.ts";

/** One thing that every repository must hold to. Hand `run` to any test runner: it rejects when the law is broken. */
export interface Law {
  readonly name: string;
  /** What goes wrong for users when the law is broken. */
  readonly because: string;
  readonly run: () => Promise<void>;
}

/** Gives an empty repository, apart from every other, each time it is called. */
export type Open = () => Promise<Repository>;

/** How long a law may take before a test runner should give up on it, in milliseconds. */
export const LAW_TIMEOUT = 30_000;

export type Holds = (repository: Repository, open: Open) => Promise<void>;
export type Declare = (name: string, because: string, holds: Holds) => Law;
/** The laws of one subject. */
export type Laws = (law: Declare) => readonly Law[];

/** Each law gets a repository of its own, so laws may run in any order and at the same time. */
export const lawsOn = (open: Open): Declare => {
  const opened: Open = async () => cut(await open());
  return (name, because, holds) => ({ name, because, run: async () => holds(await opened(), opened) });
};

/** As the engine calls: in parts what is longer than `batchMax`, and nothing that is empty. The rest goes straight on. */
const cut = (repository: Repository): Repository => {
  const { batchMax, lanes } = repository;
  const inParts = async <I, A>(
    items: readonly I[],
    call: (items: readonly I[]) => Promise<readonly A[]>,
  ): Promise<readonly A[]> => {
    if (items.length > 0 && items.length <= batchMax) return call(items);
    const answers: A[] = [];
    for (let from = 0; from < items.length; from += batchMax)
      answers.push(...(await call(items.slice(from, from + batchMax))));
    return answers;
  };
  return {
    batchMax,
    lanes,
    settle: (drafts) => inParts(drafts, (some) => repository.settle(some)),
    record: (failures) => inParts(failures, (some) => repository.record(some)),
    add: (vouchers) => inParts(vouchers, (some) => repository.add(some)),
    find: (kind, refs) => inParts(refs, (some) => repository.find(kind, some)),
    put: (kind, writes) => inParts(writes, (some) => repository.put(kind, some)),
    remove: (kind, ids) => inParts(ids, (some) => repository.remove(kind, some)),
    page: (query) => repository.page(query),
    count: (queries) => inParts(queries, (some) => repository.count(some)),
  };
};
