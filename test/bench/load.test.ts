import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { memoryByHand } from "../../bench/baselines/memory-by-hand.ts";
import { newOrders, percentile, runClosedLoad, runOpenLoad } from "../../bench/load.ts";
import { checkAll } from "../../bench/participants.ts";
import type { Request, Subject, Target } from "../../bench/subjects/subject.ts";

/** A target with this `publish`. */
const targetWith = (publish: (requests: readonly Request[]) => Promise<readonly (readonly string[])[]>): Target => ({
  codes: async () => [],
  publish,
  tally: async () => ({ published: 0, distinct: 0, left: 0 }),
  close: async () => undefined,
});

describe("requests at a fixed rate", () => {
  it("are timed from when they were due, so that a stall counts for all requests that waited", async () => {
    let requestCount = 0;
    let stall: Promise<void> | null = null;
    const target = targetWith(async (requests) => {
      requestCount += 1;
      if (requestCount === 10) stall = setTimeout(200);
      await stall;
      return requests.map(() => ["code"]);
    });
    const latencies = await runOpenLoad(target, newOrders(), { perSecond: 200, seconds: 0.5 });
    expect(latencies).toHaveLength(100);
    // At 200 a second some forty were due in those 200 ms.
    expect(latencies.filter((milliseconds) => milliseconds > 50).length).toBeGreaterThan(20);
    expect(percentile(latencies, 50)).toBeLessThan(percentile(latencies, 99));
  });

  it("are sent even if earlier requests have no answer", async () => {
    let [under, most] = [0, 0];
    const target = targetWith(async (requests) => {
      under += 1;
      most = Math.max(most, under);
      await setTimeout(100);
      under -= 1;
      return requests.map(() => ["code"]);
    });
    await runOpenLoad(target, newOrders(), { perSecond: 200, seconds: 0.3 });
    expect(most).toBeGreaterThan(10);
  });
});

describe("percentiles", () => {
  it("are measured figures", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([50, 90, 99, 99.9].map((percent) => percentile(hundred, percent))).toEqual([50, 90, 99, 100]);
  });
});

describe("callers", () => {
  const load = { subject: memoryByHand, requests: newOrders(), callers: 8, seconds: 10, publicationsMax: 50 };

  it("publish the requested number of times", async () => {
    const target = await memoryByHand.open({ vouchers: 100, callersMax: 8 });
    await runClosedLoad({ ...load, target });
    expect(await target.tally()).toEqual({ published: 50, distinct: 50, left: 50 });
  });

  it("do not accept an answer with too few codes", async () => {
    const target = targetWith(async (requests) => requests.map(() => []));
    await expect(runClosedLoad({ ...load, target })).rejects.toThrow("1 codes were asked for");
  });
});

describe("the check after a run", () => {
  type Tally = Awaited<ReturnType<Target["tally"]>>;
  const participant = (subject: Subject, tally: Tally, acknowledged = tally.published) => ({
    subject,
    vouchers: 100,
    acknowledgedCodes: () => acknowledged,
    target: { ...targetWith(async () => []), tally: async () => tally },
  });

  it("fails if a code was published twice, or is neither published nor in the pool", async () => {
    const twice = participant(memoryByHand, { published: 51, distinct: 50, left: 50 });
    await expect(checkAll("Memory", [twice])).rejects.toThrow("published 51, 50 different ones");
    const lost = participant(memoryByHand, { published: 50, distinct: 50, left: 49 });
    await expect(checkAll("Memory", [lost])).rejects.toThrow("49 left of 100");
    const right = participant(memoryByHand, { published: 50, distinct: 50, left: 50 });
    expect(await checkAll("Memory", [right])).toEqual([]);
  });

  it("fails if a confirmed code is not stored", async () => {
    const forgetful = participant(memoryByHand, { published: 50, distinct: 50, left: 50 }, 51);
    await expect(checkAll("Memory", [forgetful])).rejects.toThrow("acknowledged 51 codes, published 50");
  });

  it("counts repeated codes of subjects that are known to repeat them", async () => {
    const careless = { ...memoryByHand, mayRepeatCodes: true };
    const [point] = await checkAll("Memory", [participant(careless, { published: 100, distinct: 75, left: 25 })]);
    expect(point).toMatchObject({ unit: "duplicates", rounds: [0.25] });
  });
});
