import {
  type Comparison,
  comparisonName,
  type Measurement,
  type PreparedComparison,
  type Profile,
  type RatioDefinition,
} from "./comparison.ts";
import type { Point, Ratio } from "./results.ts";

/** Gets the progress of a run. */
export interface ProgressReporter {
  /** A comparison, or its next measurement, begins. */
  step(comparison: Comparison, label: string): void;
  /** The finished share of a comparison, from 0 to 1. */
  done(share: number): void;
}

export interface Outcome {
  readonly points: readonly Point[];
  readonly ratios: readonly Ratio[];
}

type FiguresByMeasurement = ReadonlyMap<Measurement, readonly (readonly number[])[]>;

const isSamePoint = (a: Omit<Point, "rounds">, b: Omit<Point, "rounds">): boolean =>
  a.store === b.store && a.subject === b.subject && a.label === b.label && a.unit === b.unit;

const toPoints = (figures: FiguresByMeasurement): readonly Point[] =>
  [...figures].flatMap(([{ points }, rounds]) =>
    points.map((point, i) => ({ ...point, rounds: rounds.map((round) => round[i] ?? Number.NaN) })),
  );

const toRatio = (
  { scenario, store }: Comparison,
  { name, dividend: dividendPoint, divisor: divisorPoint, better, aim }: RatioDefinition,
  points: readonly Point[],
): Ratio => {
  const [dividend, divisor] = [dividendPoint, divisorPoint].map((definition) =>
    points.find((point) => isSamePoint(point, definition)),
  );
  if (dividend === undefined || divisor === undefined) throw new Error(`Nothing was measured to compare: ${name}`);
  return {
    ...{ name, scenario, store, better, aim },
    rounds: dividend.rounds.map((figure, round) => figure / (divisor.rounds[round] ?? Number.NaN)),
  };
};

/** Round 0 is a warm-up. */
const roundRange = (
  comparison: Comparison,
  { rounds, isQuick }: Profile,
): { readonly first: number; readonly last: number } => {
  if (isQuick) return { first: 1, last: 1 };
  return comparison.rounds === undefined ? { first: 0, last: rounds } : { first: 1, last: comparison.rounds };
};

const measureInTurns = async (
  comparison: Comparison,
  { measurements }: PreparedComparison,
  profile: Profile,
  reporter: ProgressReporter,
): Promise<FiguresByMeasurement> => {
  const figures = new Map<Measurement, (readonly number[])[]>(measurements.map((measurement) => [measurement, []]));
  const { first, last } = roundRange(comparison, profile);
  const steps = measurements.length * (last - first + 1);
  for (let round = first; round <= last; round++)
    for (const [i, entry] of measurements.entries()) {
      const [point] = entry.points;
      reporter.step(comparison, point === undefined ? "" : `${point.subject}, ${point.label}`);
      const roundFigures = await entry.run(round === 0);
      if (round > 0) figures.get(entry)?.push(roundFigures);
      reporter.done(((round - first) * measurements.length + i + 1) / steps);
    }
  return figures;
};

/** Runs the rounds, in which all subjects take turns. Then checks that no subject was fast because it was wrong. */
const runAndCheck = async (
  comparison: Comparison,
  prepared: PreparedComparison,
  profile: Profile,
  reporter: ProgressReporter,
): Promise<Outcome> => {
  const points = toPoints(await measureInTurns(comparison, prepared, profile, reporter));
  reporter.step(comparison, "checking");
  const extraPoints = await prepared.check();
  const ratios = prepared.ratioDefinitions
    // The figures of a quick run are too rough for an aim.
    .map((definition) => (profile.isQuick ? { ...definition, aim: null } : definition))
    .map((definition) => toRatio(comparison, definition, points));
  return { points: [...points, ...extraPoints], ratios };
};

export const runComparison = async (
  comparison: Comparison,
  profile: Profile,
  reporter: ProgressReporter,
): Promise<Outcome> => {
  reporter.step(comparison, "preparing");
  try {
    const prepared = await comparison.prepare(profile);
    const outcome = await runAndCheck(comparison, prepared, profile, reporter).catch(async (thrown) => {
      // The first error is the one to report.
      await prepared.close().catch(() => undefined);
      throw thrown;
    });
    await prepared.close();
    return outcome;
  } catch (cause) {
    throw new Error(`${comparisonName(comparison)} failed`, { cause });
  }
};
