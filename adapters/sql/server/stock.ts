import { sql } from "kysely";
import { type AddResult, compareText, type Stock, type VoucherRecord } from "oncecode";
import { MAPPINGS } from "../rows.ts";
import type { Database, Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { type Calling, Fault } from "./faults.ts";
import { selecting } from "./selecting.ts";

/** In the order of codes, so that calls which overlap wait for each other and no more. The first of a code stays first. */
const inOrder = (vouchers: readonly VoucherRecord[]): readonly VoucherRecord[] =>
  [...vouchers].sort((a, b) => compareText(a.code, b.code));

const codeOf = ({ code }: VoucherRecord): string => code;
const idOf = ({ id }: VoucherRecord): string => id;

export const stockOn = (dialect: ServerDialect): ((database: Database, calling: Calling) => Stock) => {
  const { tables } = dialect;

  /** Which of some values a column has. */
  const present = (table: string, column: string, lock = sql``) => {
    const by = sql.ref(column);
    const select = selecting<{ readonly value: string }>(dialect, {
      columns: sql`${by} as value`,
      from: sql.table(table),
      by,
      lock,
    });
    return async (session: Session, values: readonly string[]): Promise<ReadonlySet<string>> =>
      new Set((await select(session, values)).map(({ value }) => value));
  };
  const campaignsIn = present(tables.campaigns, "id", dialect.forShare);
  const vouchersIn = present(tables.vouchers, "id");
  const claimsIn = present(tables.claims, "code");

  const addAll = async (session: Session, vouchers: readonly VoucherRecord[]): Promise<readonly AddResult[]> => {
    const campaignIds = new Set(vouchers.flatMap(({ campaignId }) => (campaignId === null ? [] : [campaignId])));
    const campaigns = await campaignsIn(session, [...campaignIds]);
    const isThere = ({ campaignId }: VoucherRecord): boolean => campaignId === null || campaigns.has(campaignId);
    const published = await claimsIn(session, vouchers.map(codeOf));
    const free = vouchers.filter((voucher) => isThere(voucher) && !published.has(voucher.code));
    if (free.length > 0) await dialect.insertFree(session, inOrder(free).map(MAPPINGS.vouchers.toRow));
    const since = await claimsIn(session, free.map(codeOf));
    // Its first voucher was published and deleted while this one was added.
    if (since.size > 0) throw new Fault("again", new Error("A code was published meanwhile"));
    const stored = await vouchersIn(session, vouchers.map(idOf));
    return vouchers.map((voucher) => {
      if (stored.has(voucher.id)) return "added";
      return isThere(voucher) ? "taken" : "gone";
    });
  };

  return (database, calling) => ({
    add: (vouchers) => calling(() => database.write((session) => addAll(session, vouchers))),
  });
};
