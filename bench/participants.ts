import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Measurement } from "./comparison.ts";
import { type NextRequest, runClosedLoad } from "./load.ts";
import type { Point } from "./results.ts";
import type { Subject, Target } from "./subjects/subject.ts";

/** What a figure is of, before it is measured. */
export type PointDefinition = Omit<Point, "rounds">;

export interface Participant {
  readonly subject: Subject;
  readonly target: Target;
  readonly vouchers: number;
  /** How many codes it has said that it published. */
  acknowledgedCodes(): number;
}

/** Who takes part, and with how many vouchers. */
export interface ParticipantOptions {
  readonly subject: Subject;
  readonly vouchers: number;
  readonly callersMax: number;
}

export const closeAll = async (participants: readonly Participant[]): Promise<void> => {
  await Promise.all(participants.map(({ target }) => target.close()));
};

/** The same, and how many codes were given. */
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

/** Brings to the disk what is left to be written of what was not measured, so that nobody waits for it. */
export const flush = async (): Promise<void> => {
  if (process.platform !== "win32") await promisify(execFile)("sync");
};

/** Opens all, so that they can take turns; none stays open if one cannot be opened. */
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
 * UNIQUE and CONSERVED, and as many codes are stored as were acknowledged. Who is known to give codes twice has the share
 * of such publications counted.
 */
export const checkAll = async (store: string, participants: readonly Participant[]): Promise<readonly Point[]> => {
  const points: Point[] = [];
  for (const { subject, target, vouchers, acknowledgedCodes } of participants) {
    const { published, distinct, left } = await target.tally();
    // A pool that extends itself begins empty, and what is made for the shortfall is given at once.
    const expected = vouchers === 0 ? distinct : vouchers;
    const isWrong = published !== distinct || distinct + left !== expected || published !== acknowledgedCodes();
    if (subject.mayRepeatCodes) {
      const share = 1 - distinct / published;
      const what = "publications of a code that was given before";
      points.push({
        scenario: "publish",
        store,
        subject: subject.name,
        what,
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
  /** Publications in each round, at most. */
  readonly publicationsMax: number;
}

export const throughputMeasurement = ({ point, ...load }: ThroughputLoad): Measurement => ({
  points: [point],
  run: async (isWarmUp) => [await runClosedLoad({ ...load, seconds: isWarmUp ? load.seconds / 4 : load.seconds })],
});
