/** The horizontal axis of a plot. */
export type Axis = "callers" | "pool" | "depletion" | "rows" | "percentile";

export type Unit = "per second" | "µs" | "ms" | "ns" | "bytes" | "seconds" | "duplicates";

/** One measured value, with one figure per round. */
export interface Point {
  readonly scenario: string;
  /** The store, or a name instead of one. */
  readonly store: string;
  /** `oncecode`, or a baseline. */
  readonly subject: string;
  /** The measured case: an operation, or what varies in its scenario, as `64 callers`. */
  readonly label: string;
  readonly unit: Unit;
  /** One figure per round. */
  readonly rounds: readonly number[];
  /** The position in a plot: the number of callers, the size of the pool, the published share (0 to 1), … */
  readonly at: { readonly axis: Axis; readonly value: number } | null;
}

/** The target of a ratio. */
export type Aim = { readonly atLeast: number } | { readonly atMost: number };

/** Two points that were measured in turn, divided round by round. */
export interface Ratio {
  /** The same in every run. */
  readonly name: string;
  readonly scenario: string;
  readonly store: string;
  /** One quotient per round. */
  readonly rounds: readonly number[];
  readonly aim: Aim | null;
  /** `more` for a throughput, `less` for a cost. */
  readonly better: "more" | "less";
}

/** The machine of a run. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** In GiB. */
  readonly memory: number;
  readonly node: string;
  /** Median of the milliseconds to write 8 KiB to the disk. */
  readonly fsync: number;
  /** The versions of stores and libraries, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The profile: duration and sizes. */
export type ProfileName = "quick" | "full" | "large";

/** One run of the suite, in the format of `--json`. */
export interface Run {
  readonly at: string;
  readonly profile: ProfileName;
  readonly machine: Machine;
  readonly points: readonly Point[];
  readonly ratios: readonly Ratio[];
  /** The skipped comparisons, with the reasons. */
  readonly skipped: readonly string[];
  /** The failed comparisons. The run has no figures of them. */
  readonly failed: readonly string[];
}

/** The skipped and failed comparisons, as texts. */
export const notMeasured = ({ skipped, failed }: Run): readonly string[] => [
  ...skipped,
  ...failed.map((name) => `${name}: failed`),
];

export const median = (all: readonly number[]): number => {
  const sorted = all.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** Half of the range of the rounds, as a share of the median. It needs more than one round. */
export const spread = (all: readonly number[]): number =>
  all.length < 2 ? Number.NaN : (Math.max(...all) - Math.min(...all)) / 2 / median(all);

export const isMet = (aim: Aim, figure: number): boolean =>
  "atLeast" in aim ? figure >= aim.atLeast : figure <= aim.atMost;
