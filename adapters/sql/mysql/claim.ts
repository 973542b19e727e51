import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId, CustomerId, DraftCustomer } from "oncecode";
import { COLUMNS, type Tables, type VoucherRow } from "../schema.ts";
import { EDITED_COLUMNS, rowsOf, sorted } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Claimed } from "../server/dialect.ts";
import { Fault } from "../server/faults.ts";
import type { Claim } from "../server/planning.ts";
import { asked, type Columns, columnsOf, type Flavour, type Given, recordChunks, recordsOf } from "./records.ts";

const PICK = { id: "text", revision: "integer" } as const;
const asSeen = sql`v.publication_id is null and v.active = 1 and v.revision = pick.revision`;

/** Statements that lock, and statements that write. */
type Lock = "campaigns" | "known" | "edited" | "waiting" | "passing";
type Writing = ("take" | "edit") | ("customers" | "vouchers" | "publications" | "claims" | "keys" | "attempts");
type Name = Lock | Writing;

/** What each statement that writes is given. Those of a table's name insert. */
const WRITTEN = {
  take: {
    id: "text",
    revision: "integer",
    publication_id: "text",
    holder_id: "text",
    updated_at: "text",
    expiration_date: "text",
  },
  edit: COLUMNS.customers,
  customers: COLUMNS.customers,
  vouchers: COLUMNS.vouchers,
  publications: COLUMNS.publications,
  claims: { voucher_id: "text", code: "text", publication_id: "text" },
  keys: { key: "text", publication_id: "text" },
  attempts: { publication_id: "text", voucher_id: "text", code: "text" },
} as const satisfies Readonly<Record<Writing, Columns>>;

/**
 * Rows are locked in the order of their ids, so that batches which overlap do not wait for each other crosswise, and
 * campaigns before vouchers, as whoever edits one does. Joined in this order: the planner must not choose another.
 */
const statements = (tables: Tables, flavour: Flavour): Readonly<Record<Name, RawBuilder<unknown>>> => {
  const table = (name: keyof Tables): RawBuilder<unknown> => sql.table(tables[name]);
  const locked = (name: "campaigns" | "customers", lock: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select r.id, r.revision from ${asked(flavour)} straight_join ${table(name)} as r on r.id = asked.name ${lock}`;
  const picked = (lock: RawBuilder<unknown>): RawBuilder<unknown> => sql`
    select v.* from ${recordsOf(flavour, PICK)} as pick straight_join ${table("vouchers")} as v on v.id = pick.id
    where ${asSeen} ${lock}`;
  const inserting = (name: Writing & keyof Tables): RawBuilder<unknown> => sql`
    insert into ${table(name)} (${columnsOf(WRITTEN[name])})
    select ${columnsOf(WRITTEN[name])} from ${recordsOf(flavour, WRITTEN[name])} as given`;
  return {
    campaigns: locked("campaigns", sql`lock in share mode`),
    known: locked("customers", sql`lock in share mode`),
    edited: locked("customers", sql`for update`),
    waiting: picked(sql`for update`),
    passing: picked(sql`for update skip locked`),
    take: sql`
      update ${recordsOf(flavour, WRITTEN.take)} as pick straight_join ${table("vouchers")} as v on v.id = pick.id
      set v.publication_id = pick.publication_id, v.holder_id = pick.holder_id, v.updated_at = pick.updated_at,
        v.expiration_date = coalesce(pick.expiration_date, v.expiration_date), v.revision = v.revision + 1, v.parked = 0
      where ${asSeen}`,
    edit: sql`
      update ${recordsOf(flavour, WRITTEN.edit)} as given
      straight_join ${table("customers")} as c on c.id = given.id
      set ${sql.join(EDITED_COLUMNS.map((column) => sql`c.${sql.ref(column)} = given.${sql.ref(column)}`))}`,
    customers: inserting("customers"),
    vouchers: inserting("vouchers"),
    publications: inserting("publications"),
    claims: inserting("claims"),
    keys: inserting("keys"),
    attempts: inserting("attempts"),
  };
};

/** The texts of the statements, each made once. */
export type ClaimTexts = Readonly<Record<Name, string>>;

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
export interface Ground {
  /** Their revisions. */
  readonly campaigns: ReadonlyMap<string, number>;
  readonly customers: ReadonlyMap<string, number>;
  readonly vouchers: ReadonlyMap<string, VoucherRow>;
}

export const holds = ({ campaign, customer, present }: Claim, ground: Ground): boolean => {
  if (campaign !== null && ground.campaigns.get(campaign.id) !== campaign.revision) return false;
  if (customer.type === "known" && !ground.customers.has(customer.id)) return false;
  const isEdited = customer.type === "write" && customer.write.replaces !== null;
  if (isEdited && ground.customers.get(customer.write.record.id) !== customer.write.replaces) return false;
  return present.every(({ id }) => ground.vouchers.has(id));
};

const writesOf = (customers: readonly DraftCustomer[]) =>
  customers.flatMap((customer) => (customer.type === "write" ? [customer.write] : []));

/** Claims inside one transaction. */
export class Claiming {
  readonly #session: Session;
  readonly #texts: ClaimTexts;

  constructor(session: Session, texts: ClaimTexts) {
    this.#session = session;
    this.#texts = texts;
  }

  /** Makes sure of all that the claims were decided on, and keeps it so. */
  async ground(claims: readonly Claim[]): Promise<Ground> {
    const waits = claims.some((claim) => claim.waits);
    const campaigns = claims.flatMap(({ campaign }) => (campaign === null ? [] : [campaign.id]));
    const known = claims.flatMap(({ customer }) => (customer.type === "known" ? [customer.id] : []));
    const picks = claims.flatMap(({ present }) => present.map(({ id, revision }) => ({ id, revision })));
    const ground = {
      campaigns: await this.#revisions<CampaignId>("campaigns", campaigns),
      customers: new Map([
        ...(await this.#revisions<CustomerId>("known", known)),
        ...(await this.edited(claims.map(({ customer }) => customer))),
      ]),
    };
    const rows = await this.#picked(waits ? "waiting" : "passing", sorted(picks, idOf));
    return { ...ground, vouchers: new Map(rows.map((row) => [row.id, row])) };
  }

  /** Locks the customers that are to be changed, and gives their revisions. */
  edited(customers: readonly DraftCustomer[]): Promise<ReadonlyMap<string, number>> {
    const edited = writesOf(customers).flatMap(({ record, replaces }) => (replaces === null ? [] : [record.id]));
    return this.#revisions<CustomerId>("edited", edited);
  }

  /** Writes claims that hold, and gives each voucher's row as it has become. */
  async write(claims: readonly Claim[], { vouchers }: Ground): Promise<Claimed> {
    const taken = claims.map(({ n, publication, now, expirationDate, present }) => {
      const rows = present.flatMap(({ id }) => vouchers.get(id) ?? []);
      return [n, rows.map((row) => takenRow(row, publication, now, expirationDate))] as const;
    });
    const rows = taken.flatMap(([, own]) => own);
    const { newcomers, edits, made, publications, keys, attempts } = rowsOf(claims);
    const published = [...rows, ...made.filter(isPublished)];
    await this.#write("take", sorted(rows.map(pickOf), idOf));
    await this.#write("customers", newcomers);
    await this.#write("edit", edits);
    await this.#write("vouchers", made);
    await this.#write("publications", publications);
    await this.#write(
      "claims",
      sorted(published.map(claimOf), ({ voucher_id }) => voucher_id),
    );
    await this.#write("keys", keys);
    await this.#write("attempts", attempts);
    return new Map(taken);
  }

  async #revisions<Id extends string>(
    name: "campaigns" | "known" | "edited",
    ids: readonly Id[],
  ): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map();
    const wanted = JSON.stringify([...new Set(ids)].sort());
    const { rows } = await this.#session.executeQuery<{ readonly id: string; readonly revision: number }>(
      CompiledQuery.raw(this.#texts[name], [wanted]),
    );
    return new Map(rows.map(({ id, revision }) => [id, revision]));
  }

  async #picked(name: "waiting" | "passing", picks: Given<typeof PICK>): Promise<readonly VoucherRow[]> {
    const rows: VoucherRow[] = [];
    for (const chunk of recordChunks(PICK, picks)) {
      const found = await this.#session.executeQuery<VoucherRow>(CompiledQuery.raw(this.#texts[name], [chunk]));
      rows.push(...found.rows);
    }
    return rows;
  }

  /** Every row must be written: whatever the locks above may be worth, here it is seen. */
  async #write<W extends Writing>(name: W, rows: Given<(typeof WRITTEN)[W]>): Promise<void> {
    let written = 0n;
    for (const chunk of recordChunks(WRITTEN[name], rows)) {
      const { numAffectedRows } = await this.#session.executeQuery(CompiledQuery.raw(this.#texts[name], [chunk]));
      written += numAffectedRows ?? 0n;
    }
    if (written !== BigInt(rows.length))
      throw new Fault("again", new Error(`${written} of ${rows.length} rows were written (${name})`));
  }
}

const takenRow = (
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

const pickOf = ({ id, revision, publication_id, holder_id, updated_at, expiration_date }: VoucherRow) => ({
  id,
  revision: revision - 1,
  publication_id,
  holder_id,
  updated_at,
  expiration_date,
});

const isPublished = ({ publication_id }: VoucherRow): boolean => publication_id !== null;

const claimOf = ({ id, code, publication_id }: VoucherRow) => ({ voucher_id: id, code, publication_id });

/**
 * Makes sure of all that claims were decided on, and writes those that hold. A voucher is locked in the state in which
 * it was seen or not at all, then changed under the same condition, and entered in the table of claims, where it can
 * stand once.
 */
export const claiming =
  (texts: ClaimTexts) =>
  async (session: Session, claims: readonly Claim[]): Promise<Claimed> => {
    const work = new Claiming(session, texts);
    const ground = await work.ground(claims);
    return work.write(
      claims.filter((claim) => holds(claim, ground)),
      ground,
    );
  };
