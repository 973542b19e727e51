import type { Rule } from "./check.ts";
import type { Outcome } from "./run.ts";

/** What nobody has ever seen in n tries happens, with 95 % certainty, less often than in 3 of n. */
const bounded = (seen: number, tries: number): string =>
  seen === 0 && tries > 0 ? `0 (≤ ${(3 / tries).toExponential(0)})` : String(seen);

const countOf = ({ violations }: Outcome, ...rules: readonly Rule[]): number =>
  violations.filter(({ rule }) => rules.includes(rule)).length;

export const given = ({ attempts }: Outcome): number => attempts.filter(({ end }) => end?.type === "given").length;
export const unknown = ({ attempts }: Outcome): number => attempts.filter(({ end }) => end?.type === "unknown").length;
export const refused = ({ attempts }: Outcome, code: string): number =>
  attempts.filter(({ end }) => end?.type === "refused" && end.code === code).length;

const slowest = ({ attempts }: Outcome): number =>
  attempts.reduce((most, { end, askedAt }) => (end === null ? most : Math.max(most, end.at - askedAt)), 0);

const OTHERS: readonly Rule[] = ["CONSERVED", "WHOLE", "REPLAYED", "ONCE", "RESOLVED", "EMPTY", "LIVE"];

const HEAD = [
  "",
  "given",
  "faults",
  "doubles",
  "lost",
  "phantoms",
  "others",
  "unknown",
  "of them done",
  "failed",
  "slowest",
];

/** A table of runs, to be printed when all is over. */
export class Report {
  readonly #rows: string[][] = [];

  add(name: string, outcome: Outcome): void {
    const acks = given(outcome);
    this.#rows.push([
      name,
      String(acks),
      String(outcome.faults),
      bounded(countOf(outcome, "UNIQUE"), acks),
      bounded(countOf(outcome, "ACKNOWLEDGED"), acks),
      bounded(countOf(outcome, "NO PHANTOM"), acks),
      String(countOf(outcome, ...OTHERS)),
      String(unknown(outcome)),
      String(outcome.unknownPublished),
      String(refused(outcome, "storage_failed")),
      `${slowest(outcome)} ms`,
    ]);
  }

  print(title: string): void {
    const rows = [HEAD, ...this.#rows];
    const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    const line = (row: readonly string[]): string =>
      row.map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0))).join("  ");
    console.log([title, ...rows.map(line)].join("\n"));
  }
}
