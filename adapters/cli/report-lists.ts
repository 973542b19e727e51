import type { PublicationEntry } from "oncecode";
import type { Finding } from "./checking.ts";
import { blank, detail, type Line, number, plain, title } from "./layout.ts";
import type { Listed } from "./listing.ts";

const outcomeOf = (entry: PublicationEntry): string =>
  entry.result === "SUCCESS" ? entry.codes.join(" ") : entry.failureCode;

const entryLines = (entries: readonly PublicationEntry[]): readonly Line[] => {
  const width = Math.max(...entries.map((entry) => outcomeOf(entry).length));
  return entries.map((entry) => {
    const who = entry.customer.name ?? entry.trackingId ?? entry.customerId;
    return detail(`    ${entry.createdAt}  ${outcomeOf(entry).padEnd(width)}  ${entry.channel.padEnd(18)}  ${who}`);
  });
};

export const listsSection = (lists: readonly Listed[]): readonly Line[] => [
  title("Lists"),
  ...lists.flatMap(({ asked, count: found, sample }) => [
    plain(`  ${asked.padEnd(72)}${number(found).padStart(7)}`),
    ...entryLines(sample),
  ]),
  blank,
];

export const checkSection = (findings: readonly Finding[]): readonly Line[] => [
  title("Checked by SQL on the file, past the engine"),
  ...findings.map(
    ({ claim, holds, found }): Line => ({
      style: holds ? "good" : "bad",
      text: `  ${holds ? "✓" : "✗"} ${claim.padEnd(48)}  ${found}`,
    }),
  ),
  blank,
];

export const endSection = (filename: string): readonly Line[] => [
  plain(`The database, for any SQLite tool: ${filename}`),
];
