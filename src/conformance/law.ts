import type { Repository } from "../repository.ts";

/** One thing that every repository must hold to. Hand `run` to any test runner: it rejects when the law is broken. */
export interface Law {
  readonly name: string;
  /** What goes wrong for users when the law is broken. */
  readonly because: string;
  readonly run: () => Promise<void>;
}

/** Gives an empty repository, apart from every other, each time it is called. */
export type OpenRepository = () => Promise<Repository>;

/** How long a law may take before a test runner should give up on it, in milliseconds. */
export const LAW_TIMEOUT = 30_000;

export type LawCheck = (repository: Repository, open: OpenRepository) => Promise<void>;
export type DefineLaw = (name: string, because: string, check: LawCheck) => Law;
/** The laws of one subject. */
export type LawGroup = (law: DefineLaw) => readonly Law[];

/** Each law gets a repository of its own, so laws may run in any order and at the same time. */
export const createDefineLaw = (open: OpenRepository): DefineLaw => {
  const openSplit: OpenRepository = async () => splitCalls(await open());
  return (name, because, check) => ({ name, because, run: async () => check(await openSplit(), openSplit) });
};

/** As the engine calls: in parts what is longer than `batchMax`, and nothing that is empty. The rest goes straight on. */
const splitCalls = (repository: Repository): Repository => {
  const { batchMax, lanes } = repository;
  const callInParts = async <I, A>(
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
    settle: (drafts) => callInParts(drafts, (some) => repository.settle(some)),
    record: (failures) => callInParts(failures, (some) => repository.record(some)),
    add: (vouchers) => callInParts(vouchers, (some) => repository.add(some)),
    find: (kind, refs) => callInParts(refs, (some) => repository.find(kind, some)),
    put: (kind, writes) => callInParts(writes, (some) => repository.put(kind, some)),
    remove: (kind, ids) => callInParts(ids, (some) => repository.remove(kind, some)),
    page: (query) => repository.page(query),
    count: (queries) => callInParts(queries, (some) => repository.count(some)),
  };
};
