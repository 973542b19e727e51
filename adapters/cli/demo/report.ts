import {
  blank,
  continuationRow,
  detail,
  formatCount,
  formatNumber,
  type Line,
  labelledRow,
  plain,
  title,
} from "../layout.ts";
import { MERCHANT_CAMPAIGN, SELF_EXTENDING_CAMPAIGN } from "./campaigns.ts";
import type { CommitCounts } from "./commit-counter.ts";
import { type ListReadResult, sampleRefusals } from "./refused-rows.ts";
import type { Tally } from "./tally.ts";

// The report of the demo, section by section. Each function makes lines from data.

/** In a second run, every code is an existing one. A few lines of them are enough. */
const ROWS_SHOWN = { malformed: 20, existing: 3 };

const refusalLines = ({ path, refused }: ListReadResult): readonly Line[] => {
  const { rows, more } = sampleRefusals(refused, ROWS_SHOWN);
  return [
    ...rows.map(({ line: at, reason }) => detail(`    ${path}:${at}  ${reason}`)),
    ...(more.malformed > 0 ? [detail(`    … and ${formatCount(more.malformed, "malformed row")} more`)] : []),
    ...(more.existing > 0
      ? [detail(`    … and ${formatCount(more.existing, "code")} more that the database has already`)]
      : []),
  ];
};

const listLine = (label: string, verb: string, list: ListReadResult): Line =>
  labelledRow(
    label,
    `${formatCount(list.rows, "row")} read = ${formatNumber(list.used)} ${verb} + ${formatNumber(list.refused.length)} refused`,
  );

export const readSection = (codes: ListReadResult, customers: ListReadResult, usedBefore: boolean): readonly Line[] => [
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

export interface PublishReport {
  readonly tally: Tally;
  readonly customers: number;
  readonly callers: number;
  readonly milliseconds: number;
  /** The pool of the AUTO_UPDATE campaign at the start, and the number of new codes. */
  readonly pool: number;
  readonly extendedBy: number;
  readonly commits: CommitCounts;
}

const REASONS: Readonly<Record<string, string>> = {
  no_voucher_suitable_for_publication: "the merchant's codes are gone, or expired",
  voucher_already_published: "the named code belongs to another customer",
  duplicate_source_id: "this order got another code in an earlier run",
};

const rate = (amount: number, milliseconds: number): string =>
  formatNumber(Math.round((1000 * amount) / Math.max(1, milliseconds)));

const timeLine = ({ tally, milliseconds }: PublishReport): Line =>
  labelledRow(
    "Time",
    `${(milliseconds / 1000).toFixed(2)} s: ${rate(tally.published.length, milliseconds)} publications, ` +
      `${rate(tally.requests, milliseconds)} requests per second`,
  );

const extensionText = ({ pool, extendedBy }: PublishReport): string =>
  extendedBy === 0
    ? `not at all: its pool of ${formatNumber(pool)} was enough`
    : `by ${formatCount(extendedBy, "code")}, after its pool of ${formatNumber(pool)} was empty`;

const commitLines = ({ count: commits, largest }: CommitCounts): readonly Line[] =>
  commits === 0
    ? []
    : [labelledRow("Commits", `${formatNumber(commits)}, each shared by up to ${formatCount(largest, "publication")}`)];

export const publishedSection = (report: PublishReport): readonly Line[] => {
  const { tally, customers, callers, commits } = report;
  const countFrom = (campaign: string): string =>
    formatNumber(tally.published.filter((one) => one.campaign === campaign).length);
  const { bySourceId, byJoinOnce } = tally.replayed;
  const refusals = tally.refused.reduce((sum, one) => sum + one.count, 0);
  return [
    title(`Publishing, ${formatCount(callers, "caller")} at once`),
    labelledRow("Asked", `${formatCount(tally.requests, "request")} for ${formatCount(customers, "customer")}`),
    continuationRow(`${formatNumber(tally.repeats)} of them retries, like those of a client that lost the answer`),
    labelledRow("Published", `${formatNumber(tally.published.length)}`),
    continuationRow(
      `${countFrom(MERCHANT_CAMPAIGN)} of the merchant's codes, ${countFrom(SELF_EXTENDING_CAMPAIGN)} of the campaign that extends itself`,
    ),
    labelledRow("Replayed", `${formatNumber(bySourceId + byJoinOnce)}, which took no second code`),
    continuationRow(`${formatNumber(bySourceId)} by the order's id, ${formatNumber(byJoinOnce)} by joinOnce`),
    labelledRow(
      "Refused",
      refusals === 0 ? "0" : `${formatCount(refusals, "request")}, after which the customer asked for something else`,
    ),
    ...tally.refused.map(({ code, count: times, message }) =>
      continuationRow(`${formatNumber(times).padStart(5)}  ${code}: ${REASONS[code] ?? message}`),
    ),
    labelledRow("Served", `${formatNumber(tally.customersServed)} of ${formatCount(customers, "customer")}`),
    labelledRow("Extended", extensionText(report)),
    timeLine(report),
    ...commitLines(commits),
    blank,
  ];
};
