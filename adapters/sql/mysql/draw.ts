import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId } from "oncecode";
import { MAPPINGS } from "../rows.ts";
import type { Tables, VoucherRow } from "../schema.ts";
import type { Session } from "../server/database.ts";
import type { Claimed, Draw } from "../server/dialect.ts";
import { digestOf } from "../server/digest.ts";
import type { Claim } from "../server/planning.ts";
import { textFor } from "../server/texts.ts";
import { Claiming, type ClaimTexts, type Ground, holds } from "./claim.ts";
import { asked, type Flavour } from "./records.ts";

const VALUE = sql`${null}`;

/** How many draws one statement makes, and the most vouchers of one. The numbers stand in the text: the server plans by them. */
interface Stride {
  readonly draws: number;
  readonly most: number;
}

/** Locks the next vouchers from a point of a pool on, past those that somebody else holds; for several draws at once. */
const drawStatement = (tables: Tables, { draws, most }: Stride): RawBuilder<unknown> => {
  const parts = Array.from(
    { length: draws },
    (_, n) => sql`
    (select ${sql.lit(n)} as n, v.* from ${sql.table(tables.vouchers)} as v force index (in_pool)
     where v.campaign_id = ${VALUE} and v.publication_id is null and v.active = 1 and v.parked = 0
       and v.${sql.ref("rank")} >= ${VALUE}
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
    ({ draws, most }) => `${draws} ${most}`,
    (stride) => compile(drawStatement(tables, stride)),
  ),
});

const DRAWS_MAX = 16;
/** Few sizes, so that there are few texts. */
const sizeFor = (number: number): number => 4 ** Math.ceil(Math.log(number) / Math.log(4));
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

/** The vouchers that each draft meets, in the order of its walk. */
const metBy = async (
  session: Session,
  textOf: DrawTexts["draw"],
  draws: readonly Draw[],
): Promise<ReadonlyMap<Draw, readonly VoucherRow[]>> => {
  const met = new Map<Draw, readonly VoucherRow[]>();
  const most = sizeFor(Math.max(...draws.map(({ take }) => take.count)));
  for (let start = 0; start < draws.length; start += DRAWS_MAX) {
    const chunk = draws.slice(start, start + DRAWS_MAX);
    const stride = { draws: sizeFor(chunk.length), most };
    const values = Array.from({ length: stride.draws }, (_, n) => {
      const take = chunk[n]?.take;
      return [take?.campaignId ?? NOWHERE, take?.at ?? 0];
    });
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(textOf(stride), values.flat()),
    );
    const byPlace = Map.groupBy(rows, ({ n }) => Number(n));
    for (const [n, draw] of chunk.entries()) met.set(draw, byPlace.get(n) ?? []);
  }
  return met;
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
 * two drafts met at one voucher, a key is owned or a customer has changed, it leaves to a look and a claim. Those behind
 * who draw from the same campaign are left, too: they would come before.
 */
export const drawing =
  (texts: DrawTexts, claimTexts: ClaimTexts) =>
  async (session: Session, draws: readonly Draw[]): Promise<Claimed> => {
    const work = new Claiming(session, claimTexts);
    const footing = await footingOf(session, texts.ground, draws, work);
    const asking = draws.filter(({ draft }) => !draft.keys.some((key) => footing.owned.has(digestOf(key))));
    if (asking.length === 0) return new Map();
    const met = await metBy(session, texts.draw, asking);
    const vouchers = new Map<string, VoucherRow>();
    const short = new Set<CampaignId>();
    const claims: Claim[] = [];
    for (const draw of asking) {
      const { take, draft } = draw;
      const isLive = ({ expiration_date: date }: VoucherRow): boolean => date === null || date > draft.now;
      const rows = (met.get(draw) ?? []).slice(0, take.count).filter((row) => !vouchers.has(row.id) && isLive(row));
      const claim = claimOf(draw, rows);
      const isWhole = rows.length === take.count && !short.has(take.campaignId);
      if (isWhole) for (const row of rows) vouchers.set(row.id, row);
      if (isWhole && holds(claim, { ...footing, vouchers })) claims.push(claim);
      else short.add(take.campaignId);
    }
    return claims.length === 0 ? new Map() : work.write(claims, { ...footing, vouchers });
  };
