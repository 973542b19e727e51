import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Contender, Opened } from "./contenders/contender.ts";
import type { Entry } from "./contest.ts";
import { driven, type Requests } from "./driving.ts";
import type { Point } from "./results.ts";

/** What a figure is of, before it is measured. */
export type Measured = Omit<Point, "rounds">;

export interface Racer {
  readonly contender: Contender;
  readonly opened: Opened;
  readonly vouchers: number;
  /** How many codes it has said that it published. */
  acknowledged(): number;
}

/** Who takes part, and with how many vouchers. */
export interface Start {
  readonly contender: Contender;
  readonly vouchers: number;
  readonly callersMax: number;
}

export const closeAll = async (racers: readonly Racer[]): Promise<void> => {
  await Promise.all(racers.map(({ opened }) => opened.close()));
};

/** The same, and how many codes were given. */
const counting = (opened: Opened): Pick<Racer, "opened" | "acknowledged"> => {
  let codes = 0;
  const publish: Opened["publish"] = async (requests) => {
    const given = await opened.publish(requests);
    for (const one of given) codes += one.length;
    return given;
  };
  const rest = { codes: opened.codes.bind(opened), tally: opened.tally.bind(opened), close: opened.close.bind(opened) };
  return { opened: { ...rest, publish }, acknowledged: () => codes };
};

/** Brings to the disk what is left to be written of what was not measured, so that nobody waits for it. */
export const flush = async (): Promise<void> => {
  if (process.platform !== "win32") await promisify(execFile)("sync");
};

/** Opens all, so that they can take turns; none stays open if one cannot be opened. */
export const openAll = async (starts: readonly Start[]): Promise<readonly Racer[]> => {
  const racers: Racer[] = [];
  try {
    for (const { contender, vouchers, callersMax } of starts)
      racers.push({ contender, vouchers, ...counting(await contender.open({ vouchers, callersMax })) });
    await flush();
    return racers;
  } catch (cause) {
    await closeAll(racers);
    throw cause;
  }
};

/**
 * UNIQUE and CONSERVED, and as many codes are stored as were acknowledged. Who is known to give codes twice has the share
 * of such publications counted.
 */
export const checkAll = async (store: string, racers: readonly Racer[]): Promise<readonly Point[]> => {
  const points: Point[] = [];
  for (const { contender, opened, vouchers, acknowledged } of racers) {
    const { published, distinct, left } = await opened.tally();
    // A pool that extends itself begins empty, and what is made for the shortfall is given at once.
    const expected = vouchers === 0 ? distinct : vouchers;
    const isWrong = published !== distinct || distinct + left !== expected || published !== acknowledged();
    if (contender.givesTwice) {
      const share = 1 - distinct / published;
      const what = "publications of a code that was given before";
      points.push({
        family: "publish",
        store,
        contender: contender.name,
        what,
        unit: "duplicates",
        at: null,
        rounds: [share],
      });
    } else if (isWrong)
      throw new Error(
        `${contender.name} acknowledged ${acknowledged()} codes, published ${published}, ${distinct} different ones, and has ${left} left of ${vouchers}`,
      );
  }
  return points;
};

export interface Race extends Racer {
  readonly point: Measured;
  readonly callers: number;
  readonly requests: Requests;
  readonly seconds: number;
  /** Publications in each round, at most. */
  readonly most: number;
}

export const entryOf = ({ point, ...race }: Race): Entry => ({
  points: [point],
  run: async (isWarmUp) => [await driven({ ...race, seconds: isWarmUp ? race.seconds / 4 : race.seconds })],
});
