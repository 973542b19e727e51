import { type RawBuilder, sql } from "kysely";
import type { DraftCustomer } from "oncecode";
import { COLUMNS, type ColumnType, type Tables } from "../schema.ts";
import { EDITED_COLUMNS } from "../server/claim-rows.ts";
import type { Claim } from "../server/planning.ts";
import { leaving } from "./drawable.ts";
import { columnsOf, recordsOf } from "./records.ts";

export type Columns = Readonly<Record<string, ColumnType>>;

/** Each row of a list says of which claim it is, by its place in the call. */
export const withN = (columns: Columns): Columns => ({ n: "integer", ...columns });

/** A list that is handed in, under a name that no table can have. */
export const given = (name: string): RawBuilder<unknown> => sql.id(`given ${name}`);

const VALUE = sql`${null}`;
export const handedIn = (name: string, columns: Columns): RawBuilder<unknown> =>
  sql`${given(name)} as materialized (select * from ${recordsOf(VALUE, columns)})`;

/** Rows that go with a claim, whatever it takes. */
export const WRITTEN: Readonly<Record<"newcomers" | "edits" | "publications" | "keys", Columns>> = {
  newcomers: withN(COLUMNS.customers),
  edits: withN(COLUMNS.customers),
  publications: withN(COLUMNS.publications),
  keys: withN({ key: "text", publication_id: "text" }),
};

/** One row per claim: what must still be so, and what its vouchers get. */
export const CLAIM: Columns = withN({
  publication_id: "text",
  holder_id: "text",
  /** `known`, `new` or `edited`. */
  customer: "text",
  replaces: "integer",
  campaign_id: "text",
  campaign_revision: "integer",
  takes: "integer",
  now: "text",
  expiration_date: "text",
});

interface ClaimRow {
  readonly publication_id: string;
  readonly holder_id: string;
  readonly customer: "known" | "new" | "edited";
  readonly replaces: number | null;
  readonly now: string;
  readonly expiration_date: string | null;
}

/** As much of such a row as is known before it is known what is taken. */
export const claimRow = ({ publication, customer, now, expirationDate }: Claimant): ClaimRow => ({
  publication_id: publication.id,
  holder_id: publication.customerId,
  customer: customerKind(customer),
  replaces: customer.type === "known" ? null : customer.write.replaces,
  now,
  expiration_date: expirationDate,
});

/** What a draft and a claim have in common. */
type Claimant = Pick<Claim, "publication" | "customer" | "now" | "expirationDate">;

const customerKind = (customer: DraftCustomer): "known" | "new" | "edited" => {
  if (customer.type === "known") return "known";
  return customer.write.replaces === null ? "new" : "edited";
};

/** A part of a statement, and the list that it is about: without that, it is left out. */
export type Step<List> = readonly [about: List, part: RawBuilder<unknown>];

export const tableIn =
  (tables: Tables) =>
  (name: keyof Tables): RawBuilder<unknown> =>
    sql.table(tables[name]);

const VOUCHER_COLUMNS = Object.keys(COLUMNS.vouchers);
export const AS_SEEN: RawBuilder<unknown> = sql`v.publication_id is null and v.active = 1 and v.revision = pick.revision`;
export const HELD: RawBuilder<unknown> = sql`n in (select n from held)`;

/** Rows of nothing but nulls, as many columns as a voucher has. */
export const NO_VOUCHER: RawBuilder<unknown> = sql.join(VOUCHER_COLUMNS.map(() => sql`null`));

/** Locks the customers that are changed, if they are as they were seen. */
export const editedCustomers = (tables: Tables): RawBuilder<unknown> => sql`
  select claim.n from ${given("claim")} as claim cross join lateral (
    select 1 from ${tableIn(tables)("customers")} as c where c.id = claim.holder_id and c.revision = claim.replaces
    limit 1 for update of c) as c
  where claim.customer = 'edited'`;

/** Whether a claim's customer is there; `edits` only where there are some. */
export const customerIsThere = (tables: Tables, hasEdits: boolean): RawBuilder<unknown> => sql`
  case claim.customer
    when 'known' then (select true from ${tableIn(tables)("customers")} as c where c.id = claim.holder_id limit 1)
    ${hasEdits ? sql`when 'edited' then claim.n in (select n from edited)` : sql``}
    else true end`;

/** Whether a claim's campaign is at the revision that it was at. */
export const campaignIsSame = (tables: Tables): RawBuilder<unknown> => sql`
  claim.campaign_revision = (
    select c.revision from ${tableIn(tables)("campaigns")} as c where c.id = claim.campaign_id limit 1)`;

/** Inserts the rows of those that hold. `rows`: where they are, if not in the list of that name. */
export const inserting = (
  tables: Tables,
  kind: "customers" | "vouchers" | "publications",
  rows: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  sql`insert into ${sql.table(tables[kind])} (${columnsOf(kind)}) select ${columnsOf(kind)} from ${rows} where ${HELD}`;

/** Gives the vouchers in `pick` to the publications of those that hold. */
const taking = (tables: Tables): RawBuilder<unknown> => sql`
  update ${sql.table(tables.vouchers)} as v
  set publication_id = held.publication_id, holder_id = held.holder_id, updated_at = held.now,
    expiration_date = coalesce(held.expiration_date, v.expiration_date), revision = v.revision + 1
  from ${given("pick")} as pick join held on held.n = pick.n
  where v.id = pick.id and ${AS_SEEN}
  returning held.n, ${sql.join(VOUCHER_COLUMNS.map((column) => sql.ref(`v.${column}`)))}`;

/** Writes what goes with those that hold, but for the publications themselves. */
export const writingAlong = (tables: Tables): readonly Step<"pick" | "newcomers" | "edits" | "keys">[] => {
  const table = tableIn(tables);
  const changes = EDITED_COLUMNS.map((column) => sql`${sql.ref(column)} = edits.${sql.ref(column)}`);
  const edited = sql`
    update ${table("customers")} as c set ${sql.join(changes)} from ${given("edits")} as edits
    where c.id = edits.id and edits.${HELD}`;
  const claimed = sql`
    insert into ${table("claims")} (voucher_id, code, publication_id, holder_id)
    select pick.id, pick.code, held.publication_id, held.holder_id from ${given("pick")} as pick join held on held.n = pick.n`;
  const keys = sql`
    insert into ${table("keys")} (key, publication_id) select key, publication_id from ${given("keys")} where ${HELD}`;
  return [
    ["pick", sql`taken as (${taking(tables)})`],
    ["pick", sql`taken_from_pool as (${leaving(tables, sql`select id from taken`)})`],
    ["newcomers", sql`newcomers_written as (${inserting(tables, "customers", given("newcomers"))})`],
    ["edits", sql`edits_written as (${edited})`],
    ["pick", sql`claims_written as (${claimed})`],
    ["keys", sql`keys_written as (${keys})`],
  ];
};
