import type { Contender } from "../contenders/contender.ts";
import type { Arena, Comparison, Contest, Pace } from "../contest.ts";
import { ordersOf } from "../driving.ts";
import { checkAll, closeAll, entryOf, type Measured, openAll } from "../racing.ts";
import type { Aim } from "../results.ts";
import type { Store } from "../stores.ts";

/** Where it is measured. */
type Place = Pick<Store, "name" | "missing">;

/** What a store is measured against, and what is hoped for. */
export interface Rivals {
  readonly byHand: readonly Contender[];
  readonly aims: readonly RivalAim[];
}

/** How many times as fast as a rival oncecode should be with so many callers. */
interface RivalAim {
  readonly rival: string;
  readonly callers: number;
  readonly aim: Aim;
}

const CALLERS = [1, 8, 64, 256];
const QUICK = [1, 64];
/** More would only wait for each other inside a server, so that more callers than these share them. */
const CONNECTIONS = 64;
/** Most that wait for a contender whose every answer takes as long as the pool is large. */
const SLOW = 8;
const FAMILY = "publish";

const callersOf = ({ batch, isSlow }: Contender, { isQuick }: Pace): readonly number[] =>
  (isQuick ? QUICK : CALLERS).filter((callers) => callers >= batch && (isSlow !== true || callers <= SLOW));

const pointOf = (store: Place, contender: Contender, callers: number): Measured => ({
  family: FAMILY,
  store: store.name,
  contender: contender.name,
  what: `${callers} ${callers === 1 ? "caller" : "callers"}`,
  unit: "per second",
  at: { axis: "callers", value: callers },
});

const comparisonsOf = (store: Place, { byHand, aims }: Rivals, ours: Contender, pace: Pace): readonly Comparison[] =>
  byHand.flatMap((rival) =>
    callersOf(rival, pace).map((callers): Comparison => {
      const aim = aims.find((one) => one.rival === rival.name && one.callers === callers)?.aim ?? null;
      const name = `${store.name}, ${callers} ${callers === 1 ? "caller" : "callers"}: oncecode to ${rival.name}`;
      return { name, of: pointOf(store, ours, callers), to: pointOf(store, rival, callers), better: "more", aim };
    }),
  );

/** More and more callers, each of which wants one code of a campaign for a customer and an order. */
export const byCallers = (store: Place, ours: Contender, rivals: Rivals): Contest => ({
  family: FAMILY,
  store: store.name,
  what: "callers",
  missing: store.missing,
  open: async (pace): Promise<Arena> => {
    const { vouchers, seconds, rounds } = pace;
    const racers = await openAll(
      [ours, ...rivals.byHand].map((contender) => ({ contender, vouchers, callersMax: CONNECTIONS })),
    );
    const most = Math.floor(vouchers / CALLERS.length / (rounds + 1));
    const entries = CALLERS.flatMap((callers) =>
      racers
        .filter(({ contender }) => callersOf(contender, pace).includes(callers))
        .map((racer) => {
          const point = pointOf(store, racer.contender, callers);
          return entryOf({ ...racer, point, callers, requests: ordersOf(), seconds, most });
        }),
    );
    return {
      entries,
      comparisons: comparisonsOf(store, rivals, ours, pace),
      check: () => checkAll(store.name, racers),
      close: () => closeAll(racers),
    };
  },
});
