import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId, CustomerId, DraftCustomer } from "oncecode";
import { COLUMNS, type Tables, type VoucherRow } from "../schema.ts";
import { CHANGEABLE_CUSTOMER_COLUMNS, claimRows, sortedBy } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Claim } from "../server/decision.ts";
import type { ClaimedVouchers } from "../server/dialect.ts";
import { DatabaseError } from "../server/errors.ts";
import {
  type Columns,
  columnsOf,
  type Flavour,
  type InputRows,
  inputNames,
  inputRows,
  recordChunks,
} from "./input-lists.ts";

const ALLOCATION_COLUMNS = { id: "text", revision: "integer" } as const;
const IS_UNCHANGED = sql`v.publication_id is null and v.active = 1 and v.revision = allocation.revision`;

/** Statements that lock, and statements that write. */
type LockStatement = "campaigns" | "existingCustomers" | "changedCustomers" | "waitForVouchers" | "skipLockedVouchers";
type WriteStatement =
  | ("claimVouchers" | "updateCustomers")
  | ("customers" | "vouchers" | "publications" | "claims" | "keys" | "attempts");
type StatementName = LockStatement | WriteStatement;

/** What each statement that writes is input. Those of a table's name insert. */
const WRITE_COLUMNS = {
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
  attempts: { publication_id: "text", voucher_id: "text", code: "text" },
} as const satisfies Readonly<Record<WriteStatement, Columns>>;

/**
 * Rows are locked in the order of their ids, so that batches which overlap do not wait for each other crosswise, and
 * campaigns before vouchers, as whoever edits one does. Joined in this order: the planner must not choose another.
 */
const statements = (tables: Tables, flavour: Flavour): Readonly<Record<StatementName, RawBuilder<unknown>>> => {
  const table = (name: keyof Tables): RawBuilder<unknown> => sql.table(tables[name]);
  const lockByIds = (name: "campaigns" | "customers", lock: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select r.id, r.revision from ${inputNames(flavour)} straight_join ${table(name)} as r on r.id = input.name ${lock}`;
  const lockVouchers = (lock: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select v.* from ${inputRows(flavour, ALLOCATION_COLUMNS)} as allocation straight_join ${table("vouchers")} as v on v.id = allocation.id
    where ${IS_UNCHANGED} ${lock}`;
  const insertInto = (name: WriteStatement & keyof Tables): RawBuilder<unknown> => sql`
    insert into ${table(name)} (${columnsOf(WRITE_COLUMNS[name])})
    select ${columnsOf(WRITE_COLUMNS[name])} from ${inputRows(flavour, WRITE_COLUMNS[name])} as input`;
  return {
    campaigns: lockByIds("campaigns", sql`lock in share mode`),
    existingCustomers: lockByIds("customers", sql`lock in share mode`),
    changedCustomers: lockByIds("customers", sql`for update`),
    waitForVouchers: lockVouchers(sql`for update`),
    skipLockedVouchers: lockVouchers(sql`for update skip locked`),
    claimVouchers: sql`
      update ${inputRows(flavour, WRITE_COLUMNS.claimVouchers)} as allocation straight_join ${table("vouchers")} as v on v.id = allocation.id
      set v.publication_id = allocation.publication_id, v.holder_id = allocation.holder_id, v.updated_at = allocation.updated_at,
        v.expiration_date = coalesce(allocation.expiration_date, v.expiration_date), v.revision = v.revision + 1, v.set_aside = 0
      where ${IS_UNCHANGED}`,
    updateCustomers: sql`
      update ${inputRows(flavour, WRITE_COLUMNS.updateCustomers)} as input
      straight_join ${table("customers")} as c on c.id = input.id
      set ${sql.join(CHANGEABLE_CUSTOMER_COLUMNS.map((column) => sql`c.${sql.ref(column)} = input.${sql.ref(column)}`))}`,
    customers: insertInto("customers"),
    vouchers: insertInto("vouchers"),
    publications: insertInto("publications"),
    claims: insertInto("claims"),
    keys: insertInto("keys"),
    attempts: insertInto("attempts"),
  };
};

/** The texts of the statements, each made once. */
export type ClaimTexts = Readonly<Record<StatementName, string>>;

export const claimTexts = (
  tables: Tables,
  flavour: Flavour,
  compile: (statement: RawBuilder<unknown>) => string,
): ClaimTexts => {
  const texts = Object.entries(statements(tables, flavour)).map(([name, statement]) => [name, compile(statement)]);
  return Object.fromEntries(texts) as ClaimTexts;
};

const idOf = ({ id }: { readonly id: string }): string => id;

/** What the claims lean on, as it is now, and stays until the commit. */
export interface LockedRows {
  /** Their revisions. */
  readonly campaigns: ReadonlyMap<string, number>;
  readonly customers: ReadonlyMap<string, number>;
  readonly vouchers: ReadonlyMap<string, VoucherRow>;
}

export const isComplete = ({ campaign, customer, existing }: Claim, locked: LockedRows): boolean => {
  if (campaign !== null && locked.campaigns.get(campaign.id) !== campaign.revision) return false;
  if (customer.type === "known" && !locked.customers.has(customer.id)) return false;
  const isChanged = customer.type === "write" && customer.write.replaces !== null;
  if (isChanged && locked.customers.get(customer.write.record.id) !== customer.write.replaces) return false;
  return existing.every(({ id }) => locked.vouchers.has(id));
};

const customerWrites = (customers: readonly DraftCustomer[]) =>
  customers.flatMap((customer) => (customer.type === "write" ? [customer.write] : []));

/** Claims inside one transaction. */
export class ClaimTransaction {
  readonly #session: Session;
  readonly #texts: ClaimTexts;

  constructor(session: Session, texts: ClaimTexts) {
    this.#session = session;
    this.#texts = texts;
  }

  /** Makes sure of all that the claims were decided on, and keeps it so. */
  async lockRows(claims: readonly Claim[]): Promise<LockedRows> {
    const waits = claims.some((claim) => claim.waitsForLocks);
    const campaigns = claims.flatMap(({ campaign }) => (campaign === null ? [] : [campaign.id]));
    const existingIds = claims.flatMap(({ customer }) => (customer.type === "known" ? [customer.id] : []));
    const allocations = claims.flatMap(({ existing }) => existing.map(({ id, revision }) => ({ id, revision })));
    const locked = {
      campaigns: await this.#lockRevisions<CampaignId>("campaigns", campaigns),
      customers: new Map([
        ...(await this.#lockRevisions<CustomerId>("existingCustomers", existingIds)),
        ...(await this.lockChangedCustomers(claims.map(({ customer }) => customer))),
      ]),
    };
    const rows = await this.#lockVouchers(
      waits ? "waitForVouchers" : "skipLockedVouchers",
      sortedBy(allocations, idOf),
    );
    return { ...locked, vouchers: new Map(rows.map((row) => [row.id, row])) };
  }

  /** Locks the customers that are to be changed, and gives their revisions. */
  lockChangedCustomers(customers: readonly DraftCustomer[]): Promise<ReadonlyMap<string, number>> {
    const ids = customerWrites(customers).flatMap(({ record, replaces }) => (replaces === null ? [] : [record.id]));
    return this.#lockRevisions<CustomerId>("changedCustomers", ids);
  }

  /** Writes claims that hold, and gives each voucher's row as it has become. */
  async write(claims: readonly Claim[], { vouchers }: LockedRows): Promise<ClaimedVouchers> {
    const publishedRows = claims.map(({ n, publication, now, expirationDate, existing }) => {
      const rows = existing.flatMap(({ id }) => vouchers.get(id) ?? []);
      return [n, rows.map((row) => publishedRow(row, publication, now, expirationDate))] as const;
    });
    const rows = publishedRows.flatMap(([, own]) => own);
    const { new_customers, changed_customers, new_vouchers, publications, keys, attempts } = claimRows(claims);
    const published = [...rows, ...new_vouchers.filter(isPublished)];
    await this.#write("claimVouchers", sortedBy(rows.map(voucherUpdate), idOf));
    await this.#write("customers", new_customers);
    await this.#write("updateCustomers", changed_customers);
    await this.#write("vouchers", new_vouchers);
    await this.#write("publications", publications);
    await this.#write(
      "claims",
      sortedBy(published.map(claimEntry), ({ voucher_id }) => voucher_id),
    );
    await this.#write("keys", keys);
    await this.#write("attempts", attempts);
    return new Map(publishedRows);
  }

  async #lockRevisions<Id extends string>(
    name: "campaigns" | "existingCustomers" | "changedCustomers",
    ids: readonly Id[],
  ): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map();
    const wanted = JSON.stringify([...new Set(ids)].sort());
    const { rows } = await this.#session.executeQuery<{ readonly id: string; readonly revision: number }>(
      CompiledQuery.raw(this.#texts[name], [wanted]),
    );
    return new Map(rows.map(({ id, revision }) => [id, revision]));
  }

  async #lockVouchers(
    name: "waitForVouchers" | "skipLockedVouchers",
    picks: InputRows<typeof ALLOCATION_COLUMNS>,
  ): Promise<readonly VoucherRow[]> {
    const rows: VoucherRow[] = [];
    for (const chunk of recordChunks(ALLOCATION_COLUMNS, picks)) {
      const found = await this.#session.executeQuery<VoucherRow>(CompiledQuery.raw(this.#texts[name], [chunk]));
      rows.push(...found.rows);
    }
    return rows;
  }

  /** Every row must be written: whatever the locks above may be worth, here it is seen. */
  async #write<W extends WriteStatement>(name: W, rows: InputRows<(typeof WRITE_COLUMNS)[W]>): Promise<void> {
    let written = 0n;
    for (const chunk of recordChunks(WRITE_COLUMNS[name], rows)) {
      const { numAffectedRows } = await this.#session.executeQuery(CompiledQuery.raw(this.#texts[name], [chunk]));
      written += numAffectedRows ?? 0n;
    }
    if (written !== BigInt(rows.length))
      throw new DatabaseError("retry", new Error(`${written} of ${rows.length} rows were written (${name})`));
  }
}

const publishedRow = (
  row: VoucherRow,
  publication: Claim["publication"],
  now: Claim["now"],
  expirationDate: Claim["expirationDate"],
): VoucherRow => ({
  ...row,
  publication_id: publication.id,
  holder_id: publication.customerId,
  updated_at: now,
  expiration_date: expirationDate ?? row.expiration_date,
  revision: row.revision + 1,
});

const voucherUpdate = ({ id, revision, publication_id, holder_id, updated_at, expiration_date }: VoucherRow) => ({
  id,
  revision: revision - 1,
  publication_id,
  holder_id,
  updated_at,
  expiration_date,
});

const isPublished = ({ publication_id }: VoucherRow): boolean => publication_id !== null;

const claimEntry = ({ id, code, publication_id }: VoucherRow) => ({ voucher_id: id, code, publication_id });

/**
 * Makes sure of all that claims were decided on, and writes those that hold. A voucher is locked in the state in which
 * it was seen or not at all, then changed under the same condition, and entered in the table of claims, where it can
 * stand once.
 */
export const claimExecutor =
  (texts: ClaimTexts) =>
  async (session: Session, claims: readonly Claim[]): Promise<ClaimedVouchers> => {
    const transaction = new ClaimTransaction(session, texts);
    const locked = await transaction.lockRows(claims);
    return transaction.write(
      claims.filter((claim) => isComplete(claim, locked)),
      locked,
    );
  };
