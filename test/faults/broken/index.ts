import type { Draft, PublicationId, Repository, Settlement } from "oncecode";
import { unchanged } from "oncecode";

/** Claims that look right and are wrong. The checker must find each of them. */
const BUGS = [
  /** Claims the vouchers of a query without checking again that they are free. */
  "no outer condition",
  /** Locks the voucher, and does not write it. */
  "lock only",
  /** Does not check the number of changed rows. */
  "row count ignored",
  /** Claims all vouchers of a subquery, and returns only some of them. */
  "too many",
  /** Repeats a broken COMMIT on another connection, where it succeeds because there is nothing to commit. */
  "commit again",
] as const;
export type BugName = (typeof BUGS)[number];

export const isBugName = (name: string): name is BugName => BUGS.some((bug) => bug === name);

/** Mistakes in code around a repository. */
export const BROKEN_WRAPPERS: Readonly<Record<string, (repository: Repository) => Repository>> = {
  /** Treats a lost answer as a failure. */
  "unknown is failed": (repository) => ({
    ...repository,
    settle: (drafts) =>
      repository.settle(drafts).catch((thrown) => {
        throw unchanged(thrown);
      }),
  }),
  /** After a lost answer, tries again with another publication id. */
  "new id": (repository) => ({ ...repository, settle: (drafts) => retryWithNewIds(repository, drafts, 0) }),
};

const retryWithNewIds = (
  repository: Repository,
  drafts: readonly Draft[],
  attempt: number,
): Promise<readonly Settlement[]> =>
  repository.settle(drafts).catch((thrown) => {
    if (attempt === 5) throw thrown;
    const draftsWithNewIds = drafts.map((draft) => ({
      ...draft,
      publication: { ...draft.publication, id: `${draft.publication.id.slice(0, -1)}${attempt}` as PublicationId },
    }));
    return retryWithNewIds(repository, draftsWithNewIds, attempt + 1);
  });
