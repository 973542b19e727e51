import { type RawBuilder, sql } from "kysely";
import type { DraftCustomer } from "oncecode";
import { COLUMNS, EDITABLE_COLUMNS, type Tables } from "../schema.ts";
import type { Claim } from "../server/plan.ts";
import { type Columns, columnsOf, input, numberedColumns } from "./input-lists.ts";
import { deleteFromPool } from "./pool.ts";

/** The rows that a claim writes besides its vouchers. */
export const RELATED_COLUMNS: Readonly<
  Record<"new_customers" | "changed_customers" | "publications" | "keys", Columns>
> = {
  new_customers: numberedColumns(COLUMNS.customers),
  changed_customers: numberedColumns(COLUMNS.customers),
  publications: numberedColumns(COLUMNS.publications),
  keys: numberedColumns({ key: "text", publication_id: "text" }),
};

/** The columns of a claim, and of a draft that draws: the conditions under which it is written, and the values of its vouchers. */
export const BASE_CLAIM_COLUMNS: Columns = numberedColumns({
  publication_id: "text",
  holder_id: "text",
  /** `known`, `new` or `changed`. */
  customer: "text",
  replaces: "integer",
  campaign_id: "text",
  campaign_revision: "integer",
  voucher_count: "integer",
  now: "text",
  expiration_date: "text",
});

interface BaseClaimRow {
  readonly publication_id: string;
  readonly holder_id: string;
  readonly customer: "known" | "new" | "changed";
  readonly replaces: number | null;
  readonly now: string;
  readonly expiration_date: string | null;
}

/** The part of the row that does not depend on the vouchers. */
export const baseClaimRow = ({ publication, customer, now, expirationDate }: ClaimFields): BaseClaimRow => ({
  publication_id: publication.id,
  holder_id: publication.customerId,
  customer: customerKind(customer),
  replaces: customer.type === "known" ? null : customer.write.replaces,
  now,
  expiration_date: expirationDate,
});

/** The properties that a draft and a claim share. */
type ClaimFields = Pick<Claim, "publication" | "customer" | "now" | "expirationDate">;

const customerKind = (customer: DraftCustomer): "known" | "new" | "changed" => {
  if (customer.type === "known") return "known";
  return customer.write.replaces === null ? "new" : "changed";
};

/** A CTE of a statement, and its input list. Without rows in that list, the statement leaves the CTE out. */
export type Step<List> = readonly [inputName: List, cte: RawBuilder<unknown>];

export const tableRef =
  (tables: Tables) =>
  (name: keyof Tables): RawBuilder<unknown> =>
    sql.table(tables[name]);

const VOUCHER_COLUMNS = Object.keys(COLUMNS.vouchers);
export const IS_UNCHANGED: RawBuilder<unknown> = sql`v.publication_id is null and v.active = 1 and v.revision = allocation.revision`;
export const IS_COMPLETE: RawBuilder<unknown> = sql`n in (select n from complete)`;

/** A null for each column of a voucher. */
export const NULL_VOUCHER: RawBuilder<unknown> = sql.join(VOUCHER_COLUMNS.map(() => sql`null`));

/** Locks the customers that the items change, if they still have the revision that the draft replaces. */
export const lockChangedCustomers = (tables: Tables, items: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select item.n from ${items} as item cross join lateral (
    select 1 from ${tableRef(tables)("customers")} as c where c.id = item.holder_id and c.revision = item.replaces
    limit 1 for update of c) as c
  where item.customer = 'changed'`;

/** Whether the customer of `item` exists. Only a statement with changed customers has the CTE `locked_customers`. */
export const customerExists = (tables: Tables, hasChangedCustomers: boolean): RawBuilder<unknown> => sql`
  case item.customer
    when 'known' then (select true from ${tableRef(tables)("customers")} as c where c.id = item.holder_id limit 1)
    ${hasChangedCustomers ? sql`when 'changed' then item.n in (select n from locked_customers)` : sql``}
    else true end`;

/** Whether the campaign of `item` still has the revision that the draft names. */
export const campaignIsUnchanged = (tables: Tables): RawBuilder<unknown> => sql`
  item.campaign_revision = (
    select c.revision from ${tableRef(tables)("campaigns")} as c where c.id = item.campaign_id limit 1)`;

/** Inserts the rows that belong to complete claims. */
export const insertComplete = (
  tables: Tables,
  kind: "customers" | "vouchers" | "publications",
  rows: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  sql`insert into ${sql.table(tables[kind])} (${columnsOf(kind)}) select ${columnsOf(kind)} from ${rows} where ${IS_COMPLETE}`;

/** Gives the vouchers in `allocation` to the publications of the complete claims. */
const claimVouchers = (tables: Tables, allocation: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  update ${sql.table(tables.vouchers)} as v
  set publication_id = complete.publication_id, holder_id = complete.holder_id, updated_at = complete.now,
    expiration_date = coalesce(complete.expiration_date, v.expiration_date), revision = v.revision + 1
  from ${allocation} as allocation join complete on complete.n = allocation.n
  where v.id = allocation.id and ${IS_UNCHANGED}
  returning complete.n, ${sql.join(VOUCHER_COLUMNS.map((column) => sql.ref(`v.${column}`)))}`;

/** The CTEs that write the complete claims with the vouchers in `allocation`, except their publications. */
export const writeClaims = (
  tables: Tables,
  allocation: RawBuilder<unknown>,
): readonly Step<"allocation" | "new_customers" | "changed_customers" | "keys">[] => {
  const table = tableRef(tables);
  const assignments = [...EDITABLE_COLUMNS.customers].map(
    (column) => sql`${sql.ref(column)} = changed_customers.${sql.ref(column)}`,
  );
  const updateCustomers = sql`
    update ${table("customers")} as c set ${sql.join(assignments)} from ${input("changed_customers")} as changed_customers
    where c.id = changed_customers.id and changed_customers.${IS_COMPLETE}`;
  const insertClaims = sql`
    insert into ${table("claims")} (voucher_id, code, publication_id, holder_id)
    select allocation.id, allocation.code, complete.publication_id, complete.holder_id from ${allocation} as allocation join complete on complete.n = allocation.n`;
  const insertKeys = sql`
    insert into ${table("keys")} (key, publication_id) select key, publication_id from ${input("keys")} where ${IS_COMPLETE}`;
  return [
    ["allocation", sql`claimed_vouchers as (${claimVouchers(tables, allocation)})`],
    ["allocation", sql`deleted_from_pool as (${deleteFromPool(tables, sql`select id from claimed_vouchers`)})`],
    ["new_customers", sql`inserted_customers as (${insertComplete(tables, "customers", input("new_customers"))})`],
    ["changed_customers", sql`updated_customers as (${updateCustomers})`],
    ["allocation", sql`inserted_claims as (${insertClaims})`],
    ["keys", sql`inserted_keys as (${insertKeys})`],
  ];
};
