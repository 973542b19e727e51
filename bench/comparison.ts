import type { Aim, Point, Ratio } from "./results.ts";

/** How long and how large. */
export interface Profile {
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
  readonly vouchersToCreate: number;
  /** Seconds for which somebody else holds a transaction open. */
  readonly openTransactionSeconds: number;
}

/** Something measured: one figure for each of its points. */
export interface Measurement {
  readonly points: readonly Omit<Point, "rounds">[];
  /** `isWarmUp`: the figures are thrown away, so that less of it will do. */
  run(isWarmUp: boolean): Promise<readonly number[]>;
}

/** Two points whose quotient tells something. */
export interface RatioDefinition {
  readonly name: string;
  readonly dividend: Omit<Point, "rounds">;
  readonly divisor: Omit<Point, "rounds">;
  readonly better: Ratio["better"];
  readonly aim: Aim | null;
}

/** All that take turns, ready to be measured. */
export interface PreparedComparison {
  readonly measurements: readonly Measurement[];
  readonly ratioDefinitions: readonly RatioDefinition[];
  /** Throws if anybody gave a wrong answer. What was counted meanwhile are points, too. */
  check(): Promise<readonly Point[]>;
  close(): Promise<void>;
}

/** Those that are measured against each other, in turn, in one run. */
export interface Comparison {
  readonly scenario: string;
  readonly store: string;
  /** What is compared. With the scenario and the store, it is what `--only` looks at. */
  readonly what: string;
  /** Null where it can be run, or else why not. */
  readonly skipReason: string | null;
  /** How many rounds there are instead of those of the profile, without a warm-up. */
  readonly rounds?: number;
  prepare(profile: Profile): Promise<PreparedComparison>;
}

export const comparisonName = ({ scenario, store, what }: Comparison): string => `${scenario}: ${store}, ${what}`;

export const noExtraPoints = async (): Promise<readonly Point[]> => [];
