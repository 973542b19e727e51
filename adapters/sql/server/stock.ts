import { sql } from "kysely";
import { type AddResult, compareText, type Stock, type VoucherRecord } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { Database, Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { DatabaseError } from "./errors.ts";
import type { PortCall } from "./retries.ts";
import { selectByValues } from "./value-select.ts";

/** All calls insert in the order of codes, so that two calls cannot deadlock. The sort is stable: of two equal codes, the first wins. */
const sortedByCode = (vouchers: readonly VoucherRecord[]): readonly VoucherRecord[] =>
  [...vouchers].sort((a, b) => compareText(a.code, b.code));

const codeOf = ({ code }: VoucherRecord): string => code;
const idOf = ({ id }: VoucherRecord): string => id;

export const stockOn = (dialect: ServerDialect): ((database: Database, portCall: PortCall) => Stock) => {
  const { tables } = dialect;

  /** Finds out which of some values a column has. */
  const valueFinder = (table: string, column: string, lock = sql``) => {
    const by = sql.ref(column);
    const select = selectByValues<{ readonly value: string }>(dialect, {
      columns: sql`${by} as value`,
      from: sql.table(table),
      by,
      lock,
    });
    return async (session: Session, values: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set((await select(session, values)).map(({ value }) => value));
  };
  const findCampaignIds = valueFinder(tables.campaigns, "id", dialect.forShare);
  const findVoucherIds = valueFinder(tables.vouchers, "id");
  const findClaimedCodes = valueFinder(tables.claims, "code");

  const addAll = async (session: Session, vouchers: readonly VoucherRecord[]): Promise<readonly AddResult[]> => {
    const campaignIds = new Set(vouchers.flatMap(({ campaignId }) => (campaignId === null ? [] : [campaignId])));
    const campaigns = await findCampaignIds(session, [...campaignIds]);
    const hasCampaign = ({ campaignId }: VoucherRecord): boolean => campaignId === null || campaigns.has(campaignId);
    const claimedCodes = await findClaimedCodes(session, vouchers.map(codeOf));
    const free = vouchers.filter((voucher) => hasCampaign(voucher) && !claimedCodes.has(voucher.code));
    if (free.length > 0)
      await dialect.insertIgnoringConflicts(session, sortedByCode(free).map(ROW_MAPPINGS.vouchers.toRow));
    const claimedMeanwhile = await findClaimedCodes(session, free.map(codeOf));
    // Another voucher with this code was published and deleted while we inserted.
    if (claimedMeanwhile.size > 0) throw new DatabaseError("retry", new Error("A code was published meanwhile"));
    const storedIds = await findVoucherIds(session, vouchers.map(idOf));
    return vouchers.map((voucher) => {
      if (storedIds.has(voucher.id)) return "added";
      return hasCampaign(voucher) ? "taken" : "gone";
    });
  };

  return (database, portCall) => ({
    add: (vouchers) => portCall(() => database.write((session) => addAll(session, vouchers))),
  });
};
