import type { Comparison } from "../comparison.ts";
import { newOrders, runClosedLoad } from "../load.ts";
import { checkAll, closeAll, flush, openAll, type Participant, type PointDefinition } from "../participants.ts";
import type { Store } from "../stores.ts";
import { oncecode } from "../subjects/oncecode.ts";
import type { Subject } from "../subjects/subject.ts";

const CALLERS = 64;
/** The codes of a publication that only empties the pool: the largest allowed number. */
const CODES_PER_PUBLICATION = 50;
/** The published share of the pool at the beginning of a measurement. */
const LEVELS = [0, 0.9, 0.99, 0.999, 0.9999];
/** Above this share there is no aim: the pool has fewer codes than callers, so batches are smaller. */
const AIM_LEVEL_MAX = 0.999;
const NO_TIME_LIMIT = 3600;

const pointOf = (store: Store, subject: Subject, level: number): PointDefinition => ({
  scenario: "scale",
  store: store.name,
  subject: subject.name,
  label: `a publication with ${level * 100} % published`,
  unit: "µs",
  at: { axis: "depletion", value: level },
});

/** Publishes until the published share is `level`. */
const deplete = async (participant: Participant, publishedCodes: number, level: number): Promise<number> => {
  const count = Math.floor((level * participant.vouchers - publishedCodes) / CODES_PER_PUBLICATION);
  if (count <= 0) return publishedCodes;
  await runClosedLoad({
    ...participant,
    requests: newOrders(CODES_PER_PUBLICATION),
    callers: 16,
    seconds: NO_TIME_LIMIT,
    publicationsMax: count,
  });
  await flush();
  return publishedCodes + count * CODES_PER_PUBLICATION;
};

/** The cost of a publication, from the first code of a pool to the last ones. */
export const byDepletion = (store: Store): Comparison => ({
  scenario: "scale",
  store: store.name,
  label: "depletion of the pool",
  skipReason: store.skipReason,
  rounds: 3,
  prepare: async ({ vouchers }) => {
    const subject = oncecode(store);
    const size = 5 * vouchers;
    const participants: Participant[] = [];
    let [participant, publishedCodes]: [Participant | null, number] = [null, 0];

    /** Each round begins with a new pool. */
    const participantAt = async (level: number): Promise<Participant> => {
      if (level > 0 && participant !== null) return participant;
      if (participant !== null) {
        await checkAll(store.name, [participant]);
        participants.length = 0;
        await closeAll([participant]);
      }
      const [newParticipant] = await openAll([{ subject, vouchers: size, callersMax: CALLERS }]);
      if (newParticipant === undefined) throw new Error("A pool was not opened");
      [participant, publishedCodes] = [newParticipant, 0];
      participants.splice(0, participants.length, newParticipant);
      // Loads the code and plans the statements before the first measurement.
      await runClosedLoad({
        ...newParticipant,
        requests: newOrders(),
        callers: CALLERS,
        seconds: NO_TIME_LIMIT,
        publicationsMax: size / 200,
      });
      publishedCodes += Math.floor(size / 200);
      return newParticipant;
    };

    return {
      measurements: LEVELS.map((level) => ({
        points: [pointOf(store, subject, level)],
        run: async () => {
          const current = await participantAt(level);
          publishedCodes = await deplete(current, publishedCodes, level);
          const publicationsMax = Math.floor(Math.min(size / 200, 0.9 * (size - publishedCodes)));
          const throughput = await runClosedLoad({
            ...current,
            requests: newOrders(),
            callers: CALLERS,
            seconds: NO_TIME_LIMIT,
            publicationsMax,
          });
          publishedCodes += publicationsMax;
          return [1e6 / throughput];
        },
      })),
      ratioDefinitions: LEVELS.slice(1).map((level) => ({
        name: `${store.name}: cost of a publication, with ${level * 100} % published to a full pool`,
        dividend: pointOf(store, subject, level),
        divisor: pointOf(store, subject, 0),
        better: "less",
        aim: level <= AIM_LEVEL_MAX ? { atMost: 1.5 } : null,
      })),
      check: () => checkAll(store.name, participants),
      close: () => closeAll(participants),
    };
  },
});
