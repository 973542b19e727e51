import type { Repository } from "oncecode";

/** Calls to the store that published something. In SQLite each is one transaction, so one commit. */
export interface CommitCounts {
  readonly count: number;
  /** Most publications in one. */
  readonly largest: number;
}

export interface CountingRepository {
  readonly repository: Repository;
  readonly commits: () => CommitCounts;
}

/** The same repository, which also counts how many publications went into one call. */
export const countCommits = (repository: Repository): CountingRepository => {
  let commits: CommitCounts = { count: 0, largest: 0 };
  return {
    commits: () => commits,
    repository: {
      batchMax: repository.batchMax,
      lanes: repository.lanes,
      settle: async (drafts) => {
        const settlements = await repository.settle(drafts);
        const published = settlements.filter(({ type }) => type === "published").length;
        if (published > 0) commits = { count: commits.count + 1, largest: Math.max(commits.largest, published) };
        return settlements;
      },
      record: (failures) => repository.record(failures),
      add: (vouchers) => repository.add(vouchers),
      find: (kind, refs) => repository.find(kind, refs),
      put: (kind, writes) => repository.put(kind, writes),
      remove: (kind, ids) => repository.remove(kind, ids),
      page: (query) => repository.page(query),
      count: (queries) => repository.count(queries),
    },
  };
};
