import type { Repository } from "oncecode";

/** The calls of `settle` that published. In SQLite each call is one transaction, and so one commit. */
export interface CommitCounts {
  readonly count: number;
  /** The largest number of publications in one commit. */
  readonly largest: number;
}

export interface CountingRepository {
  readonly repository: Repository;
  readonly commits: () => CommitCounts;
}

/** Wraps a repository and counts its commits. */
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
