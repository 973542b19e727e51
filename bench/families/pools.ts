import type { Contender } from "../contenders/contender.ts";
import { oncecode } from "../contenders/oncecode.ts";
import type { Comparison, Contest, Pace } from "../contest.ts";
import { driven, ordersOf } from "../driving.ts";
import { checkAll, closeAll, type Measured, openAll } from "../racing.ts";
import type { Store } from "../stores.ts";

const CALLERS = 64;
const ROUNDS = 9;

/** Short for a power of ten. */
export const short = (size: number): string => `1e${Math.round(Math.log10(size))}`;

const pointOf = (store: Store, contender: Contender, size: number): Measured => ({
  family: "scale",
  store: store.name,
  contender: contender.name,
  what: `a publication from a pool of ${short(size)}`,
  unit: "µs",
  at: { axis: "pool", value: size },
});

const comparisonOf = (
  store: Store,
  contender: Contender,
  isOurs: boolean,
  [least = 0]: readonly number[],
  size: number,
): Comparison => ({
  name: `${store.name}: what a publication costs, pool of ${short(size)} to ${short(least)}, ${contender.name}`,
  of: pointOf(store, contender, size),
  to: pointOf(store, contender, least),
  better: "less",
  aim: isOurs ? { atMost: 1.3 } : null,
});

/** The cost of a publication, from pools of growing size that stay as good as full. */
export const byPool = (store: Store, rival: Contender | null): Contest => ({
  family: "scale",
  store: store.name,
  what: "size of the pool",
  missing: store.missing,
  // The smallest pool has few codes for each, but with so many of them one stall makes no difference.
  rounds: ROUNDS,
  open: async ({ sizes, seconds, isQuick }: Pace) => {
    const contenders = rival === null ? [oncecode(store)] : [oncecode(store), rival];
    const starts = sizes.flatMap((size) =>
      contenders.map((contender) => ({ contender, vouchers: size, callersMax: CALLERS })),
    );
    // The largest first, so that it does not push the others out of a server's memory.
    const racers = (await openAll(starts.toReversed())).toReversed();
    // Connected, and with its statements planned.
    for (const racer of racers)
      await driven({ ...racer, requests: ordersOf(), callers: CALLERS, seconds, most: 4 * CALLERS });
    // Of the smallest pool, too, nearly half is left at the end.
    const most = Math.floor((sizes[0] ?? 0) / 2 / (isQuick ? 1 : ROUNDS));
    return {
      entries: racers.map((racer) => ({
        points: [pointOf(store, racer.contender, racer.vouchers)],
        run: async () => [1e6 / (await driven({ ...racer, requests: ordersOf(), callers: CALLERS, seconds, most }))],
      })),
      comparisons: contenders.flatMap((contender, i) =>
        sizes.slice(1).map((size) => comparisonOf(store, contender, i === 0, sizes, size)),
      ),
      check: () => checkAll(store.name, racers),
      close: () => closeAll(racers),
    };
  },
});
