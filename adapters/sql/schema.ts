import type { Kind } from "oncecode";

/** Every name starts alike, because the tables may live in a database of the host's. */
export const TABLES: Readonly<Record<Kind, string>> = {
  publications: "oncecode_publications",
  vouchers: "oncecode_vouchers",
  campaigns: "oncecode_campaigns",
  customers: "oncecode_customers",
};

export const MIGRATIONS_TABLE = "oncecode_migrations";
export const MIGRATIONS_LOCK_TABLE = "oncecode_migrations_lock";

/** What every driver can bind and give back. */
export type SqlValue = null | number | string;

/** 1 is true: not every driver can bind a boolean. */
export type Flag = 0 | 1;
/** JSON, stored as text so that it comes back as it was. */
type JsonText = string;

/**
 * Rows have a column for whatever is filtered, ordered or decided by. `details` is the rest of the record. A column is
 * called as the record's property, in snake_case.
 */
export type PublicationRow = {
  readonly id: string;
  readonly result: string;
  readonly created_at: string;
  readonly customer_id: string;
  readonly tracking_id: string | null;
  readonly channel: string;
  readonly source_id: string | null;
  readonly campaign_id: string | null;
  readonly campaign: string | null;
  readonly voucher_type: string | null;
  readonly is_referral_code: Flag;
  readonly failure_code: string | null;
  readonly codes: JsonText;
  readonly voucher_ids: JsonText;
  readonly metadata: JsonText;
  readonly details: JsonText;
};

type RevisedRow = {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string | null;
  readonly revision: number;
  readonly metadata: JsonText;
  readonly details: JsonText;
};

export type VoucherRow = RevisedRow & {
  readonly code: string;
  readonly campaign_id: string | null;
  readonly campaign: string | null;
  readonly type: string;
  readonly is_referral_code: Flag;
  readonly active: Flag;
  readonly start_date: string | null;
  readonly expiration_date: string | null;
  readonly holder_id: string | null;
  readonly publication_id: string | null;
  readonly rank: number;
};

export type CampaignRow = RevisedRow & {
  readonly name: string;
  readonly type: string;
  readonly campaign_type: string;
  readonly join_once: Flag;
  readonly active: Flag;
  readonly start_date: string | null;
  readonly expiration_date: string | null;
};

export type CustomerRow = RevisedRow & {
  readonly source_id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly birthdate: string | null;
};

export interface Rows {
  readonly publications: PublicationRow;
  readonly vouchers: VoucherRow;
  readonly campaigns: CampaignRow;
  readonly customers: CustomerRow;
}

/** `createdAt` is stored as `created_at`. */
export const columnName = (property: string): string =>
  property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
