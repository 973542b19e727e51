import { sql } from "kysely";
import { type Added, type CampaignId, compareText, type Stock, type VoucherRecord } from "oncecode";
import { MAPPINGS } from "../rows.ts";
import type { Database, Session } from "./database.ts";
import type { ServerDialect } from "./dialect.ts";
import { type Calling, Fault } from "./faults.ts";

/** In the order of codes, so that calls which overlap wait for each other and no more. The first of a code stays first. */
const inOrder = (vouchers: readonly VoucherRecord[]): readonly VoucherRecord[] =>
  [...vouchers].sort((a, b) => compareText(a.code, b.code));

export const stock = (database: Database, dialect: ServerDialect, calling: Calling): Stock => {
  const { tables } = dialect;

  const ids = async <Id extends string>(
    session: Session,
    kind: "campaigns" | "vouchers",
    wanted: readonly Id[],
    lock = sql``,
  ): Promise<ReadonlySet<string>> => {
    if (wanted.length === 0) return new Set();
    const { rows } = await sql<{ readonly id: string }>`
      select id from ${sql.table(tables[kind])} where ${dialect.isAmong(sql.ref("id"), wanted)} ${lock}`.execute(
      session,
    );
    return new Set(rows.map(({ id }) => id));
  };

  const publishedCodes = async (session: Session, codes: readonly string[]): Promise<ReadonlySet<string>> => {
    if (codes.length === 0) return new Set();
    const { rows } = await sql<{ readonly code: string }>`
      select code from ${sql.table(tables.claims)} where ${dialect.isAmong(sql.ref("code"), codes)}`.execute(session);
    return new Set(rows.map(({ code }) => code));
  };

  const addAll = async (session: Session, vouchers: readonly VoucherRecord[]): Promise<readonly Added[]> => {
    const campaignIds = new Set(vouchers.flatMap(({ campaignId }) => (campaignId === null ? [] : [campaignId])));
    const campaigns = await ids<CampaignId>(session, "campaigns", [...campaignIds], dialect.forShare);
    const isThere = ({ campaignId }: VoucherRecord): boolean => campaignId === null || campaigns.has(campaignId);
    const published = await publishedCodes(
      session,
      vouchers.map(({ code }) => code),
    );
    const free = vouchers.filter((voucher) => isThere(voucher) && !published.has(voucher.code));
    if (free.length > 0) await dialect.insertFree(session, "vouchers", inOrder(free).map(MAPPINGS.vouchers.toRow));
    const since = await publishedCodes(
      session,
      free.map(({ code }) => code),
    );
    // Its first voucher was published and deleted while this one was added.
    if (since.size > 0) throw new Fault("again", new Error("A code was published meanwhile"));
    const present = await ids(
      session,
      "vouchers",
      vouchers.map(({ id }) => id),
    );
    return vouchers.map((voucher) => {
      if (present.has(voucher.id)) return "added";
      return isThere(voucher) ? "taken" : "gone";
    });
  };

  return { add: (vouchers) => calling(() => database.write((session) => addAll(session, vouchers))) };
};
