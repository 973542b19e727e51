import type { Rule } from "./check.ts";
import type { RunResult } from "./run.ts";

/** Rule of three: an event that did not happen in n tries has a probability below 3/n, with 95 % certainty. */
const withUpperBound = (count: number, tries: number): string =>
  count === 0 && tries > 0 ? `0 (≤ ${(3 / tries).toExponential(0)})` : String(count);

const countOf = ({ violations }: RunResult, ...rules: readonly Rule[]): number =>
  violations.filter(({ rule }) => rules.includes(rule)).length;

export const acknowledgedCount = ({ attempts }: RunResult): number =>
  attempts.filter(({ outcome }) => outcome?.type === "acknowledged").length;
export const unknownCount = ({ attempts }: RunResult): number =>
  attempts.filter(({ outcome }) => outcome?.type === "unknown").length;
export const refusedCount = ({ attempts }: RunResult, code: string): number =>
  attempts.filter(({ outcome }) => outcome?.type === "refused" && outcome.code === code).length;

const slowestCall = ({ attempts }: RunResult): number =>
  attempts.reduce(
    (most, { outcome, startedAt }) => (outcome === null ? most : Math.max(most, outcome.at - startedAt)),
    0,
  );

const OTHER_RULES: readonly Rule[] = ["CONSERVED", "WHOLE", "REPLAYED", "ONCE", "RESOLVED", "EMPTY", "LIVE"];

const COLUMNS = [
  "",
  "acknowledged",
  "faults",
  "published twice",
  "lost",
  "phantoms",
  "other violations",
  "unknown",
  "of these published",
  "failed",
  "slowest",
];

/** A table of all runs, printed at the end. */
export class Report {
  readonly #rows: string[][] = [];

  add(name: string, outcome: RunResult): void {
    const acknowledged = acknowledgedCount(outcome);
    this.#rows.push([
      name,
      String(acknowledged),
      String(outcome.faultCount),
      withUpperBound(countOf(outcome, "UNIQUE"), acknowledged),
      withUpperBound(countOf(outcome, "ACKNOWLEDGED"), acknowledged),
      withUpperBound(countOf(outcome, "NO PHANTOM"), acknowledged),
      String(countOf(outcome, ...OTHER_RULES)),
      String(unknownCount(outcome)),
      String(outcome.unknownPublished),
      String(refusedCount(outcome, "storage_failed")),
      `${slowestCall(outcome)} ms`,
    ]);
  }

  print(title: string): void {
    const rows = [COLUMNS, ...this.#rows];
    const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const line = (row: readonly string[]): string =>
      row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join("  ");
    console.log([title, ...rows.map(line)].join("\n"));
  }
}
