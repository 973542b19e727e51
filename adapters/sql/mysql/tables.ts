import { type RawBuilder, sql } from "kysely";
import { LIMITS } from "oncecode";
import type { Tables } from "../schema.ts";
import type { Flavour } from "./flavour.ts";
import { textType } from "./input-lists.ts";

/** The types of the columns. */
interface Types {
  readonly name: RawBuilder<unknown>;
  readonly email: RawBuilder<unknown>;
  /** An instant or a date. */
  readonly date: RawBuilder<unknown>;
  readonly digest: RawBuilder<unknown>;
  readonly json: RawBuilder<unknown>;
}

const DATE = 64;
const DIGEST = 64;

const typesOf = (flavour: Flavour): Types => ({
  name: textType(flavour, LIMITS.name),
  email: textType(flavour, LIMITS.email),
  date: textType(flavour, DATE),
  digest: textType(flavour, DIGEST),
  json: textType(flavour, "long"),
});

/** One statement creates a table with all its indexes. No transaction could undo a part of it. */
const table = (name: string, columns: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`create table if not exists ${sql.table(name)} (${columns}) engine = InnoDB row_format = dynamic`;

/**
 * A draw walks along `in_pool`. All its columns but the rank have one value in a walk, so that the walk reads only vouchers
 * of the pool. The foreign key is for clusters, in which a lock holds on one server only: without it, one server
 * could delete a campaign while another server adds a voucher to it.
 */
const vouchers = ({ vouchers, campaigns }: Tables, { name, date, json }: Types): RawBuilder<unknown> =>
  table(
    vouchers,
    sql`
    id ${name} not null primary key,
    code ${name} not null,
    campaign_id ${name},
    campaign ${name},
    type ${name} not null,
    is_referral_code smallint not null,
    active smallint not null,
    start_date ${date},
    expiration_date ${date},
    created_at ${date} not null,
    updated_at ${date},
    revision int not null,
    holder_id ${name},
    publication_id ${name},
    \`rank\` double not null,
    set_aside smallint not null default 0,
    metadata ${json} not null,
    details ${json} not null,
    unique key by_code (code),
    key in_pool (campaign_id, publication_id, active, set_aside, \`rank\`),
    key expiring (campaign_id, publication_id, active, set_aside, expiration_date),
    key by_time (created_at, id),
    key by_campaign_id (campaign_id, created_at, id),
    key by_campaign (campaign, created_at, id),
    key by_holder (holder_id, created_at, id),
    constraint ${sql.id(`${vouchers}_campaign`)} foreign key (campaign_id) references ${sql.table(campaigns)} (id)`,
  );

const publications = ({ publications }: Tables, { name, date, json }: Types): RawBuilder<unknown> =>
  table(
    publications,
    sql`
    id ${name} not null primary key,
    result ${name} not null,
    created_at ${date} not null,
    customer_id ${name} not null,
    tracking_id ${name},
    channel ${name} not null,
    source_id ${name},
    campaign_id ${name},
    campaign ${name},
    voucher_type ${name},
    is_referral_code smallint not null,
    failure_code ${name},
    codes ${json} not null,
    voucher_ids ${json} not null,
    metadata ${json} not null,
    details ${json} not null,
    key by_time (created_at, id),
    key by_customer (customer_id, created_at, id),
    key by_campaign_id (campaign_id, created_at, id),
    key by_campaign (campaign, created_at, id),
    key by_source (source_id, created_at, id)`,
  );

/**
 * `claims` has one row per published voucher. The row stays after the voucher is deleted, so that no other voucher can get
 * the code. Even if every other statement were wrong, the keys of this table would stop a second publication.
 */
const claimsKeysAndFailures = (
  { claims, keys, failures }: Tables,
  { name, digest }: Types,
): readonly RawBuilder<unknown>[] => [
  table(
    claims,
    sql`
    voucher_id ${name} not null primary key,
    code ${name} not null,
    publication_id ${name} not null,
    unique key by_code (code)`,
  ),
  table(keys, sql`${sql.ref("key")} ${digest} not null primary key, publication_id ${name} not null`),
  // Clusters and some hosted servers refuse tables without a primary key.
  table(
    failures,
    sql`
    failure bigint not null auto_increment primary key,
    publication_id ${name} not null,
    voucher_id ${name},
    code ${name},
    key by_voucher (voucher_id, publication_id),
    key by_code (code, publication_id)`,
  ),
];

const campaigns = ({ campaigns }: Tables, { name, date, json }: Types): RawBuilder<unknown> =>
  table(
    campaigns,
    sql`
    id ${name} not null primary key,
    name ${name} not null,
    type ${name} not null,
    campaign_type ${name} not null,
    join_once smallint not null,
    active smallint not null,
    start_date ${date},
    expiration_date ${date},
    created_at ${date} not null,
    updated_at ${date},
    revision int not null,
    metadata ${json} not null,
    details ${json} not null,
    unique key by_name (name),
    key by_time (created_at, id)`,
  );

const customers = ({ customers }: Tables, { name, email, date, json }: Types): RawBuilder<unknown> =>
  table(
    customers,
    sql`
    id ${name} not null primary key,
    source_id ${name},
    name ${name},
    email ${email},
    phone ${name},
    birthdate ${date},
    created_at ${date} not null,
    updated_at ${date},
    revision int not null,
    metadata ${json} not null,
    details ${json} not null,
    unique key by_source_id (source_id),
    key by_time (created_at, id)`,
  );

export const tables0001 = (tables: Tables, flavour: Flavour): readonly RawBuilder<unknown>[] => {
  const types = typesOf(flavour);
  return [
    campaigns(tables, types),
    vouchers(tables, types),
    publications(tables, types),
    ...claimsKeysAndFailures(tables, types),
    customers(tables, types),
  ];
};
