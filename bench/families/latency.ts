import type { Contender } from "../contenders/contender.ts";
import type { Contest, Entry } from "../contest.ts";
import { arriving, driven, ordersOf, percentile } from "../driving.ts";
import { checkAll, closeAll, type Measured, openAll, type Racer } from "../racing.ts";
import type { Store } from "../stores.ts";

const PERCENTILES = [50, 90, 99, 99.9];
const PEAK_CALLERS = 64;
/** Requests come at this part of what the slowest of all can do. */
const LOAD = 0.5;

const pointOf = (store: string, contender: Contender, value: number): Measured => ({
  family: "latency",
  store,
  contender: contender.name,
  what: `p${value} at half of the peak rate`,
  unit: "ms",
  at: { axis: "percentile", value },
});

const peakOf = (racer: Racer, seconds: number): Promise<number> =>
  driven({ ...racer, requests: ordersOf(), callers: PEAK_CALLERS, seconds, most: racer.vouchers / 8 });

/**
 * How long a publication takes when requests come at a fixed rate, half of what 64 callers who wait for their answers
 * get out of oncecode, and whoever is compared gets the same rate.
 */
export const latency = (store: Pick<Store, "name" | "missing">, ours: Contender, rival: Contender | null): Contest => ({
  family: "latency",
  store: store.name,
  what: "at half of the peak rate",
  missing: store.missing,
  open: async ({ vouchers, seconds }) => {
    const contenders = rival === null ? [ours] : [ours, rival];
    const racers = await openAll(contenders.map((contender) => ({ contender, vouchers, callersMax: PEAK_CALLERS })));
    let perSecond = 0;
    const warmUp = async (): Promise<void> => {
      const peaks: number[] = [];
      for (const racer of racers) peaks.push(await peakOf(racer, seconds / 2), await peakOf(racer, seconds));
      perSecond = LOAD * (peaks[1] ?? 0);
    };
    const entries = racers.map(
      ({ contender, opened }, i): Entry => ({
        points: PERCENTILES.map((percent) => pointOf(store.name, contender, percent)),
        run: async (isWarmUp) => {
          if (perSecond === 0 || (isWarmUp && i === 0)) await warmUp();
          const time = Math.min(isWarmUp ? seconds : 4 * seconds, vouchers / 16 / perSecond);
          const took = await arriving(opened, ordersOf(), { perSecond, seconds: time });
          return PERCENTILES.map((percent) => percentile(took, percent));
        },
      }),
    );
    return {
      entries,
      comparisons: [
        {
          name: `${store.name}, at half of the peak rate: p99 to p50 of oncecode`,
          of: pointOf(store.name, ours, 99),
          to: pointOf(store.name, ours, 50),
          better: "less",
          aim: { atMost: 4 },
        },
        ...(rival === null
          ? []
          : [50, 99].map((percent) => ({
              name: `${store.name}, at half of the peak rate of oncecode: p${percent} of oncecode to ${rival.name}`,
              of: pointOf(store.name, ours, percent),
              to: pointOf(store.name, rival, percent),
              better: "less" as const,
              aim: null,
            }))),
      ],
      check: () => checkAll(store.name, racers),
      close: () => closeAll(racers),
    };
  },
});
