import { type RawBuilder, sql } from "kysely";
import type { Tables } from "../schema.ts";

/** This collation compares bytes. In UTF-8 that is the order of code points. */
const text = sql`text collate "C"`;

/** The name of an index is the name of its table, and its purpose. */
const index = (table: string, name: string, on: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`create index ${sql.id(`${table.replace(/^.*\./, "")}_${name}`)} on ${sql.table(table)} ${on}`;

/**
 * A publication updates the row of each voucher. The updated columns have no index, and pages are 85 % full. So PostgreSQL
 * writes the new version to the same page and to no index (a HOT update). The pool table has the columns that a draw
 * needs, and the claims table has the holder.
 */
const vouchers = (table: string): readonly RawBuilder<unknown>[] => [
  sql`create table ${sql.table(table)} (
    id ${text} not null primary key,
    code ${text} not null unique,
    campaign_id ${text},
    campaign ${text},
    type ${text} not null,
    is_referral_code smallint not null,
    active smallint not null,
    start_date ${text},
    expiration_date ${text},
    created_at ${text} not null,
    updated_at ${text},
    revision integer not null,
    holder_id ${text},
    publication_id ${text},
    rank double precision not null,
    metadata text not null,
    details text not null
  ) with (fillfactor = 85)`,
  index(table, "by_time", sql`(created_at, id)`),
  index(table, "by_campaign_id", sql`(campaign_id, created_at, id) where campaign_id is not null`),
  index(table, "by_campaign", sql`(campaign, created_at, id) where campaign is not null`),
];

/**
 * The pool: one entry per active, unpublished voucher of a campaign, with the columns that a draw needs before it locks
 * the voucher. A transaction that changes a voucher changes its entry afterwards.
 */
const pool = (table: string): readonly RawBuilder<unknown>[] => [
  sql`create table ${sql.table(table)} (
    id ${text} not null primary key,
    campaign_id ${text} not null,
    rank double precision not null,
    expiration_date ${text},
    revision integer not null,
    set_aside smallint not null default 0
  )`,
  index(table, "by_rank", sql`(campaign_id, set_aside, rank, id)`),
  index(table, "expiring", sql`(campaign_id, set_aside, expiration_date) where expiration_date is not null`),
];

const publications = (table: string): readonly RawBuilder<unknown>[] => [
  sql`create table ${sql.table(table)} (
    id ${text} not null primary key,
    result ${text} not null,
    created_at ${text} not null,
    customer_id ${text} not null,
    tracking_id ${text},
    channel ${text} not null,
    source_id ${text},
    campaign_id ${text},
    campaign ${text},
    voucher_type ${text},
    is_referral_code smallint not null,
    failure_code ${text},
    codes text not null,
    voucher_ids text not null,
    metadata text not null,
    details text not null
  )`,
  index(table, "by_time", sql`(created_at, id)`),
  index(table, "by_customer", sql`(customer_id, created_at, id)`),
  index(table, "by_campaign_id", sql`(campaign_id, created_at, id) where campaign_id is not null`),
  index(table, "by_campaign", sql`(campaign, created_at, id) where campaign is not null`),
  index(table, "by_source", sql`(source_id, created_at, id) where source_id is not null`),
];

/**
 * `claims` has one row per published voucher. The row stays when the voucher is deleted, so that no other voucher gets its
 * code. Even if all other statements were wrong, the keys of this table would refuse a second publication.
 */
const claimsKeysAndFailures = ({ claims, keys, failures }: Tables): readonly RawBuilder<unknown>[] => [
  sql`create table ${sql.table(claims)} (
    voucher_id ${text} not null primary key,
    code ${text} not null unique,
    publication_id ${text} not null,
    holder_id ${text} not null
  )`,
  index(claims, "by_holder", sql`(holder_id)`),
  sql`create table ${sql.table(keys)} (key ${text} not null primary key, publication_id ${text} not null)`,
  sql`create table ${sql.table(failures)} (publication_id ${text} not null, voucher_id ${text}, code ${text})`,
  index(failures, "by_voucher", sql`(voucher_id, publication_id)`),
  index(failures, "by_code", sql`(code, publication_id)`),
];

const campaigns = (table: string): readonly RawBuilder<unknown>[] => [
  sql`create table ${sql.table(table)} (
    id ${text} not null primary key,
    name ${text} not null unique,
    type ${text} not null,
    campaign_type ${text} not null,
    join_once smallint not null,
    active smallint not null,
    start_date ${text},
    expiration_date ${text},
    created_at ${text} not null,
    updated_at ${text},
    revision integer not null,
    metadata text not null,
    details text not null
  )`,
  index(table, "by_time", sql`(created_at, id)`),
];

const customers = (table: string): readonly RawBuilder<unknown>[] => [
  sql`create table ${sql.table(table)} (
    id ${text} not null primary key,
    source_id ${text} unique,
    name ${text},
    email ${text},
    phone ${text},
    birthdate ${text},
    created_at ${text} not null,
    updated_at ${text},
    revision integer not null,
    metadata text not null,
    details text not null
  )`,
  index(table, "by_time", sql`(created_at, id)`),
];

export const tables0001 = (tables: Tables): readonly RawBuilder<unknown>[] => [
  ...vouchers(tables.vouchers),
  ...pool(tables.pool),
  ...publications(tables.publications),
  ...claimsKeysAndFailures(tables),
  ...campaigns(tables.campaigns),
  ...customers(tables.customers),
];
