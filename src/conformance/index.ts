import { createDefineLaw, type Law, type OpenRepository } from "./law.ts";
import { addLaws } from "./laws/add.ts";
import { campaignDateLaws } from "./laws/campaign-dates.ts";
import { concurrentDraftLaws } from "./laws/concurrent-drafts.ts";
import { concurrentWriteLaws } from "./laws/concurrent-writes.ts";
import { deadlockLaws } from "./laws/deadlocks.ts";
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
import { recordLaws } from "./laws/record.ts";
import { refusalLaws } from "./laws/refusals.ts";
import { removeLaws } from "./laws/remove.ts";
import { settleLaws } from "./laws/settle.ts";
import { settleOrderLaws } from "./laws/settle-order.ts";

export { LAW_TIMEOUT, type Law, type OpenRepository } from "./law.ts";
export * from "./sample-records.ts";

const LAW_GROUPS = [
  settleLaws,
  settleOrderLaws,
  publicationWriteLaws,
  refusalLaws,
  poolLaws,
  freshVoucherLaws,
  recordLaws,
  addLaws,
  findLaws,
  putLaws,
  removeLaws,
  campaignDateLaws,
  listingLaws,
  filterLaws,
  randomDrawLaws,
  concurrentDraftLaws,
  concurrentWriteLaws,
  deadlockLaws,
  limitLaws,
  memoryEquivalenceLaws,
];

// `conformance/` is the kit that proves an adapter. Each law is one promise of the port, and works in any test runner.
// `laws/` has one file per method or subject. The other files make records, calls and values for the laws.
// It imports `src/`, the memory adapter and fast-check, and no test runner.

/**
 * The laws of a repository, as data for any test runner:
 *
 *     for (const law of repositoryLaws(() => openMyStore())) test(law.name, law.run);
 *
 * Each call of `open` must return an empty repository that shares no data with the others. Some laws call `open` many times.
 */
export const repositoryLaws = (open: OpenRepository): readonly Law[] =>
  LAW_GROUPS.flatMap((group) => group(createDefineLaw(open)));
