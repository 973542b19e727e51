import type { Draft, Repository, Settlement } from "../repository.ts";
import { gist } from "./setting.ts";

export const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** How often each ending came, as in `{ published: 1, "stale": 7 }`. */
export const tally = (settlements: readonly Settlement[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const settlement of settlements) counts[gist(settlement)] = (counts[gist(settlement)] ?? 0) + 1;
  return counts;
};

/** Each draft in a call of its own, all under way together. */
export const atOnce = async (repository: Repository, drafts: readonly Draft[]): Promise<readonly Settlement[]> =>
  (await Promise.all(drafts.map((one) => repository.settle([one])))).flat();
