import { PACES } from "./paces.ts";
import { median, type PaceName, type Ratio, type Run, spread } from "./results.ts";

/** What two runs of the same code differ by, whatever their rounds differ by: SQLite's ratios by up to 0.28, all told. */
const NOISE = 0.15;
/** Whatever they showed, beyond this it is a regression. */
const NOISE_MAX = 0.5;

/** A ratio that was better in the stored run. */
export interface Regression {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  /** By how much it may be worse, as a share. */
  readonly tolerance: number;
}

const regressionOf = (before: Ratio, now: Ratio): Regression | null => {
  const spreads = [before, now].map(({ rounds }) => spread(rounds)).filter(Number.isFinite);
  const tolerance = Math.min(
    NOISE_MAX,
    spreads.reduce((sum, one) => sum + one, NOISE),
  );
  const [was, is] = [median(before.rounds), median(now.rounds)];
  const isWithin = now.better === "more" ? is >= was * (1 - tolerance) : is <= was * (1 + tolerance);
  // What is not a number is within nothing.
  return isWithin ? null : { name: now.name, before: was, now: is, tolerance };
};

/** The ratios of both runs that are worse now, beyond the noise of their rounds. */
export const regressions = (before: Run, now: Run): readonly Regression[] => {
  const known = new Map(before.ratios.map((ratio) => [ratio.name, ratio]));
  return now.ratios.flatMap((ratio) => {
    const same = known.get(ratio.name);
    return same === undefined ? [] : (regressionOf(same, ratio) ?? []);
  });
};

/** A run as `--json` wrote it, or null for any other text. */
export const storedRun = (text: string): Run | null => {
  try {
    const run: Partial<Run> | null = JSON.parse(text);
    return run?.pace !== undefined && run.pace in PACES && Array.isArray(run.ratios) ? (run as Run) : null;
  } catch {
    return null;
  }
};

/** Why a stored run cannot be compared with one of that pace, or null. */
export const paceMismatch = ({ pace: stored }: Run, pace: PaceName): string | null => {
  // A large run is a full one with larger pools and lists besides, which have ratios of their own.
  const isSame = (stored === "quick") === (pace === "quick");
  return isSame ? null : `it is of a ${stored} run, and this is a ${pace} one`;
};

/** Why a stored run and another have nothing to compare, or null. */
export const nothingInCommon = (before: Run, now: Run): string | null => {
  const names = new Set(before.ratios.map(({ name }) => name));
  return now.ratios.some(({ name }) => names.has(name)) ? null : "it has none of the ratios that were measured now";
};
