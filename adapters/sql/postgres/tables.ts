import { type RawBuilder, sql } from "kysely";
import type { Tables } from "../schema.ts";

/** Compares by bytes, which in UTF-8 is the order of code points, whatever the database is set to. */
const text = sql`text collate "C"`;

/** An index is called as its table, and by what it is good for. */
const index = (table: string, name: string, on: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`create index ${sql.id(`${table.replace(/^.*\./, "")}_${name}`)} on ${sql.table(table)} ${on}`;

/**
 * A voucher's row is changed by whoever takes it, in no column that an index has, and its page has room: so the change is
 * written to that page, and to no index. What a draw needs to know is in the pool, who has it in the claims.
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
 * What a draw walks along: of each voucher that is of a campaign, unpublished and active what it has to know before it
 * locks the voucher itself. Who changes a voucher changes this after it, in the same transaction.
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
 * `claims` has one row per published voucher, for good: it outlives the voucher, so its code is never another's. Were
 * all other statements wrong, its keys would still refuse a second publication.
 */
const claimsKeysAndAttempts = ({ claims, keys, attempts }: Tables): readonly RawBuilder<unknown>[] => [
  sql`create table ${sql.table(claims)} (
    voucher_id ${text} not null primary key,
    code ${text} not null unique,
    publication_id ${text} not null,
    holder_id ${text} not null
  )`,
  index(claims, "by_holder", sql`(holder_id)`),
  sql`create table ${sql.table(keys)} (key ${text} not null primary key, publication_id ${text} not null)`,
  sql`create table ${sql.table(attempts)} (publication_id ${text} not null, voucher_id ${text}, code ${text})`,
  index(attempts, "by_voucher", sql`(voucher_id, publication_id)`),
  index(attempts, "by_code", sql`(code, publication_id)`),
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
  ...claimsKeysAndAttempts(tables),
  ...campaigns(tables.campaigns),
  ...customers(tables.customers),
];
