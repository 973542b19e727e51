import { CompiledQuery, type RawBuilder, sql } from "kysely";
import {
  COLUMNS,
  type ColumnType,
  type CustomerRow,
  EDITABLE_COLUMNS,
  type Rows,
  type Tables,
  type VoucherRow,
} from "../schema.ts";
import type { Session } from "../server/database.ts";
import { DatabaseError } from "../server/errors.ts";
import type { Flavour } from "./flavour.ts";
import { type Columns, columnsOf, inputRows, recordChunks } from "./input-lists.ts";

/** The rows that each statement of a claim writes. A statement with the name of a table inserts into that table. */
interface WriteRows extends Pick<Rows, "customers" | "publications" | "vouchers"> {
  readonly claimVouchers: Pick<
    VoucherRow,
    "id" | "revision" | "publication_id" | "holder_id" | "updated_at" | "expiration_date"
  >;
  readonly updateCustomers: CustomerRow;
  readonly claims: { readonly voucher_id: string; readonly code: string; readonly publication_id: string | null };
  readonly keys: { readonly key: string; readonly publication_id: string };
  readonly failures: {
    readonly publication_id: string;
    readonly voucher_id: string | null;
    readonly code: string | null;
  };
}

export type WriteStatement = keyof WriteRows;

const WRITE_COLUMNS: {
  readonly [W in WriteStatement]: { readonly [C in keyof WriteRows[W]]: ColumnType };
} = {
  claimVouchers: {
    id: "text",
    revision: "integer",
    publication_id: "text",
    holder_id: "text",
    updated_at: "text",
    expiration_date: "text",
  },
  updateCustomers: COLUMNS.customers,
  customers: COLUMNS.customers,
  vouchers: COLUMNS.vouchers,
  publications: COLUMNS.publications,
  claims: { voucher_id: "text", code: "text", publication_id: "text" },
  keys: { key: "text", publication_id: "text" },
  failures: { publication_id: "text", voucher_id: "text", code: "text" },
};

/** The voucher `v` has not changed since its allocation. */
export const IS_UNCHANGED: RawBuilder<unknown> = sql`v.publication_id is null and v.active = 1 and v.revision = allocation.revision`;

/**
 * `straight_join` keeps the order of the join: without it, the planner may lock rows in another order. Each statement writes
 * nothing if its transaction is lost, and then `writeRows` fails.
 */
export const writeStatements = (
  tables: Tables,
  flavour: Flavour,
): Readonly<Record<WriteStatement, RawBuilder<unknown>>> => {
  const transactionOpenCondition = sql.raw(flavour.transactionOpenCondition);
  const insertInto = (name: WriteStatement & keyof Tables): RawBuilder<unknown> => sql`
    insert into ${sql.table(tables[name])} (${columnsOf(WRITE_COLUMNS[name])})
    select ${columnsOf(WRITE_COLUMNS[name])} from ${inputRows(flavour, WRITE_COLUMNS[name])} as input where ${transactionOpenCondition}`;
  return {
    claimVouchers: sql`
      update ${inputRows(flavour, WRITE_COLUMNS.claimVouchers)} as allocation
      straight_join ${sql.table(tables.vouchers)} as v on v.id = allocation.id
      set v.publication_id = allocation.publication_id, v.holder_id = allocation.holder_id, v.updated_at = allocation.updated_at,
        v.expiration_date = coalesce(allocation.expiration_date, v.expiration_date), v.revision = v.revision + 1, v.set_aside = 0
      where ${IS_UNCHANGED} and ${transactionOpenCondition}`,
    updateCustomers: sql`
      update ${inputRows(flavour, WRITE_COLUMNS.updateCustomers)} as input
      straight_join ${sql.table(tables.customers)} as c on c.id = input.id
      set ${sql.join([...EDITABLE_COLUMNS.customers].map((column) => sql`c.${sql.ref(column)} = input.${sql.ref(column)}`))}
      where ${transactionOpenCondition}`,
    customers: insertInto("customers"),
    vouchers: insertInto("vouchers"),
    publications: insertInto("publications"),
    claims: insertInto("claims"),
    keys: insertInto("keys"),
    failures: insertInto("failures"),
  };
};

/** Fails if a row was not written. So a wrong lock or a wrong check rolls the transaction back, and publishes nothing twice. */
export const writeRows = async <W extends WriteStatement>(
  session: Session,
  texts: Readonly<Record<WriteStatement, string>>,
  name: W,
  rows: readonly WriteRows[W][],
): Promise<void> => {
  let written = 0n;
  for (const chunk of recordChunks<Columns>(WRITE_COLUMNS[name], rows)) {
    const { numAffectedRows } = await session.executeQuery(CompiledQuery.raw(texts[name], [chunk]));
    written += numAffectedRows ?? 0n;
  }
  if (written !== BigInt(rows.length))
    throw new DatabaseError("retry", new Error(`${written} of ${rows.length} rows were written (${name})`));
};
