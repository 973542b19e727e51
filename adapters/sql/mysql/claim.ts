import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId, CustomerId, DraftCustomer } from "oncecode";
import type { Tables, VoucherRow } from "../schema.ts";
import { claimRows, sortedBy } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { ClaimedVouchers } from "../server/dialect.ts";
import type { Claim } from "../server/plan.ts";
import { IS_UNCHANGED, type WriteStatement, writeRows, writeStatements } from "./claim-writes.ts";
import type { Flavour } from "./flavour.ts";
import { type InputRows, inputRows, inputValues, recordChunks } from "./input-lists.ts";

const ALLOCATION_COLUMNS = { id: "text", revision: "integer" } as const;

type LockStatement = "campaigns" | "existingCustomers" | "changedCustomers" | "waitForVouchers" | "skipLockedVouchers";

/**
 * Two transactions that lock the same rows in different orders would wait for each other. So rows are locked in the order
 * of their ids, and campaigns before vouchers. `straight_join` keeps the planner from another order.
 */
const lockStatements = (tables: Tables, flavour: Flavour): Readonly<Record<LockStatement, RawBuilder<unknown>>> => {
  const lockByIds = (name: "campaigns" | "customers", lock: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select r.id, r.revision from ${inputValues(flavour)} straight_join ${sql.table(tables[name])} as r on r.id = input.value ${lock}`;
  const lockVouchers = (lock: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select v.* from ${inputRows(flavour, ALLOCATION_COLUMNS)} as allocation
    straight_join ${sql.table(tables.vouchers)} as v on v.id = allocation.id
    where ${IS_UNCHANGED} ${lock}`;
  return {
    campaigns: lockByIds("campaigns", sql`lock in share mode`),
    existingCustomers: lockByIds("customers", sql`lock in share mode`),
    changedCustomers: lockByIds("customers", sql`for update`),
    waitForVouchers: lockVouchers(sql`for update`),
    skipLockedVouchers: lockVouchers(sql`for update skip locked`),
  };
};

/** The compiled statements of a claim. */
export type ClaimTexts = Readonly<Record<LockStatement | WriteStatement, string>>;

export const claimTexts = (
  tables: Tables,
  flavour: Flavour,
  compile: (statement: RawBuilder<unknown>) => string,
): ClaimTexts => {
  const statements = { ...lockStatements(tables, flavour), ...writeStatements(tables, flavour) };
  const texts = Object.entries(statements).map(([name, statement]) => [name, compile(statement)]);
  return Object.fromEntries(texts) as ClaimTexts;
};

/** The rows that claims depend on, locked until the commit. */
export interface LockedRows {
  /** Revisions by id. */
  readonly campaigns: ReadonlyMap<string, number>;
  readonly customers: ReadonlyMap<string, number>;
  readonly vouchers: ReadonlyMap<string, VoucherRow>;
}

/** Whether all rows of a claim are locked, with the expected revisions. */
export const isComplete = ({ campaign, customer, existing }: Claim, locked: LockedRows): boolean => {
  if (campaign !== null && locked.campaigns.get(campaign.id) !== campaign.revision) return false;
  if (customer.type === "known" && !locked.customers.has(customer.id)) return false;
  const isChanged = customer.type === "write" && customer.write.replaces !== null;
  if (isChanged && locked.customers.get(customer.write.record.id) !== customer.write.replaces) return false;
  return existing.every(({ id }) => locked.vouchers.has(id));
};

/** The steps of a claim inside one transaction. */
export class ClaimTransaction {
  readonly #session: Session;
  readonly #texts: ClaimTexts;

  constructor(session: Session, texts: ClaimTexts) {
    this.#session = session;
    this.#texts = texts;
  }

  /** Locks the rows that the claims depend on. A voucher that has changed since the snapshot is not among them. */
  async lockRows(claims: readonly Claim[]): Promise<LockedRows> {
    const shouldWait = claims.some((claim) => claim.waitsForLocks);
    const campaigns = claims.flatMap(({ campaign }) => (campaign === null ? [] : [campaign.id]));
    const knownIds = claims.flatMap(({ customer }) => (customer.type === "known" ? [customer.id] : []));
    const allocations = claims.flatMap(({ existing }) => existing.map(({ id, revision }) => ({ id, revision })));
    const locked = {
      campaigns: await this.#lockRevisions<CampaignId>("campaigns", campaigns),
      customers: new Map([
        ...(await this.#lockRevisions<CustomerId>("existingCustomers", knownIds)),
        ...(await this.lockChangedCustomers(claims.map(({ customer }) => customer))),
      ]),
    };
    const rows = await this.#lockVouchers(
      shouldWait ? "waitForVouchers" : "skipLockedVouchers",
      sortedBy(allocations, idOf),
    );
    return { ...locked, vouchers: new Map(rows.map((row) => [row.id, row])) };
  }

  /** Locks the customers that the claims change. Returns their revisions by id. */
  lockChangedCustomers(customers: readonly DraftCustomer[]): Promise<ReadonlyMap<string, number>> {
    const ids = customers.flatMap((customer) =>
      customer.type === "write" && customer.write.replaces !== null ? [customer.write.record.id] : [],
    );
    return this.#lockRevisions<CustomerId>("changedCustomers", ids);
  }

  /** Writes complete claims. Returns the new rows of their vouchers. */
  async write(claims: readonly Claim[], { vouchers }: LockedRows): Promise<ClaimedVouchers> {
    const publishedRows = claims.map(({ n, publication, now, expirationDate, existing }) => {
      const rows = existing.flatMap(({ id }) => vouchers.get(id) ?? []);
      return [n, rows.map((row) => publishedRow(row, publication, now, expirationDate))] as const;
    });
    const rows = publishedRows.flatMap(([, own]) => own);
    const { new_customers, changed_customers, new_vouchers, publications, keys, failures } = claimRows(claims);
    const published = [...rows, ...new_vouchers.filter(isPublished)];
    await writeRows(this.#session, this.#texts, "claimVouchers", sortedBy(rows.map(voucherUpdate), idOf));
    await writeRows(this.#session, this.#texts, "customers", new_customers);
    await writeRows(this.#session, this.#texts, "updateCustomers", changed_customers);
    await writeRows(this.#session, this.#texts, "vouchers", new_vouchers);
    await writeRows(this.#session, this.#texts, "publications", publications);
    await writeRows(
      this.#session,
      this.#texts,
      "claims",
      sortedBy(published.map(claimEntry), ({ voucher_id }) => voucher_id),
    );
    await writeRows(this.#session, this.#texts, "keys", keys);
    await writeRows(this.#session, this.#texts, "failures", failures);
    return new Map(publishedRows);
  }

  async #lockRevisions<Id extends string>(
    name: "campaigns" | "existingCustomers" | "changedCustomers",
    ids: readonly Id[],
  ): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map();
    const sortedIds = JSON.stringify([...new Set(ids)].sort());
    const { rows } = await this.#session.executeQuery<{ readonly id: string; readonly revision: number }>(
      CompiledQuery.raw(this.#texts[name], [sortedIds]),
    );
    return new Map(rows.map(({ id, revision }) => [id, revision]));
  }

  async #lockVouchers(
    name: "waitForVouchers" | "skipLockedVouchers",
    allocations: InputRows<typeof ALLOCATION_COLUMNS>,
  ): Promise<readonly VoucherRow[]> {
    const rows: VoucherRow[] = [];
    for (const chunk of recordChunks(ALLOCATION_COLUMNS, allocations)) {
      const locked = await this.#session.executeQuery<VoucherRow>(CompiledQuery.raw(this.#texts[name], [chunk]));
      rows.push(...locked.rows);
    }
    return rows;
  }
}

const idOf = ({ id }: { readonly id: string }): string => id;

/** Like `publishedVoucher`, but on a row. This saves two conversions. */
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
  // The statement finds the voucher by its revision before the change.
  revision: revision - 1,
  publication_id,
  holder_id,
  updated_at,
  expiration_date,
});

const isPublished = ({ publication_id }: VoucherRow): boolean => publication_id !== null;

const claimEntry = ({ id, code, publication_id }: VoucherRow) => ({ voucher_id: id, code, publication_id });

/**
 * Checks that the snapshot still holds for each claim, and writes the claims for which it does. In one transaction:
 *
 * 1. `lockRows`: locks the campaigns, the customers, and each allocated voucher that is still as in the snapshot.
 * 2. `isComplete`: finds the claims whose rows are all locked.
 * 3. `write`: changes the vouchers under the same condition as in step 1, and inserts claims, keys and records.
 *
 * The table of claims holds a voucher once, so that even a wrong statement could not publish it twice.
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
