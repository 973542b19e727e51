import type { Comparison, PreparedComparison, Profile, RatioDefinition } from "../comparison.ts";
import { newOrders } from "../load.ts";
import { checkAll, closeAll, openAll, type PointDefinition, throughputMeasurement } from "../participants.ts";
import type { Aim } from "../results.ts";
import type { Store } from "../stores.ts";
import type { Subject } from "../subjects/subject.ts";

/** The store of a comparison. */
type StoreLabel = Pick<Store, "name" | "skipReason">;

/** The baselines of a store, and the aims. */
export interface Baselines {
  readonly baselines: readonly Subject[];
  readonly aims: readonly BaselineAim[];
}

/** The smallest ratio of oncecode to a baseline with `callers` callers. */
interface BaselineAim {
  readonly baseline: string;
  readonly callers: number;
  readonly aim: Aim;
}

const CALLERS = [1, 8, 64, 256];
const QUICK_CALLERS = [1, 64];
/** More connections would only wait for each other in the server. With more callers, several share one. */
const CONNECTIONS_MAX = 64;
/** The largest number of callers for a subject whose time grows with the pool. */
const SLOW_CALLERS_MAX = 8;
const SCENARIO = "publish";

const callersOf = ({ batchSize, isSlow }: Subject, { isQuick }: Profile): readonly number[] =>
  (isQuick ? QUICK_CALLERS : CALLERS).filter(
    (callers) => callers >= batchSize && (isSlow !== true || callers <= SLOW_CALLERS_MAX),
  );

const pointOf = (store: StoreLabel, subject: Subject, callers: number): PointDefinition => ({
  scenario: SCENARIO,
  store: store.name,
  subject: subject.name,
  label: `${callers} ${callers === 1 ? "caller" : "callers"}`,
  unit: "per second",
  at: { axis: "callers", value: callers },
});

const ratioDefinitions = (
  store: StoreLabel,
  { baselines, aims }: Baselines,
  oncecode: Subject,
  profile: Profile,
): readonly RatioDefinition[] =>
  baselines.flatMap((baseline) =>
    callersOf(baseline, profile).map((callers): RatioDefinition => {
      const aim = aims.find((one) => one.baseline === baseline.name && one.callers === callers)?.aim ?? null;
      const name = `${store.name}, ${callers} ${callers === 1 ? "caller" : "callers"}: oncecode to ${baseline.name}`;
      return {
        name,
        dividend: pointOf(store, oncecode, callers),
        divisor: pointOf(store, baseline, callers),
        better: "more",
        aim,
      };
    }),
  );

/** Publications of one code by a growing number of callers. */
export const byCallers = (store: StoreLabel, oncecode: Subject, baselines: Baselines): Comparison => ({
  scenario: SCENARIO,
  store: store.name,
  label: "callers",
  skipReason: store.skipReason,
  prepare: async (profile): Promise<PreparedComparison> => {
    const { vouchers, seconds, rounds } = profile;
    const participants = await openAll(
      [oncecode, ...baselines.baselines].map((subject) => ({
        subject,
        vouchers,
        callersMax: CONNECTIONS_MAX,
      })),
    );
    const publicationsMax = Math.floor(vouchers / CALLERS.length / (rounds + 1));
    const measurements = CALLERS.flatMap((callers) =>
      participants
        .filter(({ subject }) => callersOf(subject, profile).includes(callers))
        .map((participant) => {
          const point = pointOf(store, participant.subject, callers);
          return throughputMeasurement({
            ...participant,
            point,
            callers,
            requests: newOrders(),
            seconds,
            publicationsMax,
          });
        }),
    );
    return {
      measurements,
      ratioDefinitions: ratioDefinitions(store, baselines, oncecode, profile),
      check: () => checkAll(store.name, participants),
      close: () => closeAll(participants),
    };
  },
});
