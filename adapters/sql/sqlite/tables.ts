/**
 * The tables. A table of records has a rowid: its indexes hold the short rowid instead of the id, and long metadata stays
 * in the row. A table whose rows are hardly more than a key is `without rowid`.
 *
 * SQLite compares text by bytes. In UTF-8 that is the order of code points.
 */
const VOUCHERS = [
  `create table oncecode_vouchers (
    id text not null primary key,
    code text not null unique,
    campaign_id text,
    campaign text,
    type text not null,
    is_referral_code integer not null,
    active integer not null,
    start_date text,
    expiration_date text,
    created_at text not null,
    updated_at text,
    revision integer not null,
    holder_id text,
    publication_id text,
    rank real not null,
    set_aside integer not null default 0,
    metadata text not null,
    details text not null
  )`,
  // A draw walks along this index. A voucher leaves it when it is published, disabled or set aside.
  `create index oncecode_vouchers_in_pool on oncecode_vouchers (campaign_id, rank, expiration_date)
    where campaign_id is not null and publication_id is null and active = 1 and set_aside = 0`,
  `create index oncecode_vouchers_set_aside on oncecode_vouchers (campaign_id, expiration_date) where set_aside = 1`,
  "create index oncecode_vouchers_by_time on oncecode_vouchers (created_at, id)",
  `create index oncecode_vouchers_by_campaign_id on oncecode_vouchers (campaign_id, created_at, id)
    where campaign_id is not null`,
  `create index oncecode_vouchers_by_campaign on oncecode_vouchers (campaign, created_at, id)
    where campaign is not null`,
  `create index oncecode_vouchers_by_holder on oncecode_vouchers (holder_id, created_at, id)
    where holder_id is not null`,
];

const PUBLICATIONS = [
  `create table oncecode_publications (
    id text not null primary key,
    result text not null,
    created_at text not null,
    customer_id text not null,
    tracking_id text,
    channel text not null,
    source_id text,
    campaign_id text,
    campaign text,
    voucher_type text,
    is_referral_code integer not null,
    failure_code text,
    codes text not null,
    voucher_ids text not null,
    metadata text not null,
    details text not null
  )`,
  "create index oncecode_publications_by_time on oncecode_publications (created_at, id)",
  "create index oncecode_publications_by_customer on oncecode_publications (customer_id, created_at, id)",
  `create index oncecode_publications_by_campaign_id on oncecode_publications (campaign_id, created_at, id)
    where campaign_id is not null`,
  `create index oncecode_publications_by_campaign on oncecode_publications (campaign, created_at, id)
    where campaign is not null`,
  `create index oncecode_publications_by_source on oncecode_publications (source_id, created_at, id)
    where source_id is not null`,
  // The vouchers of failed publications.
  "create table oncecode_failures (publication_id text not null, voucher_id text, code text)",
  "create index oncecode_failures_by_voucher on oncecode_failures (voucher_id, publication_id)",
  "create index oncecode_failures_by_code on oncecode_failures (code, publication_id)",
  "create table oncecode_keys (key text not null primary key, publication_id text not null) without rowid",
];

const CAMPAIGNS_AND_CUSTOMERS = [
  `create table oncecode_campaigns (
    id text not null primary key,
    name text not null unique,
    type text not null,
    campaign_type text not null,
    join_once integer not null,
    active integer not null,
    start_date text,
    expiration_date text,
    created_at text not null,
    updated_at text,
    revision integer not null,
    metadata text not null,
    details text not null
  )`,
  "create index oncecode_campaigns_by_time on oncecode_campaigns (created_at, id)",
  `create table oncecode_customers (
    id text not null primary key,
    source_id text unique,
    name text,
    email text,
    phone text,
    birthdate text,
    created_at text not null,
    updated_at text,
    revision integer not null,
    metadata text not null,
    details text not null
  )`,
  "create index oncecode_customers_by_time on oncecode_customers (created_at, id)",
];

const wasPublished = (row: "old" | "new"): string =>
  `exists (select 1 from oncecode_retired where voucher_id = ${row}.id)
   or exists (select 1 from oncecode_retired where code = ${row}.code)`;
const refusal = "select raise(fail, 'A voucher and its code are published once')";

/**
 * The triggers refuse a second publication of a voucher or a code, even if every other statement were wrong. A published
 * voucher never changes its publication. When it is deleted, `oncecode_retired` keeps its code, so that no other voucher
 * gets that code.
 *
 * A table of all claims would do the same. Each of its rows is on two pages of its own, which doubles what a commit writes.
 *
 * The triggers use `fail`, not `abort`, like the statements that fire them. For `abort`, SQLite copies each page that a
 * statement changes.
 */
const CLAIMS = [
  `create table oncecode_retired (
    voucher_id text not null primary key,
    code text not null unique,
    publication_id text not null
  ) without rowid`,
  `create view oncecode_claims (voucher_id, code, publication_id) as
    select id, code, publication_id from oncecode_vouchers where publication_id is not null
    union all select voucher_id, code, publication_id from oncecode_retired`,
  `create trigger oncecode_vouchers_publish before update of publication_id on oncecode_vouchers
    when old.publication_id is not null or ${wasPublished("old")}
    begin ${refusal}; end`,
  `create trigger oncecode_vouchers_publish_new before insert on oncecode_vouchers
    when new.publication_id is not null and (${wasPublished("new")})
    begin ${refusal}; end`,
  `create trigger oncecode_vouchers_retire after delete on oncecode_vouchers when old.publication_id is not null
    begin insert or fail into oncecode_retired (voucher_id, code, publication_id)
      values (old.id, old.code, old.publication_id); end`,
];

/** The first version of the tables. */
export const TABLES_0001: readonly string[] = [...VOUCHERS, ...PUBLICATIONS, ...CAMPAIGNS_AND_CUSTOMERS, ...CLAIMS];
