import { PROFILES } from "./profiles.ts";
import { median, type ProfileName, type Ratio, type Run, spread } from "./results.ts";

/** The allowed difference between two runs of the same code, in addition to their spreads. For SQLite, the sum reached 0.28. */
const NOISE = 0.15;
/** A larger difference is a regression, however large the spread of the rounds is. */
const NOISE_MAX = 0.5;

/** A ratio that is worse than in the stored run. */
export interface Regression {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  /** The allowed loss, as a share. */
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
  // Every comparison with NaN is false, so NaN is a regression.
  return isWithin ? null : { name: now.name, before: beforeMedian, now: nowMedian, tolerance };
};

/** The ratios that are worse than in the stored run by more than the noise. */
export const regressions = (before: Run, now: Run): readonly Regression[] => {
  const previousByName = new Map(before.ratios.map((ratio) => [ratio.name, ratio]));
  return now.ratios.flatMap((ratio) => {
    const previous = previousByName.get(ratio.name);
    return previous === undefined ? [] : (regressionOf(previous, ratio) ?? []);
  });
};

/** Parses the output of `--json`. Null for any other text. */
export const parseRun = (text: string): Run | null => {
  try {
    const run: Partial<Run> | null = JSON.parse(text);
    return run?.profile !== undefined && run.profile in PROFILES && Array.isArray(run.ratios) ? (run as Run) : null;
  } catch {
    return null;
  }
};

/** The reason why a stored run cannot be compared with a run of that profile, or null. */
export const profileMismatch = ({ profile: storedProfile }: Run, profile: ProfileName): string | null => {
  // A large run is a full run with larger pools and lists in addition.
  const isSame = (storedProfile === "quick") === (profile === "quick");
  return isSame ? null : `the stored run is ${storedProfile}, and this run is ${profile}: use the same profile`;
};

/** The reason why two runs have no ratio in common, or null. */
export const nothingInCommon = (before: Run, now: Run): string | null => {
  const names = new Set(before.ratios.map(({ name }) => name));
  return now.ratios.some(({ name }) => names.has(name))
    ? null
    : "the stored run has none of the ratios of this run: see --only";
};
