import { oncecode } from "../contenders/oncecode.ts";
import type { Contest } from "../contest.ts";
import { ordersOf } from "../driving.ts";
import { checkAll, closeAll, entryOf, type Measured, openAll } from "../racing.ts";
import type { Store } from "../stores.ts";

const CALLERS = 64;

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
  open: async ({ vouchers, campaigns, seconds, rounds }) => {
    const counts = [1, campaigns];
    const pool = Math.max(20_000, vouchers / 2);
    const racers = await openAll(
      counts.map((count) => ({ contender: oncecode(store, {}, count), vouchers: pool, callersMax: CALLERS })),
    );
    // An eighth of each campaign may go in a round, so that none runs dry.
    const most = Math.floor(pool / 2 / (rounds + 1));
    return {
      entries: racers.map((racer, i) => {
        const point = pointOf(store, counts[i] ?? 0);
        return entryOf({ ...racer, point, requests: ordersOf(), callers: CALLERS, seconds, most });
      }),
      comparisons: [
        {
          name: `${store.name}, 64 callers: ${campaigns} campaigns to one`,
          of: pointOf(store, campaigns),
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
