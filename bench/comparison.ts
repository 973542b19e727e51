import type { Aim, Point, Ratio } from "./results.ts";

/** The duration and the sizes of a run. */
export interface Profile {
  /** One round without a warm-up. It shows that the suite works, and its figures are rough. */
  readonly isQuick: boolean;
  readonly rounds: number;
  /** Seconds of one measurement in one round. */
  readonly seconds: number;
  /** The size of a pool in scenarios that do not compare sizes. */
  readonly vouchers: number;
  /** The number of campaigns in the scenario that compares many with one. */
  readonly campaigns: number;
  /** The sizes of pools and lists. All are compared with the first one. */
  readonly sizes: readonly number[];
  /** The number of vouchers in one creation. */
  readonly vouchersToCreate: number;
  /** Seconds for which another transaction stays open. */
  readonly openTransactionSeconds: number;
}

/** One measurement. It returns one figure for each of its points. */
export interface Measurement {
  readonly points: readonly Omit<Point, "rounds">[];
  /** `isWarmUp`: the figures are not used, so a shorter run is enough. */
  run(isWarmUp: boolean): Promise<readonly number[]>;
}

/** A ratio of two points. */
export interface RatioDefinition {
  readonly name: string;
  readonly dividend: Omit<Point, "rounds">;
  readonly divisor: Omit<Point, "rounds">;
  readonly better: Ratio["better"];
  readonly aim: Aim | null;
}

/** The measurements of a comparison, ready to run. */
export interface PreparedComparison {
  readonly measurements: readonly Measurement[];
  readonly ratioDefinitions: readonly RatioDefinition[];
  /** Throws if a subject has given a wrong answer. Returns further points that were counted meanwhile. */
  check(): Promise<readonly Point[]>;
  close(): Promise<void>;
}

/** Subjects that are measured in turn, in one run. */
export interface Comparison {
  readonly scenario: string;
  readonly store: string;
  /** A short description. `--only` searches it, with the scenario and the store. */
  readonly label: string;
  /** The reason why the comparison cannot run here, or null. */
  readonly skipReason: string | null;
  /** The number of rounds, without a warm-up. It replaces the number of the profile. */
  readonly rounds?: number;
  prepare(profile: Profile): Promise<PreparedComparison>;
}

export const comparisonName = ({ scenario, store, label }: Comparison): string => `${scenario}: ${store}, ${label}`;

export const noExtraPoints = async (): Promise<readonly Point[]> => [];
