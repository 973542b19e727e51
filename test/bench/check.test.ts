import { describe, expect, it } from "vitest";
import { nothingInCommon, parseRun, profileMismatch, regressions } from "../../bench/check.ts";
import type { Ratio, Run } from "../../bench/results.ts";

const ratio = (rounds: readonly number[], details: Partial<Ratio> = {}): Ratio => ({
  name: "oncecode to by hand",
  scenario: "publish",
  store: "PostgreSQL",
  rounds,
  aim: null,
  better: "more",
  ...details,
});

const run = (ratios: readonly Ratio[], details: Partial<Run> = {}): Run => ({
  at: "2026-11-27T09:00:00.000Z",
  profile: "full",
  machine: { cpu: "a processor", cores: 2, memory: 24, node: "v24.21.0", fsync: 0.4, versions: {} },
  points: [],
  ratios,
  skipped: [],
  failed: [],
  ...details,
});

const names = (before: Ratio, now: Ratio): readonly string[] =>
  regressions(run([before]), run([now])).map(({ name }) => name);

describe("a regression", () => {
  it("is a ratio that is worse than in the stored run, up or down", () => {
    expect(names(ratio([4, 4, 4]), ratio([2, 2, 2]))).toEqual(["oncecode to by hand"]);
    expect(names(ratio([4, 4, 4]), ratio([8, 8, 8]))).toEqual([]);
    const less = { better: "less" } as const;
    expect(names(ratio([4, 4, 4], less), ratio([2, 2, 2], less))).toEqual([]);
    expect(names(ratio([4, 4, 4], less), ratio([8, 8, 8], less))).toEqual(["oncecode to by hand"]);
  });

  it("is larger than the noise of the rounds of both runs", () => {
    expect(names(ratio([4, 4, 4]), ratio([3.5, 3.5, 3.5]))).toEqual([]);
    expect(names(ratio([3, 4, 5]), ratio([2.9, 3, 3.1]))).toEqual([]);
    expect(names(ratio([4, 4, 4]), ratio([2.9, 3, 3.1]))).toEqual(["oncecode to by hand"]);
  });

  it("is larger than the difference between two runs, in addition", () => {
    expect(names(ratio([3.8, 4, 4.2]), ratio([3.1, 3.2, 3.3]))).toEqual([]);
    expect(names(ratio([3.8, 4, 4.2]), ratio([2.9, 3, 3.1]))).toEqual(["oncecode to by hand"]);
  });

  it("is any loss of more than a half, and NaN", () => {
    expect(names(ratio([1, 4, 9]), ratio([1.5, 1.9, 9]))).toEqual(["oncecode to by hand"]);
    expect(names(ratio([4, 4, 4]), ratio([Number.NaN]))).toEqual(["oncecode to by hand"]);
  });

  it("is measured in both runs", () => {
    expect(regressions(run([ratio([4])]), run([ratio([1], { name: "another" })]))).toEqual([]);
  });
});

describe("two runs", () => {
  const stored = run([ratio([4])]);

  it("can be compared if they have a common ratio", () => {
    expect(nothingInCommon(stored, run([ratio([1])]))).toBeNull();
    expect(nothingInCommon(stored, run([ratio([1], { name: "another" })]))).toContain("none of the ratios");
  });

  it("are parsed only from the text of a run", () => {
    expect(parseRun(JSON.stringify(stored))).toEqual(stored);
    for (const text of [
      "",
      "null",
      "7",
      "[]",
      "{}",
      '{"profile":"full"}',
      '{"profile":"brisk","ratios":[]}',
      "# README",
    ])
      expect(parseRun(text)).toBeNull();
  });

  it("must have the same profile, and a large run includes a full one", () => {
    expect(profileMismatch(stored, "quick")).toContain("the stored run is full");
    expect(profileMismatch(stored, "large")).toBeNull();
    expect(profileMismatch(run([], { profile: "quick" }), "quick")).toBeNull();
  });
});
