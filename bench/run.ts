import { type Arena, type Comparison, type Contest, type Entry, nameOf, type Pace } from "./contest.ts";
import type { Point, Ratio } from "./results.ts";

/** Told of all that is being done. */
export interface Watcher {
  /** A contest begins, or the next thing in it. */
  step(contest: Contest, what: string): void;
  /** So much of a contest is done, from 0 to 1. */
  done(share: number): void;
}

export interface Outcome {
  readonly points: readonly Point[];
  readonly ratios: readonly Ratio[];
}

type Figures = ReadonlyMap<Entry, readonly (readonly number[])[]>;

const isSame = (a: Omit<Point, "rounds">, b: Omit<Point, "rounds">): boolean =>
  a.store === b.store && a.contender === b.contender && a.what === b.what && a.unit === b.unit;

const pointsOf = (figures: Figures): readonly Point[] =>
  [...figures].flatMap(([{ points }, rounds]) =>
    points.map((point, i) => ({ ...point, rounds: rounds.map((round) => round[i] ?? Number.NaN) })),
  );

const ratioOf = (
  { family, store }: Contest,
  { name, of, to, better, aim }: Comparison,
  points: readonly Point[],
): Ratio => {
  const [dividend, divisor] = [of, to].map((wanted) => points.find((point) => isSame(point, wanted)));
  if (dividend === undefined || divisor === undefined) throw new Error(`Nothing was measured to compare: ${name}`);
  return {
    ...{ name, family, store, better, aim },
    rounds: dividend.rounds.map((figure, round) => figure / (divisor.rounds[round] ?? Number.NaN)),
  };
};

/** Round 0 is a warm-up. */
const roundsOf = (contest: Contest, { rounds, isQuick }: Pace): { readonly first: number; readonly last: number } => {
  if (isQuick) return { first: 1, last: 1 };
  return contest.rounds === undefined ? { first: 0, last: rounds } : { first: 1, last: contest.rounds };
};

const measured = async (contest: Contest, { entries }: Arena, pace: Pace, watcher: Watcher): Promise<Figures> => {
  const figures = new Map<Entry, (readonly number[])[]>(entries.map((entry) => [entry, []]));
  const { first, last } = roundsOf(contest, pace);
  const steps = entries.length * (last - first + 1);
  for (let round = first; round <= last; round++)
    for (const [i, entry] of entries.entries()) {
      const [point] = entry.points;
      watcher.step(contest, point === undefined ? "" : `${point.contender}, ${point.what}`);
      const figure = await entry.run(round === 0);
      if (round > 0) figures.get(entry)?.push(figure);
      watcher.done(((round - first) * entries.length + i + 1) / steps);
    }
  return figures;
};

/** Rounds in which all take turns, then the check that nobody was fast by being wrong. */
const raced = async (contest: Contest, arena: Arena, pace: Pace, watcher: Watcher): Promise<Outcome> => {
  const points = pointsOf(await measured(contest, arena, pace, watcher));
  watcher.step(contest, "checking");
  const counted = await arena.check();
  const ratios = arena.comparisons
    // What is too small and too short to be true is not held against what is hoped for.
    .map((comparison) => (pace.isQuick ? { ...comparison, aim: null } : comparison))
    .map((comparison) => ratioOf(contest, comparison, points));
  return { points: [...points, ...counted], ratios };
};

export const run = async (contest: Contest, pace: Pace, watcher: Watcher): Promise<Outcome> => {
  watcher.step(contest, "filling");
  try {
    const arena = await contest.open(pace);
    const outcome = await raced(contest, arena, pace, watcher).catch(async (thrown) => {
      // What went wrong first is what is told.
      await arena.close().catch(() => undefined);
      throw thrown;
    });
    await arena.close();
    return outcome;
  } catch (cause) {
    throw new Error(`${nameOf(contest)} failed`, { cause });
  }
};
