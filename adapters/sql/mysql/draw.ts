import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId } from "oncecode";
import { ROW_MAPPINGS } from "../row-mappings.ts";
import type { Tables, VoucherRow } from "../schema.ts";
import { keyDigest } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Claim } from "../server/decision.ts";
import type { ClaimedVouchers, Draw } from "../server/dialect.ts";
import { type Walk, walksFor } from "../server/snapshot.ts";
import { nextPowerOf, statementCache } from "../server/statement-cache.ts";
import { type ClaimTexts, ClaimTransaction, isComplete, type LockedRows } from "./claim.ts";
import { type Flavour, inputNames } from "./input-lists.ts";

const PARAMETER = sql`${null}`;

/** Along how many pools one statement walks, and how many vouchers it meets at most. The server plans by these numbers. */
interface StatementSize {
  readonly pools: number;
  readonly limit: number;
  /** From where the walk begins to the end, or from the start to there. */
  readonly range: ">=" | "<";
}

/** Locks the next vouchers of some pools, past those that somebody else holds. */
const drawStatement = (tables: Tables, { pools, limit, range }: StatementSize): RawBuilder<unknown> => {
  const parts = Array.from(
    { length: pools },
    (_, n) => sql`
    (select ${sql.lit(n)} as n, v.* from ${sql.table(tables.vouchers)} as v force index (in_pool)
     where v.campaign_id = ${PARAMETER} and v.publication_id is null and v.active = 1 and v.set_aside = 0
       and v.${sql.ref("rank")} ${sql.raw(range)} ${PARAMETER}
     order by v.${sql.ref("rank")} limit ${sql.lit(limit)} for update skip locked)`,
  );
  return sql.join(parts, sql` union all `);
};

/** Campaigns and customers stay as they are found. Of keys, those that are owned. */
const lockStatement = (tables: Tables, flavour: Flavour): RawBuilder<unknown> => {
  const each = (table: string, by: string): RawBuilder<unknown> =>
    sql`${inputNames(flavour)} straight_join ${sql.table(table)} as r on r.${sql.ref(by)} = input.name`;
  return sql`
    (select 'campaign' as part, r.id as name, r.revision from ${each(tables.campaigns, "id")} lock in share mode)
    union all (select 'customer', r.id, r.revision from ${each(tables.customers, "id")} lock in share mode)
    union all (select 'key', r.key, 0 from ${each(tables.keys, "key")})`;
};

interface LockedRecord {
  readonly part: "campaign" | "customer" | "key";
  readonly name: string;
  readonly revision: number;
}

/** The texts of the statements, each made once. */
export interface DrawTexts {
  readonly lock: string;
  readonly draw: (size: StatementSize) => string;
}

export const drawTexts = (
  tables: Tables,
  flavour: Flavour,
  compile: (statement: RawBuilder<unknown>) => string,
): DrawTexts => ({
  lock: compile(lockStatement(tables, flavour)),
  draw: statementCache(
    ({ pools, limit, range }) => `${pools} ${limit} ${range}`,
    (size) => compile(drawStatement(tables, size)),
  ),
});

const POOLS_MAX = 16;
/** No campaign has it. */
const NO_CAMPAIGN = "";

/** What a draft leans on, and the keys that others own. */
interface LockedRecords extends LockedRows {
  readonly owned: ReadonlySet<string>;
}

const sortedJson = (names: readonly string[]): string => JSON.stringify([...new Set(names)].sort());

const lockRecords = async (
  session: Session,
  text: string,
  draws: readonly Draw[],
  work: ClaimTransaction,
): Promise<LockedRecords> => {
  const campaigns = sortedJson(draws.map(({ selection }) => selection.campaignId));
  const known = draws.flatMap(({ draft: { customer } }) => (customer.type === "known" ? [customer.id] : []));
  const keys = sortedJson(draws.flatMap(({ draft }) => draft.keys.map(keyDigest)));
  const { rows } = await session.executeQuery<LockedRecord>(
    CompiledQuery.raw(text, [campaigns, sortedJson(known), keys]),
  );
  const of = (wanted: LockedRecord["part"]) =>
    rows.flatMap(({ part, name, revision }) => (part === wanted ? [[name, Number(revision)] as const] : []));
  const edited = await work.lockChangedCustomers(draws.map(({ draft }) => draft.customer));
  return {
    campaigns: new Map(of("campaign")),
    customers: new Map([...of("customer"), ...edited]),
    vouchers: new Map(),
    owned: new Set(of("key").map(([name]) => name)),
  };
};

/** The vouchers of a pool that are met on a stretch of a walk along it, in order. */
type LockedVouchers = ReadonlyMap<CampaignId, readonly VoucherRow[]>;

/** Stretches of several walks that meet about as many vouchers. */
const lockInRange = async (
  session: Session,
  textOf: DrawTexts["draw"],
  walks: readonly Walk[],
  { limit, range }: Pick<StatementSize, "limit" | "range">,
): Promise<LockedVouchers> => {
  const met = new Map<CampaignId, readonly VoucherRow[]>();
  for (let start = 0; start < walks.length; start += POOLS_MAX) {
    const chunk = walks.slice(start, start + POOLS_MAX);
    const size = { pools: nextPowerOf(4, chunk.length), limit, range };
    const values = Array.from({ length: size.pools }, (_, n) => [
      chunk[n]?.campaignId ?? NO_CAMPAIGN,
      chunk[n]?.startRank ?? 0,
    ]);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(textOf(size), values.flat()),
    );
    const byPlace = Map.groupBy(rows, ({ n }) => Number(n));
    for (const [n, { campaignId }] of chunk.entries()) met.set(campaignId, byPlace.get(n) ?? []);
  }
  return met;
};

/** What is met is locked, and nobody else can have it: so each walk is about as long as it has to be. */
const lockInRanges = async (
  session: Session,
  textOf: DrawTexts["draw"],
  walks: readonly Walk[],
  range: StatementSize["range"],
): Promise<LockedVouchers> => {
  const met: (readonly [CampaignId, readonly VoucherRow[]])[] = [];
  for (const [limit, walksOfSize] of Map.groupBy(walks, (walk) => nextPowerOf(2, walk.limit)))
    met.push(...(await lockInRange(session, textOf, walksOfSize, { limit, range })));
  return new Map(met);
};

/** Once around those pools that need it. */
const lockOnWalks = async (
  session: Session,
  textOf: DrawTexts["draw"],
  walks: readonly Walk[],
): Promise<LockedVouchers> => {
  const first = await lockInRanges(session, textOf, walks, ">=");
  const short = walks.flatMap((walk) => {
    const lacking = walk.limit - (first.get(walk.campaignId) ?? []).length;
    return lacking > 0 ? [{ ...walk, limit: lacking }] : [];
  });
  const rest = await lockInRanges(session, textOf, short, "<");
  return new Map([...first].map(([id, rows]) => [id, [...rows, ...(rest.get(id) ?? [])]]));
};

const claimFor = ({ n, draft, selection }: Draw, rows: readonly VoucherRow[]): Claim => {
  const vouchers = rows.map(ROW_MAPPINGS.vouchers.toRecord);
  const [codes, voucherIds] = [vouchers.map(({ code }) => code), vouchers.map(({ id }) => id)];
  return {
    ...{ n, customer: draft.customer, keys: draft.keys, now: draft.now, expirationDate: draft.expirationDate },
    publication: { ...draft.publication, codes, voucherIds },
    campaign: { id: selection.campaignId, revision: selection.revision },
    ...{ existing: vouchers, fresh: [], spares: [], waitsForLocks: false },
  };
};

/**
 * Draws for drafts and writes what they get, without a look before. What it cannot settle, because a pool is nearly empty,
 * a voucher has expired, a key is owned or a customer has changed, it leaves to a look and a claim. Those behind
 * who draw from the same campaign are left, too: they would come before.
 */
export const drawExecutor =
  (texts: DrawTexts, claimTexts: ClaimTexts) =>
  async (session: Session, draws: readonly Draw[]): Promise<ClaimedVouchers> => {
    const work = new ClaimTransaction(session, claimTexts);
    const footing = await lockRecords(session, texts.lock, draws, work);
    const asking = draws.filter(({ draft }) => !draft.keys.some((key) => footing.owned.has(keyDigest(key))));
    if (asking.length === 0) return new Map();
    const met = await lockOnWalks(session, texts.draw, walksFor(asking.map(({ draft }) => draft)));
    const walked = new Map<CampaignId, number>();
    const vouchers = new Map<string, VoucherRow>();
    const short = new Set<CampaignId>();
    const claims: Claim[] = [];
    for (const draw of asking) {
      const {
        draft,
        selection: { campaignId, count },
      } = draw;
      const from = walked.get(campaignId) ?? 0;
      walked.set(campaignId, from + count);
      const rows = (met.get(campaignId) ?? []).slice(from, from + count);
      const isLive = ({ expiration_date: date }: VoucherRow): boolean => date === null || date > draft.now;
      const isWhole = rows.length === count && rows.every(isLive) && !short.has(campaignId);
      const claim = claimFor(draw, rows);
      if (isWhole) for (const row of rows) vouchers.set(row.id, row);
      if (isWhole && isComplete(claim, { ...footing, vouchers })) claims.push(claim);
      else short.add(campaignId);
    }
    return claims.length === 0 ? new Map() : work.write(claims, { ...footing, vouchers });
  };
