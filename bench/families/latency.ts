import type { Contender } from "../contenders/contender.ts";
import type { Contest, Entry } from "../contest.ts";
import { arriving, driven, ordersOf, percentile } from "../driving.ts";
import { checkAll, closeAll, type Measured, openAll, type Racer } from "../racing.ts";
import type { Aim } from "../results.ts";
import type { Store } from "../stores.ts";

const PERCENTILES = [50, 90, 99, 99.9];
const PEAK_CALLERS = 64;
/** Requests come at this part of the most that can be done. */
const LOAD = 0.5;

/** At half of one's own peak, or of that of the slower of two. */
type Rate = "its" | "the lower";

const pointOf = (store: string, contender: Contender, rate: Rate, value: number): Measured => ({
  family: "latency",
  store,
  contender: contender.name,
  what: `p${value} at half of ${rate} peak rate`,
  unit: "ms",
  at: { axis: "percentile", value },
});

const unplotted = (point: Measured): Measured => ({ ...point, at: null });

const peakOf = (racer: Racer, seconds: number): Promise<number> =>
  driven({ ...racer, requests: ordersOf(), callers: PEAK_CALLERS, seconds, most: racer.vouchers / 8 });

/**
 * How long a publication takes when requests come at a fixed rate: half of what 64 callers who wait for their answers get
 * out of it. Two are compared at half of what the slower of them can do: beyond that, a queue would be measured.
 */
export const latency = (
  store: Pick<Store, "name" | "missing">,
  ours: Contender,
  rival: Contender | null,
  aim: Aim | null,
): Contest => ({
  family: "latency",
  store: store.name,
  what: "at half of the peak rate",
  missing: store.missing,
  open: async ({ vouchers, seconds }) => {
    const contenders = rival === null ? [ours] : [ours, rival];
    const racers = await openAll(contenders.map((contender) => ({ contender, vouchers, callersMax: PEAK_CALLERS })));
    let peaks: readonly number[] = [];
    const warmUp = async (): Promise<void> => {
      const all: number[] = [];
      for (const racer of racers) {
        await peakOf(racer, seconds / 2);
        all.push(await peakOf(racer, seconds));
      }
      peaks = all;
    };
    const entryOf = ({ contender, opened }: Racer, rate: Rate): Entry => ({
      points: PERCENTILES.map((percent) => pointOf(store.name, contender, rate, percent)),
      run: async (isWarmUp) => {
        if (peaks.length === 0) await warmUp();
        const perSecond = LOAD * (rate === "its" ? (peaks[0] ?? 0) : Math.min(...peaks));
        const time = Math.min(isWarmUp ? seconds : 4 * seconds, vouchers / 24 / perSecond);
        const took = await arriving(opened, ordersOf(), { perSecond, seconds: time });
        return PERCENTILES.map((percent) => percentile(took, percent));
      },
    });
    const own = racers.slice(0, 1).map((racer) => entryOf(racer, "its"));
    const beside = rival === null ? [] : racers.map((racer) => entryOf(racer, "the lower"));
    // One plot has only one rate in it: that at which two are compared, if there are two.
    const entries =
      rival === null ? own : [...own.map((entry) => ({ ...entry, points: entry.points.map(unplotted) })), ...beside];
    return {
      entries,
      comparisons: [
        {
          name: `${store.name}, at half of the peak rate: p99 to p50 of oncecode`,
          of: pointOf(store.name, ours, "its", 99),
          to: pointOf(store.name, ours, "its", 50),
          better: "less",
          aim,
        },
        ...(rival === null
          ? []
          : [50, 99].map((percent) => ({
              name: `${store.name}, at half of the lower peak rate: p${percent} of oncecode to ${rival.name}`,
              of: pointOf(store.name, ours, "the lower", percent),
              to: pointOf(store.name, rival, "the lower", percent),
              better: "less" as const,
              aim: null,
            }))),
      ],
      check: () => checkAll(store.name, racers),
      close: () => closeAll(racers),
    };
  },
});
