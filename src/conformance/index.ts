import { createDefineLaw, type Law, type OpenRepository } from "./law.ts";
import { addLaws } from "./laws/add.ts";
import { settleLaws } from "./laws/answers.ts";
import { concurrentDraftLaws } from "./laws/concurrent-drafts.ts";
import { concurrentWriteLaws } from "./laws/concurrent-writes.ts";
import { deadlockLaws } from "./laws/deadlocks.ts";
import { failureLaws } from "./laws/failures.ts";
import { filterLaws } from "./laws/filters.ts";
import { findLaws } from "./laws/find.ts";
import { freshVoucherLaws } from "./laws/fresh-vouchers.ts";
import { limitLaws } from "./laws/limits.ts";
import { listingLaws } from "./laws/listing.ts";
import { memoryEquivalenceLaws } from "./laws/memory-equivalence.ts";
import { poolLaws } from "./laws/pool.ts";
import { publicationWriteLaws } from "./laws/publication-writes.ts";
import { putLaws } from "./laws/put.ts";
import { randomDrawLaws } from "./laws/random-draws.ts";
import { refusalLaws } from "./laws/refusals.ts";
import { removeLaws } from "./laws/removing.ts";

export { LAW_TIMEOUT, type Law, type OpenRepository } from "./law.ts";
export * from "./records.ts";

const LAW_GROUPS = [
  settleLaws,
  publicationWriteLaws,
  refusalLaws,
  poolLaws,
  freshVoucherLaws,
  failureLaws,
  addLaws,
  findLaws,
  putLaws,
  removeLaws,
  listingLaws,
  filterLaws,
  randomDrawLaws,
  concurrentDraftLaws,
  concurrentWriteLaws,
  deadlockLaws,
  limitLaws,
  memoryEquivalenceLaws,
];

/**
 * All that a repository must hold to, as data for any test runner:
 *
 *     for (const law of repositoryLaws(() => openMyStore())) test(law.name, law.run);
 *
 * `open` must give an empty repository, apart from every other, each time it is called; some laws call it many times.
 */
export const repositoryLaws = (open: OpenRepository): readonly Law[] =>
  LAW_GROUPS.flatMap((group) => group(createDefineLaw(open)));
