import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { MAPPINGS } from "../rows.ts";
import { COLUMNS, type ColumnType, type Tables, type VoucherRow } from "../schema.ts";
import type { Session } from "../server/database.ts";
import type { Claimed } from "../server/dialect.ts";
import { digestOf } from "../server/digest.ts";
import type { Claim } from "../server/planning.ts";
import { columnsOf, recordsOf } from "./records.ts";

type Columns = Readonly<Record<string, ColumnType>>;

/** One row per claim: what must still be so, and what its vouchers get. */
const CLAIM: Columns = {
  n: "integer",
  publication_id: "text",
  holder_id: "text",
  /** `known`, `new` or `edited`. */
  customer: "text",
  replaces: "integer",
  campaign_id: "text",
  campaign_revision: "integer",
  /** Whether vouchers are made, with the dates that the campaign has now. */
  makes: "integer",
  takes: "integer",
  now: "text",
  expiration_date: "text",
};
const PICK: Columns = { n: "integer", id: "text", code: "text", revision: "integer" };
const KEY: Columns = { n: "integer", key: "text" };
const ATTEMPT: Columns = { n: "integer", voucher_id: "text", code: "text" };

const VALUE = sql`${null}`;
const VOUCHER_COLUMNS = Object.keys(COLUMNS.vouchers);
const EDITED_COLUMNS = Object.keys(COLUMNS.customers).filter((column) => column !== "id" && column !== "created_at");

/**
 * Makes sure of all that claims were decided on, and writes those that hold. One statement, and so one transaction.
 *
 * A voucher is locked in the state in which it was seen or not at all, then changed under the same condition, and
 * entered in the table of claims, where it can stand once. Rows are locked in the order of their ids, so that batches
 * which overlap do not wait for each other crosswise. A draft whose vouchers were not all to be had is left out of
 * `held`, and with it all that would be written for it.
 */
export const claimStatement = (tables: Tables, waits: boolean): RawBuilder<unknown> => {
  const { publications, vouchers, customers, campaigns } = tables;
  const rowsOf = (columns: Columns): RawBuilder<unknown> => recordsOf(VALUE, columns);
  const withN = (columns: Columns): Columns => ({ n: "integer", ...columns });
  const edits = EDITED_COLUMNS.map((column) => sql`${sql.ref(column)} = given.${sql.ref(column)}`);
  const asSeen = sql`v.publication_id is null and v.active = 1 and v.revision = pick.revision`;
  return sql`
    with claim as materialized (select * from ${rowsOf(CLAIM)}),
    pick as materialized (select * from ${rowsOf(PICK)}),
    locked as materialized (
      select pick.n, v.id from pick cross join lateral (
        select v.id from ${sql.table(vouchers)} as v where v.id = pick.id and ${asSeen}
        limit 1 for update of v ${waits ? sql`` : sql`skip locked`}) as v),
    edited as materialized (
      select claim.n from claim cross join lateral (
        select 1 from ${sql.table(customers)} as c where c.id = claim.holder_id and c.revision = claim.replaces
        limit 1 for update of c) as c
      where claim.customer = 'edited'),
    extended as materialized (
      select asked.id, c.revision
      from (select distinct campaign_id as id from claim where makes = 1 order by campaign_id) as asked
      cross join lateral (
        select c.revision from ${sql.table(campaigns)} as c where c.id = asked.id limit 1 for share of c) as c),
    held as materialized (
      select claim.* from claim
      left join (select n, count(*) as taken from locked group by n) as locked on locked.n = claim.n
      where coalesce(locked.taken, 0) = claim.takes
        and case claim.customer
          when 'known' then (select true from ${sql.table(customers)} as c where c.id = claim.holder_id limit 1)
          when 'edited' then claim.n in (select n from edited)
          else true end
        and case
          when claim.campaign_id is null then true
          when claim.makes = 1
            then (claim.campaign_id, claim.campaign_revision) in (select id, revision from extended)
          else claim.campaign_revision = (
            select c.revision from ${sql.table(campaigns)} as c where c.id = claim.campaign_id limit 1) end),
    taken as (
      update ${sql.table(vouchers)} as v
      set publication_id = held.publication_id, holder_id = held.holder_id, updated_at = held.now,
        expiration_date = coalesce(held.expiration_date, v.expiration_date), revision = v.revision + 1, parked = 0
      from pick join held on held.n = pick.n
      where v.id = pick.id and ${asSeen}
      returning held.n, ${sql.join(VOUCHER_COLUMNS.map((column) => sql.ref(`v.${column}`)))}),
    customer as materialized (select * from ${rowsOf(withN(COLUMNS.customers))}),
    customers_made as (
      insert into ${sql.table(customers)} (${columnsOf("customers")})
      select ${columnsOf("customers")} from customer where n in (select n from held where customer = 'new')),
    customers_edited as (
      update ${sql.table(customers)} as c set ${sql.join(edits)} from customer as given
      where c.id = given.id and given.n in (select n from held where customer = 'edited')),
    made as materialized (
      select * from ${rowsOf(withN(COLUMNS.vouchers))} where n in (select n from held)),
    vouchers_made as (
      insert into ${sql.table(vouchers)} (${columnsOf("vouchers")}) select ${columnsOf("vouchers")} from made),
    publications_made as (
      insert into ${sql.table(publications)} (${columnsOf("publications")})
      select ${columnsOf("publications")} from ${rowsOf(withN(COLUMNS.publications))} where n in (select n from held)),
    claims_made as (
      insert into ${sql.table(tables.claims)} (voucher_id, code, publication_id)
      select pick.id, pick.code, held.publication_id from pick join held on held.n = pick.n
      union all select id, code, publication_id from made where publication_id is not null),
    keys_made as (
      insert into ${sql.table(tables.keys)} (key, publication_id)
      select given.key, held.publication_id from ${rowsOf(KEY)} join held on held.n = given.n),
    attempts_made as (
      insert into ${sql.table(tables.attempts)} (publication_id, voucher_id, code)
      select held.publication_id, given.voucher_id, given.code from ${rowsOf(ATTEMPT)} join held on held.n = given.n)
    select * from taken
    union all select n, ${sql.join(VOUCHER_COLUMNS.map(() => sql`null`))} from held where takes = 0`;
};

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

const claimRow = ({ n, publication, customer, campaign, ...claim }: Claim) => ({
  n,
  publication_id: publication.id,
  holder_id: publication.customerId,
  customer: customer.type === "known" ? "known" : customer.write.replaces === null ? "new" : "edited",
  replaces: customer.type === "known" ? null : customer.write.replaces,
  campaign_id: campaign?.id ?? null,
  campaign_revision: campaign?.revision ?? null,
  makes: claim.fresh.length > 0 ? 1 : 0,
  takes: claim.present.length,
  now: claim.now,
  expiration_date: claim.expirationDate,
});

const attemptsOf = ({ n, publication }: Claim) =>
  publication.result === "SUCCESS"
    ? []
    : [
        ...publication.voucherIds.map((id) => ({ n, voucher_id: id, code: null })),
        ...publication.codes.map((code) => ({ n, voucher_id: null, code })),
      ];

/** In the order in which the statement names them. */
const parametersOf = (claims: readonly Claim[]): string[] =>
  [
    [...claims].map(claimRow).sort((a, b) => (a.holder_id < b.holder_id ? -1 : 1)),
    claims.flatMap(({ n, present }) => present.map(({ id, code, revision }) => ({ n, id, code, revision }))).sort(byId),
    claims.flatMap(({ n, customer }) =>
      customer.type === "known" ? [] : [{ n, ...MAPPINGS.customers.toRow(customer.write.record) }],
    ),
    claims
      .flatMap(({ n, fresh, spares }) =>
        [...fresh, ...spares].map((voucher) => ({ n, ...MAPPINGS.vouchers.toRow(voucher) })),
      )
      .sort((a, b) => (a.code < b.code ? -1 : 1)),
    claims.map(({ n, publication }) => ({ n, ...MAPPINGS.publications.toRow(publication) })),
    claims
      .flatMap(({ n, keys }) => keys.map((key) => ({ n, key: digestOf(key) })))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    claims.flatMap(attemptsOf),
  ].map((rows) => JSON.stringify(rows));

/** The texts of the statement that waits for others, and of the one that passes by what they hold. */
export interface ClaimTexts {
  readonly waiting: string;
  readonly passing: string;
}

export const claiming =
  ({ waiting, passing }: ClaimTexts) =>
  async (session: Session, claims: readonly Claim[]): Promise<Claimed> => {
    const waits = claims.some((claim) => claim.waits);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(waits ? waiting : passing, parametersOf(claims)),
    );
    // A claim that took no voucher that was there has an empty row.
    const taken = rows.filter(({ id }) => id !== null);
    const claimed = Map.groupBy(taken, ({ n }) => n);
    return new Map(rows.map(({ n }) => [n, claimed.get(n) ?? []]));
  };
