import fc from "fast-check";
import { type Law, repositoryLaws } from "oncecode/conformance";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { type BreakRepository, brokenRepositories } from "./broken/index.ts";

// Which law is broken matters here, not the smallest example of it.
fc.configureGlobal({ endOnFailure: true });

const isBroken = (law: Law): Promise<boolean> =>
  law.run().then(
    () => false,
    () => true,
  );

/** Filters take most of the time, and a store that lists as the memory repository does cannot break their laws. */
const lawsToTry = (breaks: BreakRepository): readonly Law[] => {
  const inner = memoryRepository();
  const { page, count } = breaks(inner);
  const laws = repositoryLaws(async () => breaks(memoryRepository()));
  return page === inner.page && count === inner.count ? laws.filter(({ name }) => !/`matches`|tree/.test(name)) : laws;
};

const brokenLaws = new Set<string>();

describe("a store that", () => {
  it.each(Object.entries(brokenRepositories))("%s is caught", async (_, breaks) => {
    const caught: string[] = [];
    for (const law of lawsToTry(breaks)) {
      // Once it is caught, only laws matter that no other store has broken so far.
      if (caught.length > 0 && brokenLaws.has(law.name)) continue;
      if (await isBroken(law)) caught.push(law.name);
    }
    for (const name of caught) brokenLaws.add(name);
    expect(caught).not.toEqual([]);
  });
});

describe("a law", () => {
  it("is broken by at least one of these stores", () => {
    const names = repositoryLaws(async () => memoryRepository()).map(({ name }) => name);
    expect(names.filter((name) => !brokenLaws.has(name))).toEqual([]);
  });
});
