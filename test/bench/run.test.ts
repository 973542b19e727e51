import { expect, test } from "vitest";
import type { Contest } from "../../bench/contest.ts";
import { PACES } from "../../bench/paces.ts";
import { run } from "../../bench/run.ts";

const failingWith = (first: Error, close: () => Promise<void>): Contest => ({
  family: "publish",
  store: "nowhere",
  what: "a contest that fails",
  missing: null,
  open: async () => ({
    entries: [{ points: [], run: () => Promise.reject(first) }],
    comparisons: [],
    check: async () => [],
    close,
  }),
});

const unwatched = { step: () => undefined, done: () => undefined };

test("a contest that fails is closed, and its failure is told, not that of closing it", async () => {
  const first = new Error("a wrong answer");
  let closed = 0;
  const contest = failingWith(first, () => {
    closed += 1;
    return Promise.reject(new Error("a server that is gone"));
  });
  await expect(run(contest, PACES.quick, unwatched)).rejects.toMatchObject({ cause: first });
  expect(closed).toBe(1);
});
