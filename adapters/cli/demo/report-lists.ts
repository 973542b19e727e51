import type { PublicationEntry } from "oncecode";
import { blank, detail, formatNumber, type Line, plain, title } from "../layout.ts";
import type { CheckResult } from "./database-checks.ts";
import type { QueryResult } from "./example-queries.ts";

const resultText = (entry: PublicationEntry): string =>
  entry.result === "SUCCESS" ? entry.codes.join(" ") : entry.failureCode;

const entryLines = (entries: readonly PublicationEntry[]): readonly Line[] => {
  const width = Math.max(...entries.map((entry) => resultText(entry).length));
  return entries.map((entry) => {
    const customer = entry.customer.name ?? entry.trackingId ?? entry.customerId;
    return detail(
      `    ${entry.createdAt}  ${resultText(entry).padEnd(width)}  ${entry.channel.padEnd(18)}  ${customer}`,
    );
  });
};

export const listsSection = (lists: readonly QueryResult[]): readonly Line[] => [
  title("Lists"),
  ...lists.flatMap(({ queryText, count: found, sample }) => [
    plain(`  ${queryText.padEnd(72)}${formatNumber(found).padStart(7)}`),
    ...entryLines(sample),
  ]),
  blank,
];

export const checkSection = (checks: readonly CheckResult[]): readonly Line[] => [
  title("Checked by SQL on the file, without the engine"),
  ...checks.map(
    ({ rule, hasPassed: passed, details }): Line => ({
      style: passed ? "good" : "bad",
      text: `  ${passed ? "✓" : "✗"} ${rule.padEnd(48)}  ${details}`,
    }),
  ),
  blank,
];

export const endSection = (filename: string): readonly Line[] => [
  plain(`The database, for any SQLite tool: ${filename}`),
];
