import type { Draft, PublicationId, Repository, Settlement } from "oncecode";
import { unchanged } from "oncecode";

/** Ways to claim that look right, and are wrong. Each must be found out. */
const BUGS = [
  /** Takes whatever voucher a query found, without asking again whether it is still free. */
  "no outer condition",
  /** Locks the voucher, and never writes it. */
  "lock only",
  /** Does not look how many rows were changed. */
  "row count ignored",
  /** Takes all that a subquery gives, and counts only what it hands out. */
  "too many",
  /** Repeats a COMMIT that broke on another connection, where it succeeds with nothing to commit. */
  "commit again",
] as const;
export type BugName = (typeof BUGS)[number];

export const isBugName = (name: string): name is BugName => BUGS.some((bug) => bug === name);

/** The same for mistakes that can be made around any repository. */
export const BROKEN_WRAPPERS: Readonly<Record<string, (repository: Repository) => Repository>> = {
  /** Takes a lost answer for a failure. */
  "unknown is failed": (repository) => ({
    ...repository,
    settle: (drafts) =>
      repository.settle(drafts).catch((thrown) => {
        throw unchanged(thrown);
      }),
  }),
  /** Tries again after a lost answer, as another publication. */
  "new id": (repository) => ({ ...repository, settle: (drafts) => retryWithNewIds(repository, drafts, 0) }),
};

const retryWithNewIds = (
  repository: Repository,
  drafts: readonly Draft[],
  attempt: number,
): Promise<readonly Settlement[]> =>
  repository.settle(drafts).catch((thrown) => {
    if (attempt === 5) throw thrown;
    const anew = drafts.map((draft) => ({
      ...draft,
      publication: { ...draft.publication, id: `${draft.publication.id.slice(0, -1)}${attempt}` as PublicationId },
    }));
    return retryWithNewIds(repository, anew, attempt + 1);
  });
