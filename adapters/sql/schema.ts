import type { EditableKind, Kind } from "oncecode";

/** All names have one prefix, because the tables may be in a database of the host. */
export const TABLES = {
  publications: "oncecode_publications",
  vouchers: "oncecode_vouchers",
  campaigns: "oncecode_campaigns",
  customers: "oncecode_customers",
  /** The publication of each published voucher. A row is never changed or deleted. */
  claims: "oncecode_claims",
  /** The publication that owns each key. */
  keys: "oncecode_keys",
  /** The vouchers and codes of failed publications. */
  failures: "oncecode_failures",
  /** On PostgreSQL: the active, unpublished vouchers of campaigns. */
  pool: "oncecode_pool",
} as const;
/** The names of the tables. The types use the default prefix, even if a host has chosen another one. */
export type Tables = typeof TABLES;

/** The default prefix of table names. */
export const DEFAULT_PREFIX = "oncecode_";

/** The values that every driver can bind and return. */
export type SqlValue = null | number | string;

/** 1 is true. Not every driver can bind a boolean. */
export type Flag = 0 | 1;
/** JSON, stored as text, so that the order of keys and the spelling of numbers stay. */
type JsonText = string;

/**
 * A row has a column for each property that a filter, an order or a decision uses. `details` holds the rest of the
 * record. The name of a column is the property's name in snake_case.
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

/** The type of a column's values. */
export type ColumnType = "text" | "integer" | "real";

/** The columns of each kind, in the order of its rows. */
export const COLUMNS: { readonly [K in Kind]: { readonly [C in keyof Rows[K]]: ColumnType } } = {
  publications: {
    id: "text",
    result: "text",
    created_at: "text",
    customer_id: "text",
    tracking_id: "text",
    channel: "text",
    source_id: "text",
    campaign_id: "text",
    campaign: "text",
    voucher_type: "text",
    is_referral_code: "integer",
    failure_code: "text",
    codes: "text",
    voucher_ids: "text",
    metadata: "text",
    details: "text",
  },
  vouchers: {
    id: "text",
    code: "text",
    campaign_id: "text",
    campaign: "text",
    type: "text",
    is_referral_code: "integer",
    active: "integer",
    start_date: "text",
    expiration_date: "text",
    created_at: "text",
    updated_at: "text",
    revision: "integer",
    holder_id: "text",
    publication_id: "text",
    rank: "real",
    metadata: "text",
    details: "text",
  },
  campaigns: {
    id: "text",
    name: "text",
    type: "text",
    campaign_type: "text",
    join_once: "integer",
    active: "integer",
    start_date: "text",
    expiration_date: "text",
    created_at: "text",
    updated_at: "text",
    revision: "integer",
    metadata: "text",
    details: "text",
  },
  customers: {
    id: "text",
    source_id: "text",
    name: "text",
    email: "text",
    phone: "text",
    birthdate: "text",
    created_at: "text",
    updated_at: "text",
    revision: "integer",
    metadata: "text",
    details: "text",
  },
};

/** The largest number of vouchers that one statement sets aside. An expired campaign may have millions: many short steps do not block other calls. */
export const SET_ASIDE_MAX = 4000;

const editable = <K extends EditableKind>(kind: K, immutable: readonly (keyof Rows[K])[]): ReadonlySet<string> => {
  const columns = new Set(Object.keys(COLUMNS[kind]));
  for (const column of immutable) columns.delete(String(column));
  return columns;
};

/** The columns that an edit of a record writes. The others never change after the creation, or only a publication changes them. */
export const EDITABLE_COLUMNS: Readonly<Record<EditableKind, ReadonlySet<string>>> = {
  campaigns: editable("campaigns", ["id", "name", "created_at"]),
  vouchers: editable("vouchers", [
    "id",
    "code",
    "campaign_id",
    "campaign",
    "created_at",
    "holder_id",
    "publication_id",
    "rank",
  ]),
  customers: editable("customers", ["id", "created_at"]),
};
