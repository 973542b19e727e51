import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId } from "oncecode";
import { MAPPINGS } from "../rows.ts";
import type { Tables, VoucherRow } from "../schema.ts";
import type { Session } from "../server/database.ts";
import type { Claimed, Draw } from "../server/dialect.ts";
import { digestOf } from "../server/digest.ts";
import type { Claim } from "../server/planning.ts";
import { type Walk, walksFor } from "../server/sight.ts";
import { powerOf, textFor } from "../server/texts.ts";
import { Claiming, type ClaimTexts, type Ground, holds } from "./claim.ts";
import { asked, type Flavour } from "./records.ts";

const VALUE = sql`${null}`;

/** Along how many pools one statement walks, and how many vouchers it meets at most. The server plans by these numbers. */
interface Stride {
  readonly pools: number;
  readonly most: number;
  /** From where the walk begins to the end, or from the start to there. */
  readonly range: ">=" | "<";
}

/** Locks the next vouchers of some pools, past those that somebody else holds. */
const drawStatement = (tables: Tables, { pools, most, range }: Stride): RawBuilder<unknown> => {
  const parts = Array.from(
    { length: pools },
    (_, n) => sql`
    (select ${sql.lit(n)} as n, v.* from ${sql.table(tables.vouchers)} as v force index (in_pool)
     where v.campaign_id = ${VALUE} and v.publication_id is null and v.active = 1 and v.parked = 0
       and v.${sql.ref("rank")} ${sql.raw(range)} ${VALUE}
     order by v.${sql.ref("rank")} limit ${sql.lit(most)} for update skip locked)`,
  );
  return sql.join(parts, sql` union all `);
};

/** Campaigns and customers stay as they are found. Of keys, those that are owned. */
const groundStatement = (tables: Tables, flavour: Flavour): RawBuilder<unknown> => {
  const each = (table: string, by: string): RawBuilder<unknown> =>
    sql`${asked(flavour)} straight_join ${sql.table(table)} as r on r.${sql.ref(by)} = asked.name`;
  return sql`
    (select 'campaign' as part, r.id as name, r.revision from ${each(tables.campaigns, "id")} lock in share mode)
    union all (select 'customer', r.id, r.revision from ${each(tables.customers, "id")} lock in share mode)
    union all (select 'key', r.key, 0 from ${each(tables.keys, "key")})`;
};

interface Found {
  readonly part: "campaign" | "customer" | "key";
  readonly name: string;
  readonly revision: number;
}

/** The texts of the statements, each made once. */
export interface DrawTexts {
  readonly ground: string;
  readonly draw: (stride: Stride) => string;
}

export const drawTexts = (
  tables: Tables,
  flavour: Flavour,
  compile: (statement: RawBuilder<unknown>) => string,
): DrawTexts => ({
  ground: compile(groundStatement(tables, flavour)),
  draw: textFor(
    ({ pools, most, range }) => `${pools} ${most} ${range}`,
    (stride) => compile(drawStatement(tables, stride)),
  ),
});

const POOLS_MAX = 16;
/** No campaign has it. */
const NOWHERE = "";

/** What a draft leans on, and the keys that others own. */
interface Footing extends Ground {
  readonly owned: ReadonlySet<string>;
}

const listOf = (names: readonly string[]): string => JSON.stringify([...new Set(names)].sort());

const footingOf = async (session: Session, text: string, draws: readonly Draw[], work: Claiming): Promise<Footing> => {
  const campaigns = listOf(draws.map(({ take }) => take.campaignId));
  const known = draws.flatMap(({ draft: { customer } }) => (customer.type === "known" ? [customer.id] : []));
  const keys = listOf(draws.flatMap(({ draft }) => draft.keys.map(digestOf)));
  const { rows } = await session.executeQuery<Found>(CompiledQuery.raw(text, [campaigns, listOf(known), keys]));
  const of = (wanted: Found["part"]) =>
    rows.flatMap(({ part, name, revision }) => (part === wanted ? [[name, Number(revision)] as const] : []));
  const edited = await work.edited(draws.map(({ draft }) => draft.customer));
  return {
    campaigns: new Map(of("campaign")),
    customers: new Map([...of("customer"), ...edited]),
    vouchers: new Map(),
    owned: new Set(of("key").map(([name]) => name)),
  };
};

/** The vouchers of a pool that are met on a stretch of a walk along it, in order. */
type Met = ReadonlyMap<CampaignId, readonly VoucherRow[]>;

/** Stretches of several walks that meet about as many vouchers. */
const stretches = async (
  session: Session,
  textOf: DrawTexts["draw"],
  walks: readonly Walk[],
  { most, range }: Pick<Stride, "most" | "range">,
): Promise<Met> => {
  const met = new Map<CampaignId, readonly VoucherRow[]>();
  for (let start = 0; start < walks.length; start += POOLS_MAX) {
    const chunk = walks.slice(start, start + POOLS_MAX);
    const stride = { pools: powerOf(4, chunk.length), most, range };
    const values = Array.from({ length: stride.pools }, (_, n) => [chunk[n]?.campaignId ?? NOWHERE, chunk[n]?.at ?? 0]);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(textOf(stride), values.flat()),
    );
    const byPlace = Map.groupBy(rows, ({ n }) => Number(n));
    for (const [n, { campaignId }] of chunk.entries()) met.set(campaignId, byPlace.get(n) ?? []);
  }
  return met;
};

/** What is met is locked, and nobody else can have it: so each walk is about as long as it has to be. */
const stretchesAlong = async (
  session: Session,
  textOf: DrawTexts["draw"],
  walks: readonly Walk[],
  range: Stride["range"],
): Promise<Met> => {
  const met: (readonly [CampaignId, readonly VoucherRow[]])[] = [];
  for (const [most, alike] of Map.groupBy(walks, (walk) => powerOf(2, walk.most)))
    met.push(...(await stretches(session, textOf, alike, { most, range })));
  return new Map(met);
};

/** Once around those pools that need it. */
const metOn = async (session: Session, textOf: DrawTexts["draw"], walks: readonly Walk[]): Promise<Met> => {
  const first = await stretchesAlong(session, textOf, walks, ">=");
  const short = walks.flatMap((walk) => {
    const lacking = walk.most - (first.get(walk.campaignId) ?? []).length;
    return lacking > 0 ? [{ ...walk, most: lacking }] : [];
  });
  const rest = await stretchesAlong(session, textOf, short, "<");
  return new Map([...first].map(([id, rows]) => [id, [...rows, ...(rest.get(id) ?? [])]]));
};

const claimOf = ({ n, draft, take }: Draw, rows: readonly VoucherRow[]): Claim => {
  const vouchers = rows.map(MAPPINGS.vouchers.toRecord);
  const [codes, voucherIds] = [vouchers.map(({ code }) => code), vouchers.map(({ id }) => id)];
  return {
    ...{ n, customer: draft.customer, keys: draft.keys, now: draft.now, expirationDate: draft.expirationDate },
    publication: { ...draft.publication, codes, voucherIds },
    campaign: { id: take.campaignId, revision: take.revision },
    ...{ present: vouchers, fresh: [], spares: [], waits: false },
  };
};

/**
 * Draws for drafts and writes what they get, without a look before. What it cannot settle, because a pool is nearly empty,
 * a voucher has expired, a key is owned or a customer has changed, it leaves to a look and a claim. Those behind
 * who draw from the same campaign are left, too: they would come before.
 */
export const drawing =
  (texts: DrawTexts, claimTexts: ClaimTexts) =>
  async (session: Session, draws: readonly Draw[]): Promise<Claimed> => {
    const work = new Claiming(session, claimTexts);
    const footing = await footingOf(session, texts.ground, draws, work);
    const asking = draws.filter(({ draft }) => !draft.keys.some((key) => footing.owned.has(digestOf(key))));
    if (asking.length === 0) return new Map();
    const met = await metOn(session, texts.draw, walksFor(asking.map(({ draft }) => draft)));
    const walked = new Map<CampaignId, number>();
    const vouchers = new Map<string, VoucherRow>();
    const short = new Set<CampaignId>();
    const claims: Claim[] = [];
    for (const draw of asking) {
      const {
        draft,
        take: { campaignId, count },
      } = draw;
      const from = walked.get(campaignId) ?? 0;
      walked.set(campaignId, from + count);
      const rows = (met.get(campaignId) ?? []).slice(from, from + count);
      const isLive = ({ expiration_date: date }: VoucherRow): boolean => date === null || date > draft.now;
      const isWhole = rows.length === count && rows.every(isLive) && !short.has(campaignId);
      const claim = claimOf(draw, rows);
      if (isWhole) for (const row of rows) vouchers.set(row.id, row);
      if (isWhole && holds(claim, { ...footing, vouchers })) claims.push(claim);
      else short.add(campaignId);
    }
    return claims.length === 0 ? new Map() : work.write(claims, { ...footing, vouchers });
  };
