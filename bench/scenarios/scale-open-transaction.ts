import { setTimeout } from "node:timers/promises";
import type { Comparison, Measurement } from "../comparison.ts";
import { newOrders, runClosedLoad } from "../load.ts";
import { checkAll, closeAll, openAll, type Participant, type PointDefinition } from "../participants.ts";
import type { Store } from "../stores.ts";
import { oncecode } from "../subjects/oncecode.ts";
import type { Subject } from "../subjects/subject.ts";

const CALLERS = 64;

/** A long transaction. While it is open, the server cannot remove old versions of rows. */
export type OpenTransaction = () => Promise<{ end(): Promise<void> }>;

const pointOf = (store: Store, subject: Subject, isTransactionOpen: boolean): PointDefinition => ({
  scenario: "scale",
  store: store.name,
  subject: subject.name,
  label: isTransactionOpen ? "64 callers, during a long transaction" : "64 callers, without a long transaction",
  unit: "per second",
  at: null,
});

/** Publishes while a long transaction is open. A walk must then pass the old versions of published vouchers. */
export const duringOpenTransaction = (
  store: Store,
  openTransaction: OpenTransaction,
  baselines: readonly Subject[],
): Comparison => ({
  scenario: "scale",
  store: store.name,
  label: "a long transaction",
  skipReason: store.skipReason,
  rounds: 1,
  prepare: async ({ vouchers, seconds, openTransactionSeconds }) => {
    const subjects = [oncecode(store), ...baselines];
    const pool = 4 * vouchers;
    // There is only one round, so each measurement is longer.
    const measuredSeconds = 4 * seconds;
    const participants = await openAll(subjects.map((subject) => ({ subject, vouchers: pool, callersMax: CALLERS })));
    const runLoad = (participant: Participant, duration: number): Promise<number> =>
      runClosedLoad({
        ...participant,
        requests: newOrders(),
        callers: CALLERS,
        seconds: duration,
        publicationsMax: pool / 5,
      });
    const measurements = participants.map(
      (participant): Measurement => ({
        points: [pointOf(store, participant.subject, false), pointOf(store, participant.subject, true)],
        run: async () => {
          await runLoad(participant, seconds / 4);
          const before = await runLoad(participant, measuredSeconds);
          const transaction = await openTransaction();
          try {
            const start = performance.now();
            await runLoad(participant, openTransactionSeconds / 2);
            await setTimeout(
              Math.max(0, 1000 * (openTransactionSeconds - measuredSeconds) - (performance.now() - start)),
            );
            return [before, await runLoad(participant, measuredSeconds)];
          } finally {
            await transaction.end();
          }
        },
      }),
    );
    return {
      measurements,
      ratioDefinitions: subjects.map((subject, i) => ({
        name: `${store.name}, 64 callers: during a long transaction, to before, ${subject.name}`,
        dividend: pointOf(store, subject, true),
        divisor: pointOf(store, subject, false),
        better: "more" as const,
        aim: i === 0 ? { atLeast: 0.67 } : null,
      })),
      check: () => checkAll(store.name, participants),
      close: () => closeAll(participants),
    };
  },
});
