/** What runs along when a cost is plotted. */
export type Axis = "callers" | "pool" | "depletion" | "rows" | "percentile";

export type Unit = "per second" | "µs" | "ms" | "ns" | "bytes" | "seconds" | "duplicates";

/** One thing that was measured, in each round. */
export interface Point {
  readonly scenario: string;
  /** The store that it was measured on, or what stands for it. */
  readonly store: string;
  /** Who was measured: `oncecode`, or what is written by hand. */
  readonly subject: string;
  /** What they did. */
  readonly what: string;
  readonly unit: Unit;
  /** One figure per round. */
  readonly rounds: readonly number[];
  /** Where it stands in a plot: how many callers, what size of a pool, what share of it given out (0 to 1), … */
  readonly at: { readonly axis: Axis; readonly value: number } | null;
}

/** What a ratio should be. */
export type Aim = { readonly atLeast: number } | { readonly atMost: number };

/** Two things that were measured in turn, compared round by round. */
export interface Ratio {
  /** Stays the same from run to run. */
  readonly name: string;
  readonly scenario: string;
  readonly store: string;
  /** One quotient per round. */
  readonly rounds: readonly number[];
  readonly aim: Aim | null;
  /** Whether more is better, as with throughput, or less, as with a cost. */
  readonly better: "more" | "less";
}

/** On what it was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** In GiB. */
  readonly memory: number;
  readonly node: string;
  /** Milliseconds to bring 8 KiB to the disk, the median of many. */
  readonly fsync: number;
  /** Versions by name: of stores, and of the libraries measured beside us. */
  readonly versions: Readonly<Record<string, string>>;
}

/** How long and how large a run is. */
export type ProfileName = "quick" | "full" | "large";

/** One run of the suite, as `--json` writes it. */
export interface Run {
  readonly at: string;
  readonly profile: ProfileName;
  readonly machine: Machine;
  readonly points: readonly Point[];
  readonly ratios: readonly Ratio[];
  /** What was left out, and why. */
  readonly skipped: readonly string[];
  /** Contests that failed, so that nothing of them is here. */
  readonly failed: readonly string[];
}

/** What one might look for in a run and not find, and why. */
export const notMeasured = ({ skipped, failed }: Run): readonly string[] => [
  ...skipped,
  ...failed.map((name) => `${name}: failed`),
];

export const median = (all: readonly number[]): number => {
  const sorted = all.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** Half of the distance between the farthest rounds, as a share of the median. One round tells nothing of it. */
export const spread = (all: readonly number[]): number =>
  all.length < 2 ? Number.NaN : (Math.max(...all) - Math.min(...all)) / 2 / median(all);

export const isMet = (aim: Aim, figure: number): boolean =>
  "atLeast" in aim ? figure >= aim.atLeast : figure <= aim.atMost;
