import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { type CampaignId, hasExpired, publicationWithVouchers } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { Tables, VoucherRow } from "../schema.ts";
import { keyDigest } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { ClaimedVouchers, Draw } from "../server/dialect.ts";
import type { Claim } from "../server/plan.ts";
import { type Walk, walksFor } from "../server/snapshot.ts";
import { nextPowerOf, statementCache } from "../server/statement-cache.ts";
import { type ClaimTexts, ClaimTransaction, isComplete, type LockedRows } from "./claim.ts";
import type { Flavour } from "./flavour.ts";
import { inputValues } from "./input-lists.ts";
import { NO_CAMPAIGN, PARAMETER, WALKS_MAX, walkRange } from "./pool.ts";

/** The parts in which the texts of walk statements differ. They are literals in the text, because the server needs them for its plan. */
interface StatementSize {
  readonly walks: number;
  /** The number of vouchers that each walk locks, at most. */
  readonly limit: number;
  /** `>=`: from the start rank to the end of the pool. `<`: from the beginning of the pool to the start rank. */
  readonly range: ">=" | "<";
}

/** Locks the next vouchers of some pools, and skips vouchers that another transaction has locked. */
const walkStatement = (tables: Tables, { walks, limit, range }: StatementSize): RawBuilder<unknown> => {
  const parts = Array.from({ length: walks }, (_, n) =>
    walkRange(tables, {
      ...{ n, limit, index: "in_pool", columns: sql`v.*`, lock: sql`for update skip locked` },
      range: sql`v.${sql.ref("rank")} ${sql.raw(range)} ${PARAMETER}`,
    }),
  );
  return sql.join(parts, sql` union all `);
};

/** Locks campaigns and customers, and reads which keys have an owner. */
const lockStatement = (tables: Tables, flavour: Flavour): RawBuilder<unknown> => {
  const foundIn = (table: string, by: string): RawBuilder<unknown> =>
    sql`${inputValues(flavour)} straight_join ${sql.table(table)} as r on r.${sql.ref(by)} = input.value`;
  return sql`
    (select 'campaign' as part, r.id as name, r.revision from ${foundIn(tables.campaigns, "id")} lock in share mode)
    union all (select 'customer', r.id, r.revision from ${foundIn(tables.customers, "id")} lock in share mode)
    union all (select 'key', r.key, 0 from ${foundIn(tables.keys, "key")})`;
};

/** A record that is locked, or a key that has an owner. */
interface LockStatementRow {
  readonly part: "campaign" | "customer" | "key";
  readonly name: string;
  readonly revision: number;
}

/** The compiled statements of a draw. */
export interface DrawTexts {
  readonly lock: string;
  readonly walk: (size: StatementSize) => string;
}

export const drawTexts = (
  tables: Tables,
  flavour: Flavour,
  compile: (statement: RawBuilder<unknown>) => string,
): DrawTexts => ({
  lock: compile(lockStatement(tables, flavour)),
  walk: statementCache(
    ({ walks, limit, range }) => `${walks} ${limit} ${range}`,
    (size) => compile(walkStatement(tables, size)),
  ),
});

/** The records that drafts depend on, and the keys that have an owner. */
interface LockedRecords extends LockedRows {
  readonly owned: ReadonlySet<string>;
}

const sortedJson = (names: readonly string[]): string => JSON.stringify([...new Set(names)].sort());

const lockRecords = async (
  session: Session,
  text: string,
  draws: readonly Draw[],
  transaction: ClaimTransaction,
): Promise<LockedRecords> => {
  const campaigns = sortedJson(draws.map(({ selection }) => selection.campaignId));
  const existing = draws.flatMap(({ draft: { customer } }) => (customer.type === "known" ? [customer.id] : []));
  const keys = sortedJson(draws.flatMap(({ draft }) => draft.keys.map(keyDigest)));
  const { rows } = await session.executeQuery<LockStatementRow>(
    CompiledQuery.raw(text, [campaigns, sortedJson(existing), keys]),
  );
  const revisionsOf = (partName: LockStatementRow["part"]) =>
    rows.flatMap(({ part, name, revision }) => (part === partName ? [[name, Number(revision)] as const] : []));
  const changed = await transaction.lockChangedCustomers(draws.map(({ draft }) => draft.customer));
  return {
    campaigns: new Map(revisionsOf("campaign")),
    customers: new Map([...revisionsOf("customer"), ...changed]),
    vouchers: new Map(),
    owned: new Set(revisionsOf("key").map(([name]) => name)),
  };
};

/** The locked vouchers of each pool, in the order of the walk. */
type LockedVouchers = ReadonlyMap<CampaignId, readonly VoucherRow[]>;

/** Runs one part of walks that have the same limit. */
const lockWithLimit = async (
  session: Session,
  textOf: DrawTexts["walk"],
  walks: readonly Walk[],
  { limit, range }: Pick<StatementSize, "limit" | "range">,
): Promise<LockedVouchers> => {
  const locked = new Map<CampaignId, readonly VoucherRow[]>();
  for (let start = 0; start < walks.length; start += WALKS_MAX) {
    const chunk = walks.slice(start, start + WALKS_MAX);
    const size = { walks: nextPowerOf(4, chunk.length), limit, range };
    const values = Array.from({ length: size.walks }, (_, n) => [
      chunk[n]?.campaignId ?? NO_CAMPAIGN,
      chunk[n]?.startRank ?? 0,
    ]);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(textOf(size), values.flat()),
    );
    const byWalk = Map.groupBy(rows, ({ n }) => Number(n));
    for (const [n, { campaignId }] of chunk.entries()) locked.set(campaignId, byWalk.get(n) ?? []);
  }
  return locked;
};

/** Walks are grouped by limit, so that no walk locks many more vouchers than it needs. */
const lockInRange = async (
  session: Session,
  textOf: DrawTexts["walk"],
  walks: readonly Walk[],
  range: StatementSize["range"],
): Promise<LockedVouchers> => {
  const locked: (readonly [CampaignId, readonly VoucherRow[]])[] = [];
  for (const [limit, walksOfSize] of Map.groupBy(walks, (walk) => nextPowerOf(2, walk.limit)))
    locked.push(...(await lockWithLimit(session, textOf, walksOfSize, { limit, range })));
  return new Map(locked);
};

/** Walks from the start ranks to the end, and then from the beginning in those pools that gave too few vouchers. */
const lockOnWalks = async (
  session: Session,
  textOf: DrawTexts["walk"],
  walks: readonly Walk[],
): Promise<LockedVouchers> => {
  const first = await lockInRange(session, textOf, walks, ">=");
  const short = walks.flatMap((walk) => {
    const lacking = walk.limit - (first.get(walk.campaignId) ?? []).length;
    return lacking > 0 ? [{ ...walk, limit: lacking }] : [];
  });
  const rest = await lockInRange(session, textOf, short, "<");
  return new Map([...first].map(([id, rows]) => [id, [...rows, ...(rest.get(id) ?? [])]]));
};

const claimFor = ({ n, draft, selection }: Draw, rows: readonly VoucherRow[]): Claim => {
  const vouchers = rows.map(ROW_MAPPINGS.vouchers.toRecord);
  return {
    ...{ n, customer: draft.customer, keys: draft.keys, now: draft.now, expirationDate: draft.expirationDate },
    publication: publicationWithVouchers(draft, vouchers),
    campaign: { id: selection.campaignId, revision: selection.revision },
    ...{ existing: vouchers, fresh: [], spares: [], waitsForLocks: false },
  };
};

/** The claims that are complete, and the rows of their vouchers. */
interface CompleteClaims {
  readonly claims: readonly Claim[];
  readonly locked: LockedRows;
}

/**
 * Gives the locked vouchers to the drafts, in order. After a draft that is not complete, the later drafts of its campaign
 * are left out, too. Otherwise a later draft would get vouchers before an earlier one.
 */
const allocate = (eligible: readonly Draw[], records: LockedRecords, locked: LockedVouchers): CompleteClaims => {
  const positions = new Map<CampaignId, number>();
  const vouchers = new Map<string, VoucherRow>();
  const incomplete = new Set<CampaignId>();
  const claims: Claim[] = [];
  for (const draw of eligible) {
    const { campaignId, count } = draw.selection;
    const position = positions.get(campaignId) ?? 0;
    positions.set(campaignId, position + count);
    const allocation = (locked.get(campaignId) ?? []).slice(position, position + count);
    const claim = claimFor(draw, allocation);
    const isExpired = claim.existing.some((voucher) => hasExpired(voucher, draw.draft.now));
    const hasAll = allocation.length === count && !isExpired && !incomplete.has(campaignId);
    if (hasAll) for (const row of allocation) vouchers.set(row.id, row);
    if (hasAll && isComplete(claim, { ...records, vouchers })) claims.push(claim);
    else incomplete.add(campaignId);
  }
  return { claims, locked: { ...records, vouchers } };
};

/**
 * Draws vouchers for drafts and publishes them. In one transaction:
 *
 * 1. `lockRecords`: locks the campaigns and customers, and reads the owners of keys.
 * 2. `eligible`: the drafts whose keys are free.
 * 3. `lockOnWalks`: walks along each pool and locks vouchers.
 * 4. `allocate`: gives the locked vouchers to the drafts, in order, and finds the claims that are complete.
 * 5. `write`: writes those claims.
 *
 * Every other draft stays as it is: its pool is nearly empty, a voucher has expired, a key has an owner, or a customer has
 * changed. The slow path (a snapshot, then a claim) settles those drafts.
 */
export const drawExecutor =
  (texts: DrawTexts, claimTexts: ClaimTexts) =>
  async (session: Session, draws: readonly Draw[]): Promise<ClaimedVouchers> => {
    const transaction = new ClaimTransaction(session, claimTexts);
    const records = await lockRecords(session, texts.lock, draws, transaction);
    const eligible = draws.filter(({ draft }) => !draft.keys.some((key) => records.owned.has(keyDigest(key))));
    if (eligible.length === 0) return new Map();
    const vouchers = await lockOnWalks(session, texts.walk, walksFor(eligible.map(({ draft }) => draft)));
    const { claims, locked } = allocate(eligible, records, vouchers);
    return claims.length === 0 ? new Map() : transaction.write(claims, locked);
  };
