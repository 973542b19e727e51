import { setTimeout } from "node:timers/promises";
import type { Contender } from "../contenders/contender.ts";
import { oncecode } from "../contenders/oncecode.ts";
import type { Contest, Entry } from "../contest.ts";
import { driven, ordersOf } from "../driving.ts";
import { checkAll, closeAll, type Measured, openAll, type Racer } from "../racing.ts";
import type { Store } from "../stores.ts";

const CALLERS = 64;

/** Somebody who holds a transaction open, so that the rows that others have changed cannot be cleared away. */
export type Holder = () => Promise<{ end(): Promise<void> }>;

const pointOf = (store: Store, contender: Contender, isHeld: boolean): Measured => ({
  family: "scale",
  store: store.name,
  contender: contender.name,
  what: isHeld ? "64 callers, while somebody holds a transaction open" : "64 callers, nobody holds a transaction open",
  unit: "per second",
  at: null,
});

/** Publishes on while somebody holds a transaction open: all that is given out then stays in the way of who walks along. */
export const whileHeld = (store: Store, hold: Holder, rivals: readonly Contender[]): Contest => ({
  family: "scale",
  store: store.name,
  what: "a transaction that is held open",
  missing: store.missing,
  rounds: 1,
  open: async ({ vouchers, seconds, held }) => {
    const contenders = [oncecode(store), ...rivals];
    const pool = 4 * vouchers;
    // There is one round only, so that each measurement is longer.
    const measured = 4 * seconds;
    const racers = await openAll(contenders.map((contender) => ({ contender, vouchers: pool, callersMax: CALLERS })));
    const drive = (racer: Racer, time: number): Promise<number> =>
      driven({ ...racer, requests: ordersOf(), callers: CALLERS, seconds: time, most: pool / 5 });
    const entries = racers.map(
      (racer): Entry => ({
        points: [pointOf(store, racer.contender, false), pointOf(store, racer.contender, true)],
        run: async () => {
          await drive(racer, seconds / 4);
          const before = await drive(racer, measured);
          const holder = await hold();
          try {
            const begun = performance.now();
            await drive(racer, held / 2);
            await setTimeout(Math.max(0, 1000 * (held - measured) - (performance.now() - begun)));
            return [before, await drive(racer, measured)];
          } finally {
            await holder.end();
          }
        },
      }),
    );
    return {
      entries,
      comparisons: contenders.map((contender, i) => ({
        name: `${store.name}, 64 callers: while a transaction is held open, to before, ${contender.name}`,
        of: pointOf(store, contender, true),
        to: pointOf(store, contender, false),
        better: "more" as const,
        aim: i === 0 ? { atLeast: 0.67 } : null,
      })),
      check: () => checkAll(store.name, racers),
      close: () => closeAll(racers),
    };
  },
});
