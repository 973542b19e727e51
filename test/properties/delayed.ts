import type { Scheduler } from "fast-check";
import type { Repository } from "oncecode";
import { unchanged } from "oncecode";

/** What befalls a write: nothing, or its answer is lost before or after it took effect, or the store refuses it. */
export type Fault = "none" | "lost before" | "lost after" | "refused";

/** How often the schedules of a run reached the states that the properties are about. */
export interface Reached {
  lostBefore: number;
  lostAfter: number;
  refused: number;
  /** Two settle calls under way at once. */
  overlap: number;
}

/**
 * The repository as a host meets it: each call takes its time to arrive and its answer takes its time to come back, in
 * whatever order the scheduler likes, and writes may meet a fault on the way.
 */
export const delayed = (
  inner: Repository,
  scheduler: Scheduler,
  faults: readonly Fault[],
  reached: Reached,
  onSettle: (phase: "start" | "end") => void = () => {},
): Repository => {
  let writes = 0;
  const hop = (label: string): Promise<void> => scheduler.schedule(Promise.resolve(), label);

  const read = <A, R>(name: string, call: (argument: A) => Promise<R>) =>
    async (argument: A): Promise<R> => {
      await hop(`${name} ->`);
      const answer = await call(argument);
      await hop(`${name} <-`);
      return answer;
    };

  const write = <A, R>(name: string, call: (argument: A) => Promise<R>) =>
    async (argument: A): Promise<R> => {
      const fault = faults[writes++] ?? "none";
      await hop(`${name} ->`);
      if (fault === "lost before") {
        reached.lostBefore += 1;
        throw new Error("the line broke before the store heard of it");
      }
      if (fault === "refused") {
        reached.refused += 1;
        throw unchanged(new Error("the disk is full"));
      }
      const answer = await call(argument);
      await hop(`${name} <-`);
      if (fault === "lost after") {
        reached.lostAfter += 1;
        throw new Error("the line broke before the answer came");
      }
      return answer;
    };

  const settle = write("settle", inner.settle);
  return {
    batchMax: inner.batchMax,
    lanes: 4,
    settle: async (drafts) => {
      onSettle("start");
      try {
        return await settle(drafts);
      } finally {
        onSettle("end");
      }
    },
    record: write("record", inner.record),
    add: inner.add,
    find: async (kind, refs) => read("find", () => inner.find(kind, refs))(undefined),
    put: (kind, writesOf) => inner.put(kind, writesOf),
    remove: (kind, ids) => inner.remove(kind, ids),
    page: async (query) => read("page", () => inner.page(query))(undefined),
    count: (queries) => inner.count(queries),
  };
};
