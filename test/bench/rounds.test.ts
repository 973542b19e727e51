import { expect, test } from "vitest";
import type { Comparison } from "../../bench/comparison.ts";
import { PROFILES } from "../../bench/profiles.ts";
import { runComparison } from "../../bench/rounds.ts";

const failingComparison = (failure: Error, close: () => Promise<void>): Comparison => ({
  scenario: "publish",
  store: "nowhere",
  label: "a comparison that fails",
  skipReason: null,
  prepare: async () => ({
    measurements: [{ points: [], run: () => Promise.reject(failure) }],
    ratioDefinitions: [],
    check: async () => [],
    close,
  }),
});

const silentReporter = { step: () => undefined, done: () => undefined };

test("a comparison that fails is closed, and the first error is reported", async () => {
  const first = new Error("a wrong answer");
  let closed = 0;
  const comparison = failingComparison(first, () => {
    closed += 1;
    return Promise.reject(new Error("a server that is gone"));
  });
  await expect(runComparison(comparison, PROFILES.quick, silentReporter)).rejects.toMatchObject({ cause: first });
  expect(closed).toBe(1);
});
