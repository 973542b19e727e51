import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { MAPPINGS } from "../rows.ts";
import { COLUMNS, type ColumnType, type Tables, type VoucherRow } from "../schema.ts";
import type { Session } from "../server/database.ts";
import type { Claimed } from "../server/dialect.ts";
import { digestOf } from "../server/digest.ts";
import type { Claim } from "../server/planning.ts";
import { columnsOf, recordsOf } from "./records.ts";
import { textFor } from "./texts.ts";

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
const withN = (columns: Columns): Columns => ({ n: "integer", ...columns });

/** What claims bring along: lists of rows, each with the place of its claim. Those that are empty are left out. */
const GIVEN = {
  claim: CLAIM,
  pick: withN({ id: "text", code: "text", revision: "integer" }),
  newcomer: withN(COLUMNS.customers),
  edit: withN(COLUMNS.customers),
  made: withN(COLUMNS.vouchers),
  publication: withN(COLUMNS.publications),
  key: withN({ key: "text" }),
  attempt: withN({ voucher_id: "text", code: "text" }),
} as const;
type Given = keyof typeof GIVEN;
const NAMES = Object.keys(GIVEN) as readonly Given[];

const VALUE = sql`${null}`;
const VOUCHER_COLUMNS = Object.keys(COLUMNS.vouchers);
const EDITED_COLUMNS = Object.keys(COLUMNS.customers).filter((column) => column !== "id" && column !== "created_at");
const HELD = sql`n in (select n from held)`;

/**
 * Makes sure of all that claims were decided on, and writes those that hold. One statement, and so one transaction.
 *
 * A voucher is locked in the state in which it was seen or not at all, then changed under the same condition, and
 * entered in the table of claims, where it can stand once. Rows are locked in the order of their ids, so that batches
 * which overlap do not wait for each other crosswise. A draft whose vouchers were not all to be had is left out of
 * `held`, and with it all that would be written for it.
 *
 * `given` has what the claims bring along, and `waiting` if they wait for others instead of passing by what they hold.
 */
const claimStatement = (tables: Tables, given: readonly (Given | "waiting")[]): RawBuilder<unknown> => {
  const table = (name: keyof Tables): RawBuilder<unknown> => sql.table(tables[name]);
  const only = (name: Given | "waiting", part: RawBuilder<unknown>): readonly RawBuilder<unknown>[] =>
    given.includes(name) ? [part] : [];
  const or = (name: Given, part: RawBuilder<unknown>): RawBuilder<unknown> => (given.includes(name) ? part : sql``);
  const insert = (into: "customers" | "vouchers" | "publications", rows: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`insert into ${table(into)} (${columnsOf(into)}) select ${columnsOf(into)} from ${rows}`;
  const edits = EDITED_COLUMNS.map((column) => sql`${sql.ref(column)} = edit.${sql.ref(column)}`);
  const asSeen = sql`v.publication_id is null and v.active = 1 and v.revision = pick.revision`;
  const steps = [
    ...NAMES.flatMap((name) =>
      only(name, sql`${sql.ref(name)} as materialized (select * from ${recordsOf(VALUE, GIVEN[name])})`),
    ),
    ...only(
      "pick",
      sql`locked as materialized (
        select pick.n from pick cross join lateral (
          select v.id from ${table("vouchers")} as v where v.id = pick.id and ${asSeen}
          limit 1 for update of v ${given.includes("waiting") ? sql`` : sql`skip locked`}) as v)`,
    ),
    ...only(
      "edit",
      sql`edited as materialized (
        select claim.n from claim cross join lateral (
          select 1 from ${table("customers")} as c where c.id = claim.holder_id and c.revision = claim.replaces
          limit 1 for update of c) as c
        where claim.customer = 'edited')`,
    ),
    ...only(
      "made",
      sql`extended as materialized (
        select asked.id, c.revision
        from (select distinct campaign_id as id from claim where makes = 1 order by campaign_id) as asked
        cross join lateral (
          select c.revision from ${table("campaigns")} as c where c.id = asked.id limit 1 for share of c) as c)`,
    ),
    sql`held as materialized (
      select claim.* from claim
      ${or("pick", sql`left join (select n, count(*) as taken from locked group by n) as locked on locked.n = claim.n`)}
      where claim.takes = ${given.includes("pick") ? sql`coalesce(locked.taken, 0)` : sql`0`}
        and case claim.customer
          when 'known' then (select true from ${table("customers")} as c where c.id = claim.holder_id limit 1)
          ${or("edit", sql`when 'edited' then claim.n in (select n from edited)`)}
          else true end
        and case
          when claim.campaign_id is null then true
          ${or("made", sql`when claim.makes = 1 then (claim.campaign_id, claim.campaign_revision) in (select id, revision from extended)`)}
          else claim.campaign_revision = (
            select c.revision from ${table("campaigns")} as c where c.id = claim.campaign_id limit 1) end)`,
    ...only(
      "pick",
      sql`taken as (
        update ${table("vouchers")} as v
        set publication_id = held.publication_id, holder_id = held.holder_id, updated_at = held.now,
          expiration_date = coalesce(held.expiration_date, v.expiration_date), revision = v.revision + 1, parked = 0
        from pick join held on held.n = pick.n
        where v.id = pick.id and ${asSeen}
        returning held.n, ${sql.join(VOUCHER_COLUMNS.map((column) => sql.ref(`v.${column}`)))})`,
    ),
    ...only("newcomer", sql`newcomers_made as (${insert("customers", sql`newcomer where ${HELD}`)})`),
    ...only(
      "edit",
      sql`customers_edited as (
        update ${table("customers")} as c set ${sql.join(edits)} from edit where c.id = edit.id and edit.${HELD})`,
    ),
    ...only("made", sql`vouchers_made as (${insert("vouchers", sql`made where ${HELD}`)})`),
    sql`publications_made as (${insert("publications", sql`publication where ${HELD}`)})`,
    ...only(
      "pick",
      sql`claims_of_taken as (
        insert into ${table("claims")} (voucher_id, code, publication_id)
        select pick.id, pick.code, held.publication_id from pick join held on held.n = pick.n)`,
    ),
    ...only(
      "made",
      sql`claims_of_made as (
        insert into ${table("claims")} (voucher_id, code, publication_id)
        select id, code, publication_id from made where publication_id is not null and ${HELD})`,
    ),
    ...only(
      "key",
      sql`keys_made as (
        insert into ${table("keys")} (key, publication_id)
        select key.key, held.publication_id from key join held on held.n = key.n)`,
    ),
    ...only(
      "attempt",
      sql`attempts_made as (
        insert into ${table("attempts")} (publication_id, voucher_id, code)
        select held.publication_id, attempt.voucher_id, attempt.code from attempt join held on held.n = attempt.n)`,
    ),
  ];
  const nothing = sql`select n, ${sql.join(VOUCHER_COLUMNS.map((column) => sql`null as ${sql.ref(column)}`))} from held`;
  return sql`with ${sql.join(steps)}
    ${given.includes("pick") ? sql`select * from taken union all ${nothing} where takes = 0` : nothing}`;
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

const customerRows = (claims: readonly Claim[], isNew: boolean) =>
  claims.flatMap(({ n, customer }) =>
    customer.type === "write" && (customer.write.replaces === null) === isNew
      ? [{ n, ...MAPPINGS.customers.toRow(customer.write.record) }]
      : [],
  );

const rowsOf = (claims: readonly Claim[]): { readonly [G in Given]: readonly object[] } => ({
  claim: [...claims].map(claimRow).sort((a, b) => (a.holder_id < b.holder_id ? -1 : 1)),
  pick: claims
    .flatMap(({ n, present }) => present.map(({ id, code, revision }) => ({ n, id, code, revision })))
    .sort(byId),
  newcomer: customerRows(claims, true),
  edit: customerRows(claims, false),
  made: claims
    .flatMap(({ n, fresh, spares }) =>
      [...fresh, ...spares].map((voucher) => ({ n, ...MAPPINGS.vouchers.toRow(voucher) })),
    )
    .sort((a, b) => (a.code < b.code ? -1 : 1)),
  publication: claims.map(({ n, publication }) => ({ n, ...MAPPINGS.publications.toRow(publication) })),
  key: claims
    .flatMap(({ n, keys }) => keys.map((key) => ({ n, key: digestOf(key) })))
    .sort((a, b) => (a.key < b.key ? -1 : 1)),
  attempt: claims.flatMap(attemptsOf),
});

/** `textOf` turns a statement into its text. */
export const claiming = (
  tables: Tables,
  textOf: (statement: RawBuilder<unknown>) => string,
): ((session: Session, claims: readonly Claim[]) => Promise<Claimed>) => {
  const text = textFor((given: readonly (Given | "waiting")[]) => textOf(claimStatement(tables, given)));
  return async (session, claims) => {
    const given = rowsOf(claims);
    const names = NAMES.filter((name) => given[name].length > 0);
    const lists = names.map((name) => JSON.stringify(given[name]));
    const waits = claims.some((claim) => claim.waits);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(text(waits ? [...names, "waiting"] : names), lists),
    );
    // A claim that took no voucher that was there has an empty row.
    const taken = rows.filter(({ id }) => id !== null);
    const claimed = Map.groupBy(taken, ({ n }) => n);
    return new Map(rows.map(({ n }) => [n, claimed.get(n) ?? []]));
  };
};
