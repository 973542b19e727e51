import type { Comparison, Profile, RatioDefinition } from "../comparison.ts";
import { newOrders, runClosedLoad } from "../load.ts";
import { checkAll, closeAll, openAll, type PointDefinition } from "../participants.ts";
import type { Store } from "../stores.ts";
import { oncecode } from "../subjects/oncecode.ts";
import type { Subject } from "../subjects/subject.ts";

const CALLERS = 64;
const ROUNDS = 9;

/** A power of ten as a short text, such as `1e6`. */
export const powerOfTen = (size: number): string => `1e${Math.round(Math.log10(size))}`;

const pointOf = (store: Store, subject: Subject, size: number): PointDefinition => ({
  scenario: "scale",
  store: store.name,
  subject: subject.name,
  label: `a publication from a pool of ${powerOfTen(size)}`,
  unit: "µs",
  at: { axis: "pool", value: size },
});

const ratioDefinition = (
  store: Store,
  subject: Subject,
  isOncecode: boolean,
  [smallest = 0]: readonly number[],
  size: number,
): RatioDefinition => ({
  name: `${store.name}: cost of a publication, pool of ${powerOfTen(size)} to ${powerOfTen(smallest)}, ${subject.name}`,
  dividend: pointOf(store, subject, size),
  divisor: pointOf(store, subject, smallest),
  better: "less",
  aim: isOncecode ? { atMost: 1.3 } : null,
});

/** The cost of a publication, from pools of growing size that stay nearly full. */
export const byPoolSize = (store: Store, baseline: Subject | null): Comparison => ({
  scenario: "scale",
  store: store.name,
  label: "size of the pool",
  skipReason: store.skipReason,
  // The smallest pool has few codes for each round. With many rounds, one stall makes no difference.
  rounds: ROUNDS,
  prepare: async ({ sizes, seconds, isQuick }: Profile) => {
    const subjects = baseline === null ? [oncecode(store)] : [oncecode(store), baseline];
    const options = sizes.flatMap((size) =>
      subjects.map((subject) => ({ subject, vouchers: size, callersMax: CALLERS })),
    );
    // The largest pool is filled first. Otherwise it would push the others out of the server's memory.
    const participants = (await openAll(options.toReversed())).toReversed();
    // Connects and plans the statements.
    for (const participant of participants)
      await runClosedLoad({
        ...participant,
        requests: newOrders(),
        callers: CALLERS,
        seconds,
        publicationsMax: 4 * CALLERS,
      });
    // Even the smallest pool is nearly half full at the end.
    const publicationsMax = Math.floor((sizes[0] ?? 0) / 2 / (isQuick ? 1 : ROUNDS));
    return {
      measurements: participants.map((participant) => ({
        points: [pointOf(store, participant.subject, participant.vouchers)],
        run: async () => [
          1e6 /
            (await runClosedLoad({
              ...participant,
              requests: newOrders(),
              callers: CALLERS,
              seconds,
              publicationsMax,
            })),
        ],
      })),
      ratioDefinitions: subjects.flatMap((subject, i) =>
        sizes.slice(1).map((size) => ratioDefinition(store, subject, i === 0, sizes, size)),
      ),
      check: () => checkAll(store.name, participants),
      close: () => closeAll(participants),
    };
  },
});
