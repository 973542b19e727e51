import type { Repository } from "../repository.ts";

/** One promise of the port. Pass `run` to any test runner: it rejects if the repository breaks the law. */
export interface Law {
  readonly name: string;
  /** The harm for users if a repository breaks the law. */
  readonly because: string;
  readonly run: () => Promise<void>;
}

/** Each call returns an empty repository that shares no data with the others. */
export type OpenRepository = () => Promise<Repository>;

/** Milliseconds after which a test runner should give up on a law. */
export const LAW_TIMEOUT = 30_000;

export type LawCheck = (repository: Repository, open: OpenRepository) => Promise<void>;
export type DefineLaw = (name: string, because: string, check: LawCheck) => Law;
/** Defines the laws of one subject. */
export type LawGroup = (law: DefineLaw) => readonly Law[];

/** Each law gets its own repository. So laws can run in any order and at the same time. */
export const createDefineLaw = (open: OpenRepository): DefineLaw => {
  const openSplit: OpenRepository = async () => splitCalls(await open());
  return (name, because, check) => ({ name, because, run: async () => check(await openSplit(), openSplit) });
};

/** Like the engine, it splits a list that is longer than `batchMax`, and makes no call for an empty list. */
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
