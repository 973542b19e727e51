import { type Law, lawsOn, type Open } from "./law.ts";
import { answerLaws } from "./laws/answers.ts";
import { contestLaws } from "./laws/contests.ts";
import { drawLaws } from "./laws/draws.ts";
import { effectLaws } from "./laws/effects.ts";
import { extensionLaws } from "./laws/extension.ts";
import { failureLaws } from "./laws/failures.ts";
import { filterLaws } from "./laws/filters.ts";
import { findingLaws } from "./laws/finding.ts";
import { limitLaws } from "./laws/limits.ts";
import { listingLaws } from "./laws/listing.ts";
import { lockLaws } from "./laws/locks.ts";
import { meaningLaws } from "./laws/meaning.ts";
import { poolLaws } from "./laws/pool.ts";
import { raceLaws } from "./laws/races.ts";
import { refusalLaws } from "./laws/refusals.ts";
import { removingLaws } from "./laws/removing.ts";
import { stockLaws } from "./laws/stock.ts";
import { writingLaws } from "./laws/writing.ts";

export { LAW_TIMEOUT, type Law, type Open } from "./law.ts";
export * from "./records.ts";

const ALL = [
  answerLaws,
  effectLaws,
  refusalLaws,
  poolLaws,
  extensionLaws,
  failureLaws,
  stockLaws,
  findingLaws,
  writingLaws,
  removingLaws,
  listingLaws,
  filterLaws,
  drawLaws,
  raceLaws,
  contestLaws,
  lockLaws,
  limitLaws,
  meaningLaws,
];

/**
 * All that a repository must hold to, as data for any test runner:
 *
 *     for (const law of repositoryLaws(() => openMyStore())) test(law.name, law.run);
 *
 * `open` must give an empty repository, apart from every other, each time it is called; some laws call it many times.
 */
export const repositoryLaws = (open: Open): readonly Law[] => ALL.flatMap((laws) => laws(lawsOn(open)));
