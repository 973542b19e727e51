import fc from "fast-check";
import { type Law, repositoryLaws } from "oncecode/conformance";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { type BreakRepository, brokenRepositories } from "./broken/index.ts";

// We need only the name of the broken law, so fast-check does not have to shrink the example.
fc.configureGlobal({ endOnFailure: true });

const isBroken = (law: Law): Promise<boolean> =>
  law.run().then(
    () => false,
    () => true,
  );

/** The laws of filters take most of the time. A store with the `page` and `count` of memory cannot break them, so we skip them. */
const lawsToTry = (breakRepository: BreakRepository): readonly Law[] => {
  const inner = memoryRepository();
  const { page, count } = breakRepository(inner);
  const laws = repositoryLaws(async () => breakRepository(memoryRepository()));
  return page === inner.page && count === inner.count ? laws.filter(({ name }) => !/`matches`|tree/.test(name)) : laws;
};

const brokenLaws = new Set<string>();

describe("a broken store that", () => {
  it.each(Object.entries(brokenRepositories))("%s is caught", async (_, breakRepository) => {
    const caught: string[] = [];
    for (const law of lawsToTry(breakRepository)) {
      // Once the store is caught, we need only laws that no store has broken so far.
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
