import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Measurement } from "./comparison.ts";
import { type NextRequest, runClosedLoad } from "./load.ts";
import type { Point } from "./results.ts";
import type { Subject, Target } from "./subjects/subject.ts";

/** A point without its figures. */
export type PointDefinition = Omit<Point, "rounds">;

export interface Participant {
  readonly subject: Subject;
  readonly target: Target;
  readonly vouchers: number;
  /** The number of codes that the subject has confirmed. */
  acknowledgedCodes(): number;
}

/** A subject and its number of vouchers. */
export interface ParticipantOptions {
  readonly subject: Subject;
  readonly vouchers: number;
  readonly callersMax: number;
}

export const closeAll = async (participants: readonly Participant[]): Promise<void> => {
  await Promise.all(participants.map(({ target }) => target.close()));
};

/** Wraps a target and counts the codes that it confirms. */
const countAcknowledged = (target: Target): Pick<Participant, "target" | "acknowledgedCodes"> => {
  let codes = 0;
  const publish: Target["publish"] = async (requests) => {
    const codesPerRequest = await target.publish(requests);
    for (const requestCodes of codesPerRequest) codes += requestCodes.length;
    return codesPerRequest;
  };
  const rest = { codes: target.codes.bind(target), tally: target.tally.bind(target), close: target.close.bind(target) };
  return { target: { ...rest, publish }, acknowledgedCodes: () => codes };
};

/** Writes everything to the disk. Otherwise a measurement would wait for writes of an earlier one. */
export const flush = async (): Promise<void> => {
  if (process.platform !== "win32") await promisify(execFile)("sync");
};

/** Opens all participants. If one fails to open, closes the others. */
export const openAll = async (options: readonly ParticipantOptions[]): Promise<readonly Participant[]> => {
  const participants: Participant[] = [];
  try {
    for (const { subject, vouchers, callersMax } of options)
      participants.push({ subject, vouchers, ...countAcknowledged(await subject.open({ vouchers, callersMax })) });
    await flush();
    return participants;
  } catch (cause) {
    await closeAll(participants);
    throw cause;
  }
};

/**
 * Checks that no code was published twice or lost, and that all confirmed codes are stored. For a subject that is known to
 * publish codes twice, it counts their share instead.
 */
export const checkAll = async (store: string, participants: readonly Participant[]): Promise<readonly Point[]> => {
  const points: Point[] = [];
  for (const { subject, target, vouchers, acknowledgedCodes } of participants) {
    const { published, distinct, left } = await target.tally();
    // An AUTO_UPDATE pool begins empty, and its new codes are published at once.
    const expected = vouchers === 0 ? distinct : vouchers;
    const isWrong = published !== distinct || distinct + left !== expected || published !== acknowledgedCodes();
    if (subject.mayRepeatCodes) {
      const share = 1 - distinct / published;
      const label = "publications of a code that was given before";
      points.push({
        scenario: "publish",
        store,
        subject: subject.name,
        label,
        unit: "duplicates",
        at: null,
        rounds: [share],
      });
    } else if (isWrong)
      throw new Error(
        `${subject.name} acknowledged ${acknowledgedCodes()} codes, published ${published}, ${distinct} different ones, and has ${left} left of ${vouchers}`,
      );
  }
  return points;
};

export interface ThroughputLoad extends Participant {
  readonly point: PointDefinition;
  readonly callers: number;
  readonly requests: NextRequest;
  readonly seconds: number;
  /** The largest number of publications in a round. */
  readonly publicationsMax: number;
}

export const throughputMeasurement = ({ point, ...load }: ThroughputLoad): Measurement => ({
  points: [point],
  run: async (isWarmUp) => [await runClosedLoad({ ...load, seconds: isWarmUp ? load.seconds / 4 : load.seconds })],
});
