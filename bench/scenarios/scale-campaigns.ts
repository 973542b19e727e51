import type { Comparison } from "../comparison.ts";
import { newOrders } from "../load.ts";
import { checkAll, closeAll, openAll, type PointDefinition, throughputMeasurement } from "../participants.ts";
import type { Store } from "../stores.ts";
import { oncecode } from "../subjects/oncecode.ts";

const CALLERS = 64;

const pointOf = (store: Store, campaigns: number): PointDefinition => ({
  scenario: "scale",
  store: store.name,
  subject: "oncecode",
  label: `64 callers, ${campaigns === 1 ? "one campaign" : `${campaigns} campaigns`}`,
  unit: "per second",
  at: null,
});

/** The same number of vouchers in one campaign and in many. The publications take turns among the campaigns. */
export const byCampaigns = (store: Store): Comparison => ({
  scenario: "scale",
  store: store.name,
  label: "number of campaigns",
  skipReason: store.skipReason,
  prepare: async ({ vouchers, campaigns, seconds, rounds }) => {
    const counts = [1, campaigns];
    const pool = Math.max(20_000, vouchers / 2);
    const participants = await openAll(
      counts.map((count) => ({ subject: oncecode(store, {}, count), vouchers: pool, callersMax: CALLERS })),
    );
    // A round publishes at most an eighth of each campaign, so that no pool becomes empty.
    const publicationsMax = Math.floor(pool / 2 / (rounds + 1));
    return {
      measurements: participants.map((participant, i) => {
        const point = pointOf(store, counts[i] ?? 0);
        return throughputMeasurement({
          ...participant,
          point,
          requests: newOrders(),
          callers: CALLERS,
          seconds,
          publicationsMax,
        });
      }),
      ratioDefinitions: [
        {
          name: `${store.name}, 64 callers: ${campaigns} campaigns to one`,
          dividend: pointOf(store, campaigns),
          divisor: pointOf(store, 1),
          better: "more",
          aim: null,
        },
      ],
      check: () => checkAll(store.name, participants),
      close: () => closeAll(participants),
    };
  },
});
