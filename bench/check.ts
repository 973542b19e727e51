import { PROFILES } from "./profiles.ts";
import { median, type ProfileName, type Ratio, type Run, spread } from "./results.ts";

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
    spreads.reduce((sum, share) => sum + share, NOISE),
  );
  const [beforeMedian, nowMedian] = [median(before.rounds), median(now.rounds)];
  const isWithin =
    now.better === "more" ? nowMedian >= beforeMedian * (1 - tolerance) : nowMedian <= beforeMedian * (1 + tolerance);
  // What is not a number is within nothing.
  return isWithin ? null : { name: now.name, before: beforeMedian, now: nowMedian, tolerance };
};

/** The ratios of both runs that are worse now, beyond the noise of their rounds. */
export const regressions = (before: Run, now: Run): readonly Regression[] => {
  const previousByName = new Map(before.ratios.map((ratio) => [ratio.name, ratio]));
  return now.ratios.flatMap((ratio) => {
    const previous = previousByName.get(ratio.name);
    return previous === undefined ? [] : (regressionOf(previous, ratio) ?? []);
  });
};

/** A run as `--json` wrote it, or null for any other text. */
export const parseRun = (text: string): Run | null => {
  try {
    const run: Partial<Run> | null = JSON.parse(text);
    return run?.profile !== undefined && run.profile in PROFILES && Array.isArray(run.ratios) ? (run as Run) : null;
  } catch {
    return null;
  }
};

/** Why a stored run cannot be compared with one of that profile, or null. */
export const profileMismatch = ({ profile: storedProfile }: Run, profile: ProfileName): string | null => {
  // A large run is a full one with larger pools and lists besides, which have ratios of their own.
  const isSame = (storedProfile === "quick") === (profile === "quick");
  return isSame ? null : `it is of a ${storedProfile} run, and this is a ${profile} one`;
};

/** Why a stored run and another have nothing to compare, or null. */
export const nothingInCommon = (before: Run, now: Run): string | null => {
  const names = new Set(before.ratios.map(({ name }) => name));
  return now.ratios.some(({ name }) => names.has(name)) ? null : "it has none of the ratios that were measured now";
};
