import { EXTENDING, OWN } from "./campaigns.ts";
import { blank, count, detail, further, type Line, labelled, number, plain, title } from "./layout.ts";
import type { Commits } from "./metering.ts";
import { type ReadList, shownRefusals } from "./refusals.ts";
import type { Tally } from "./tally.ts";

/** What the demo says, section by section: data in, lines out. */

/** A list that was imported before has the same to say of each row. */
const ROWS_SHOWN = { malformed: 20, known: 3 };

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
  /** Of the campaign that extends itself: how many codes it had to give, and how many it then made. */
  readonly pool: number;
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

const extensionText = ({ pool, extendedBy }: Published): string =>
  extendedBy === 0
    ? `not at all: its pool of ${number(pool)} was enough`
    : `by ${count(extendedBy, "code")}, made when its pool of ${number(pool)} was dry`;

const commitLines = ({ count: commits, largest }: Commits): readonly Line[] =>
  commits === 0
    ? []
    : [labelled("Commits", `${number(commits)}, each shared by up to ${count(largest, "publication")}`)];

export const publishedSection = (published: Published): readonly Line[] => {
  const { tally, customers, callers, commits } = published;
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
    labelled(
      "Refused",
      refusals === 0 ? "0" : `${count(refusals, "request")}, after which the customer asked for something else`,
    ),
    ...tally.refused.map(({ code, count: times, message }) =>
      further(`${number(times).padStart(5)}  ${code}: ${WHY[code] ?? message}`),
    ),
    labelled("Served", `${number(tally.served)} of ${count(customers, "customer")}`),
    labelled("Extended", extensionText(published)),
    timeLine(published),
    ...commitLines(commits),
    blank,
  ];
};
