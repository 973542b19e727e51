import type { Comparison, Measurement } from "../comparison.ts";
import { newOrders, percentile, runClosedLoad, runOpenLoad } from "../load.ts";
import { checkAll, closeAll, openAll, type Participant, type PointDefinition } from "../participants.ts";
import type { Aim } from "../results.ts";
import type { Store } from "../stores.ts";
import type { Subject } from "../subjects/subject.ts";

const PERCENTILES = [50, 90, 99, 99.9];
const PEAK_CALLERS = 64;
/** The rate of requests, as a share of the measured throughput. */
const LOAD_SHARE = 0.5;

/** The rate depends on the subject's own throughput, or on that of the slower of two. */
type RateBasis = "its" | "the lower";

const pointOf = (store: string, subject: Subject, basis: RateBasis, value: number): PointDefinition => ({
  scenario: "latency",
  store,
  subject: subject.name,
  label: `p${value} at half of ${basis} peak rate`,
  unit: "ms",
  at: { axis: "percentile", value },
});

const withoutAxis = (point: PointDefinition): PointDefinition => ({ ...point, at: null });

const measurePeakRate = (participant: Participant, seconds: number): Promise<number> =>
  runClosedLoad({
    ...participant,
    requests: newOrders(),
    callers: PEAK_CALLERS,
    seconds,
    publicationsMax: participant.vouchers / 8,
  });

/**
 * The latency of a publication when requests come at a fixed rate: half of the throughput with 64 waiting callers. Two
 * subjects are compared at half of the throughput of the slower one. At a higher rate, a queue would build up.
 */
export const latency = (
  store: Pick<Store, "name" | "skipReason">,
  oncecode: Subject,
  baseline: Subject | null,
  aim: Aim | null,
): Comparison => ({
  scenario: "latency",
  store: store.name,
  label: "at half of the peak rate",
  skipReason: store.skipReason,
  prepare: async ({ vouchers, seconds }) => {
    const subjects = baseline === null ? [oncecode] : [oncecode, baseline];
    const participants = await openAll(subjects.map((subject) => ({ subject, vouchers, callersMax: PEAK_CALLERS })));
    let peakRates: readonly number[] = [];
    const measurePeakRates = async (): Promise<void> => {
      const rates: number[] = [];
      for (const participant of participants) {
        await measurePeakRate(participant, seconds / 2);
        rates.push(await measurePeakRate(participant, seconds));
      }
      peakRates = rates;
    };
    const measurementAt = ({ subject, target }: Participant, basis: RateBasis): Measurement => ({
      points: PERCENTILES.map((percent) => pointOf(store.name, subject, basis, percent)),
      run: async (isWarmUp) => {
        if (peakRates.length === 0) await measurePeakRates();
        const perSecond = LOAD_SHARE * (basis === "its" ? (peakRates[0] ?? 0) : Math.min(...peakRates));
        const duration = Math.min(isWarmUp ? seconds : 4 * seconds, vouchers / 24 / perSecond);
        const latencies = await runOpenLoad(target, newOrders(), { perSecond, seconds: duration });
        return PERCENTILES.map((percent) => percentile(latencies, percent));
      },
    });
    const ownRateMeasurements = participants.slice(0, 1).map((participant) => measurementAt(participant, "its"));
    const pairMeasurements =
      baseline === null ? [] : participants.map((participant) => measurementAt(participant, "the lower"));
    // A plot has only one rate. With two subjects, it is the rate of their comparison.
    const measurements =
      baseline === null
        ? ownRateMeasurements
        : [
            ...ownRateMeasurements.map((entry) => ({ ...entry, points: entry.points.map(withoutAxis) })),
            ...pairMeasurements,
          ];
    return {
      measurements,
      ratioDefinitions: [
        {
          name: `${store.name}, at half of the peak rate: p99 to p50 of oncecode`,
          dividend: pointOf(store.name, oncecode, "its", 99),
          divisor: pointOf(store.name, oncecode, "its", 50),
          better: "less",
          aim,
        },
        ...(baseline === null
          ? []
          : [50, 99].map((percent) => ({
              name: `${store.name}, at half of the lower peak rate: p${percent} of oncecode to ${baseline.name}`,
              dividend: pointOf(store.name, oncecode, "the lower", percent),
              divisor: pointOf(store.name, baseline, "the lower", percent),
              better: "less" as const,
              aim: null,
            }))),
      ],
      check: () => checkAll(store.name, participants),
      close: () => closeAll(participants),
    };
  },
});
