import type { PublicationEntry } from "oncecode";
import { EXTENDING, OWN } from "./campaigns.ts";
import type { Finding } from "./checking.ts";
import type { Listed } from "./listing.ts";
import type { Commits } from "./metering.ts";
import { type RefusedRow, shownRefusals } from "./refusals.ts";
import type { Tally } from "./tally.ts";
import { type Line, number } from "./terminal.ts";

/** What the demo says, section by section: data in, lines out. */

const line =
  (style: Line["style"]) =>
  (text: string): Line => ({ style, text });
const [title, plain, detail] = [line("title"), line("plain"), line("detail")];
const blank: Line = plain("");

const count = (amount: number, one: string, many: string = `${one}s`): string =>
  `${number(amount)} ${amount === 1 ? one : many}`;
const labelled = (label: string, text: string): Line => plain(`  ${label.padEnd(12)}${text}`);
const further = (text: string): Line => detail(`  ${" ".repeat(12)}${text}`);

/** Of each kind of mistake. */
const ROWS_SHOWN = 12;

/** One list that was read: `used` of its rows, and why not the others. */
export interface ReadList {
  readonly path: string;
  readonly rows: number;
  readonly used: number;
  readonly refused: readonly RefusedRow[];
}

const refusalLines = ({ path, refused }: ReadList): readonly Line[] => {
  const { rows, more } = shownRefusals(refused, ROWS_SHOWN);
  return [
    ...rows.map(({ line: at, reason }) => detail(`    ${path}:${at}  ${reason}`)),
    ...(more.malformed > 0 ? [detail(`    … and ${count(more.malformed, "malformed row")} more`)] : []),
    ...(more.known > 0 ? [detail(`    … and ${count(more.known, "code")} more that the database has already`)] : []),
  ];
};

const listLine = (label: string, verb: string, list: ReadList): Line =>
  labelled(
    label,
    `${count(list.rows, "row")} read = ${number(list.used)} ${verb} + ${number(list.refused.length)} refused`,
  );

export const readSection = (codes: ReadList, customers: ReadList, usedBefore: boolean): readonly Line[] => [
  title("Import"),
  ...(usedBefore
    ? [plain("  The demo has run on this database before: it goes on where it was, nothing is lost.")]
    : []),
  listLine("codes", "imported", codes),
  ...refusalLines(codes),
  listLine("customers", "to be served", customers),
  ...refusalLines(customers),
  blank,
];

export interface Published {
  readonly tally: Tally;
  readonly customers: number;
  readonly callers: number;
  readonly milliseconds: number;
  readonly extendedBy: number;
  readonly commits: Commits;
}

const WHY: Readonly<Record<string, string>> = {
  no_voucher_suitable_for_publication: "the merchant's codes are gone, or expired",
  voucher_already_published: "asked for by name, but somebody else has it",
  duplicate_source_id: "this order got another code in an earlier run",
};

const rate = (amount: number, milliseconds: number): string =>
  number(Math.round((1000 * amount) / Math.max(1, milliseconds)));

const timeLine = ({ tally, milliseconds }: Published): Line =>
  labelled(
    "Time",
    `${(milliseconds / 1000).toFixed(2)} s: ${rate(tally.published.length, milliseconds)} publications, ` +
      `${rate(tally.requests, milliseconds)} requests per second`,
  );

const commitLines = ({ count: commits, largest }: Commits): readonly Line[] =>
  commits === 0
    ? []
    : [labelled("Commits", `${number(commits)}, each shared by up to ${count(largest, "publication")}`)];

export const publishedSection = (published: Published): readonly Line[] => {
  const { tally, customers, callers, extendedBy, commits } = published;
  const from = (campaign: string): string => number(tally.published.filter((one) => one.campaign === campaign).length);
  const { bySourceId, byJoinOnce } = tally.replayed;
  const refusals = tally.refused.reduce((sum, one) => sum + one.count, 0);
  return [
    title(`Publishing, ${count(callers, "caller")} at once`),
    labelled("Asked", `${count(tally.requests, "request")} for ${count(customers, "customer")}`),
    further(`${number(tally.repeats)} of them repeats, as of a client that lost the answer`),
    labelled("Published", `${number(tally.published.length)}`),
    further(`${from(OWN)} of the merchant's codes, ${from(EXTENDING)} of the campaign that extends itself`),
    labelled("Replayed", `${number(bySourceId + byJoinOnce)}, which took no second code`),
    further(`${number(bySourceId)} by the order's id, ${number(byJoinOnce)} by joinOnce`),
    labelled("Refused", refusals === 0 ? "0" : `${number(refusals)}, each then offered what is next, if anything`),
    ...tally.refused.map(({ code, count: times, message }) =>
      further(`${number(times).padStart(5)}  ${code}: ${WHY[code] ?? message}`),
    ),
    labelled("Served", `${number(tally.served)} of ${count(customers, "customer")}`),
    labelled("Extended", `by ${count(extendedBy, "code")}, made when the pool was dry`),
    timeLine(published),
    ...commitLines(commits),
    blank,
  ];
};

const entryText = (entry: PublicationEntry): string => {
  const what = entry.result === "SUCCESS" ? entry.codes.join(" ") : entry.failureCode;
  return `${entry.createdAt}  ${what.padEnd(20)}  ${entry.channel.padEnd(18)}  ${entry.customer.name ?? entry.trackingId ?? entry.customerId}`;
};

export const listsSection = (lists: readonly Listed[]): readonly Line[] => [
  title("Lists"),
  ...lists.flatMap(({ asked, count: found, sample }) => [
    plain(`  ${asked.padEnd(56)}${number(found).padStart(8)}`),
    ...sample.map((entry) => detail(`    ${entryText(entry)}`)),
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
