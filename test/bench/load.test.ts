import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Contender, Opened, Request } from "../../bench/contenders/contender.ts";
import { memoryByHand } from "../../bench/contenders/memory-by-hand.ts";
import { arriving, driven, ordersOf, percentile } from "../../bench/driving.ts";
import { checkAll } from "../../bench/racing.ts";

/** Gives whatever `publish` gives. */
const answering = (publish: (requests: readonly Request[]) => Promise<readonly (readonly string[])[]>): Opened => ({
  codes: async () => [],
  publish,
  tally: async () => ({ published: 0, distinct: 0, left: 0 }),
  close: async () => undefined,
});

describe("requests at a fixed rate", () => {
  it("are timed from when they were due, so that a stall counts for all who waited through it", async () => {
    let asked = 0;
    let stall: Promise<void> | null = null;
    const opened = answering(async (requests) => {
      asked += 1;
      if (asked === 10) stall = setTimeout(200);
      await stall;
      return requests.map(() => ["code"]);
    });
    const took = await arriving(opened, ordersOf(), { perSecond: 200, seconds: 0.5 });
    expect(took).toHaveLength(100);
    // At 200 a second some forty were due in those 200 ms.
    expect(took.filter((milliseconds) => milliseconds > 50).length).toBeGreaterThan(20);
    expect(percentile(took, 50)).toBeLessThan(percentile(took, 99));
  });

  it("are sent whether or not those before are answered", async () => {
    let [under, most] = [0, 0];
    const opened = answering(async (requests) => {
      under += 1;
      most = Math.max(most, under);
      await setTimeout(100);
      under -= 1;
      return requests.map(() => ["code"]);
    });
    await arriving(opened, ordersOf(), { perSecond: 200, seconds: 0.3 });
    expect(most).toBeGreaterThan(10);
  });
});

describe("percentiles", () => {
  it("are figures that were measured", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([50, 90, 99, 99.9].map((percent) => percentile(hundred, percent))).toEqual([50, 90, 99, 100]);
  });
});

describe("callers", () => {
  const drive = { contender: memoryByHand, requests: ordersOf(), callers: 8, seconds: 10, most: 50 };

  it("publish as often as was asked for, and no more", async () => {
    const opened = await memoryByHand.open({ vouchers: 100, callersMax: 8 });
    await driven({ ...drive, opened });
    expect(await opened.tally()).toEqual({ published: 50, distinct: 50, left: 50 });
  });

  it("do not take fewer codes for an answer", async () => {
    const opened = answering(async (requests) => requests.map(() => []));
    await expect(driven({ ...drive, opened })).rejects.toThrow("1 codes were asked for");
  });
});

describe("the check after a run", () => {
  type Told = Awaited<ReturnType<Opened["tally"]>>;
  const racer = (contender: Contender, tally: Told, acknowledged = tally.published) => ({
    contender,
    vouchers: 100,
    acknowledged: () => acknowledged,
    opened: { ...answering(async () => []), tally: async () => tally },
  });

  it("fails where a code went out twice, or is neither published nor left", async () => {
    const twice = racer(memoryByHand, { published: 51, distinct: 50, left: 50 });
    await expect(checkAll("Memory", [twice])).rejects.toThrow("published 51, 50 different ones");
    const lost = racer(memoryByHand, { published: 50, distinct: 50, left: 49 });
    await expect(checkAll("Memory", [lost])).rejects.toThrow("49 left of 100");
    const right = racer(memoryByHand, { published: 50, distinct: 50, left: 50 });
    expect(await checkAll("Memory", [right])).toEqual([]);
  });

  it("fails where a code that was acknowledged is not stored", async () => {
    const forgetful = racer(memoryByHand, { published: 50, distinct: 50, left: 50 }, 51);
    await expect(checkAll("Memory", [forgetful])).rejects.toThrow("acknowledged 51 codes, published 50");
  });

  it("counts how often a code went out again, of those that are known to do it", async () => {
    const careless = { ...memoryByHand, givesTwice: true };
    const [point] = await checkAll("Memory", [racer(careless, { published: 100, distinct: 75, left: 25 })]);
    expect(point).toMatchObject({ unit: "duplicates", rounds: [0.25] });
  });
});
