import type { Aim, Point, Ratio } from "./results.ts";

/** How long and how large. */
export interface Pace {
  /** Only to see that it runs: one round, not warmed up. */
  readonly isQuick: boolean;
  readonly rounds: number;
  /** Seconds for which one thing is measured in one round. */
  readonly seconds: number;
  /** Vouchers in a pool that is not what is measured. */
  readonly vouchers: number;
  /** Campaigns, where many are compared with one. */
  readonly campaigns: number;
  /** Sizes of the pools and lists that are compared; the first is what the others are compared with. */
  readonly sizes: readonly number[];
  /** Vouchers created at once. */
  readonly created: number;
  /** Seconds for which somebody else holds a transaction open. */
  readonly held: number;
}

/** Something measured: one figure for each of its points. */
export interface Entry {
  readonly points: readonly Omit<Point, "rounds">[];
  /** `isWarmUp`: the figures are thrown away, so that less of it will do. */
  run(isWarmUp: boolean): Promise<readonly number[]>;
}

/** Two points whose quotient tells something. */
export interface Comparison {
  readonly name: string;
  readonly of: Omit<Point, "rounds">;
  readonly to: Omit<Point, "rounds">;
  readonly better: Ratio["better"];
  readonly aim: Aim | null;
}

/** All that take turns, ready to be measured. */
export interface Arena {
  readonly entries: readonly Entry[];
  readonly comparisons: readonly Comparison[];
  /** Throws if anybody gave a wrong answer. What was counted meanwhile are points, too. */
  check(): Promise<readonly Point[]>;
  close(): Promise<void>;
}

/** Those that are measured against each other, in turn, in one run. */
export interface Contest {
  readonly family: string;
  readonly store: string;
  /** What is compared. With the family and the store, it is what `--only` looks at. */
  readonly what: string;
  /** Null where it can be run, or else why not. */
  readonly missing: string | null;
  /** How many rounds there are instead of those of the pace, without a warm-up. */
  readonly rounds?: number;
  open(pace: Pace): Promise<Arena>;
}

export const nameOf = ({ family, store, what }: Contest): string => `${family}: ${store}, ${what}`;

export const nothingCounted = async (): Promise<readonly Point[]> => [];
