import type { Contender } from "../contenders/contender.ts";
import { oncecode } from "../contenders/oncecode.ts";
import type { Contest } from "../contest.ts";
import { driven, ordersOf } from "../driving.ts";
import { checkAll, closeAll, flush, type Measured, openAll, type Racer } from "../racing.ts";
import type { Store } from "../stores.ts";

const CALLERS = 64;
/** Codes in a publication that only empties the pool: the most that there are in one. */
const HANDFUL = 50;
/** Which part of the pool is given out when a measurement begins. */
const LEVELS = [0, 0.9, 0.99, 0.999, 0.9999];
/** Beyond it nothing is hoped for: fewer are left than there are callers, who do not fill a call then. */
const HOPED_FOR = 0.999;
const FOREVER = 3600;

const pointOf = (store: Store, contender: Contender, level: number): Measured => ({
  family: "scale",
  store: store.name,
  contender: contender.name,
  what: `a publication when ${level * 100} % is given out`,
  unit: "µs",
  at: { axis: "depletion", value: level },
});

/** Empties the pool until so much of it is given out. */
const deplete = async (racer: Racer, given: number, level: number): Promise<number> => {
  const count = Math.floor((level * racer.vouchers - given) / HANDFUL);
  if (count <= 0) return given;
  await driven({ ...racer, requests: ordersOf(HANDFUL), callers: 16, seconds: FOREVER, most: count });
  await flush();
  return given + count * HANDFUL;
};

/** The cost of a publication from one pool, from the first code to the last ones. */
export const byDepletion = (store: Store): Contest => ({
  family: "scale",
  store: store.name,
  what: "depletion of the pool",
  missing: store.missing,
  rounds: 3,
  open: async ({ vouchers }) => {
    const ours = oncecode(store);
    const size = 5 * vouchers;
    const racers: Racer[] = [];
    let [racer, given]: [Racer | null, number] = [null, 0];

    /** A round begins with a pool of its own. */
    const at = async (level: number): Promise<Racer> => {
      if (level > 0 && racer !== null) return racer;
      if (racer !== null) {
        await checkAll(store.name, [racer]);
        racers.length = 0;
        await closeAll([racer]);
      }
      const [fresh] = await openAll([{ contender: ours, vouchers: size, callersMax: CALLERS }]);
      if (fresh === undefined) throw new Error("A pool was not opened");
      [racer, given] = [fresh, 0];
      racers.splice(0, racers.length, fresh);
      // Everything is loaded and planned when the first measurement begins.
      await driven({ ...fresh, requests: ordersOf(), callers: CALLERS, seconds: FOREVER, most: size / 200 });
      given += Math.floor(size / 200);
      return fresh;
    };

    return {
      entries: LEVELS.map((level) => ({
        points: [pointOf(store, ours, level)],
        run: async () => {
          const pool = await at(level);
          given = await deplete(pool, given, level);
          const most = Math.floor(Math.min(size / 200, 0.9 * (size - given)));
          const speed = await driven({ ...pool, requests: ordersOf(), callers: CALLERS, seconds: FOREVER, most });
          given += most;
          return [1e6 / speed];
        },
      })),
      comparisons: LEVELS.slice(1).map((level) => ({
        name: `${store.name}: what a publication costs, ${level * 100} % given out to a full pool`,
        of: pointOf(store, ours, level),
        to: pointOf(store, ours, 0),
        better: "less",
        aim: level <= HOPED_FOR ? { atMost: 1.5 } : null,
      })),
      check: () => checkAll(store.name, racers),
      close: () => closeAll(racers),
    };
  },
});
