import fc from "fast-check";
import { type Law, repositoryLaws } from "oncecode/conformance";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { type Breaks, broken } from "./broken/index.ts";

// Which law is broken matters here, not the smallest example of it.
fc.configureGlobal({ endOnFailure: true });

const isBroken = (law: Law): Promise<boolean> =>
  law.run().then(
    () => false,
    () => true,
  );

/** Filters take most of the time, and a store that lists as the memory repository does cannot break their laws. */
const lawsFor = (breaks: Breaks): readonly Law[] => {
  const inner = memoryRepository();
  const { page, count } = breaks(inner);
  const laws = repositoryLaws(async () => breaks(memoryRepository()));
  return page === inner.page && count === inner.count ? laws.filter(({ name }) => !/`matches`|tree/.test(name)) : laws;
};

const everBroken = new Set<string>();

describe("a store that", () => {
  it.each(Object.entries(broken))("%s is caught", async (_, breaks) => {
    const caught: string[] = [];
    for (const law of lawsFor(breaks)) {
      // Once it is caught, only laws matter that no other store has broken so far.
      if (caught.length > 0 && everBroken.has(law.name)) continue;
      if (await isBroken(law)) caught.push(law.name);
    }
    for (const name of caught) everBroken.add(name);
    expect(caught).not.toEqual([]);
  });
});

describe("a law", () => {
  it("is broken by at least one of these stores", () => {
    const names = repositoryLaws(async () => memoryRepository()).map(({ name }) => name);
    expect(names.filter((name) => !everBroken.has(name))).toEqual([]);
  });
});
