import { oncecode } from "../contenders/oncecode.ts";
import type { Contest } from "../contest.ts";
import { ordersOf } from "../driving.ts";
import { checkAll, closeAll, entryOf, type Measured, openAll } from "../racing.ts";
import type { Store } from "../stores.ts";

const CALLERS = 64;
const COUNTS = [1, 1000];

const pointOf = (store: Store, campaigns: number): Measured => ({
  family: "scale",
  store: store.name,
  contender: "oncecode",
  what: `64 callers, ${campaigns === 1 ? "one campaign" : `${campaigns} campaigns`}`,
  unit: "per second",
  at: null,
});

/** The same vouchers, in one campaign and in many, from each of which one publishes in turn. */
export const byCampaigns = (store: Store): Contest => ({
  family: "scale",
  store: store.name,
  what: "number of campaigns",
  missing: store.missing,
  open: async ({ vouchers, seconds, rounds }) => {
    const pool = Math.max(20_000, vouchers / 2);
    const racers = await openAll(
      COUNTS.map((campaigns) => ({ contender: oncecode(store, {}, campaigns), vouchers: pool, callersMax: CALLERS })),
    );
    // An eighth of each campaign may go in a round, so that none runs dry.
    const most = Math.floor(pool / 2 / (rounds + 1));
    return {
      entries: racers.map((racer, i) => {
        const point = pointOf(store, COUNTS[i] ?? 0);
        return entryOf({ ...racer, point, requests: ordersOf(), callers: CALLERS, seconds, most });
      }),
      comparisons: [
        {
          name: `${store.name}, 64 callers: a thousand campaigns to one`,
          of: pointOf(store, 1000),
          to: pointOf(store, 1),
          better: "more",
          aim: null,
        },
      ],
      check: () => checkAll(store.name, racers),
      close: () => closeAll(racers),
    };
  },
});
