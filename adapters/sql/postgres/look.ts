import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId } from "oncecode";
import type { PublicationRow, Tables } from "../schema.ts";
import type { Session } from "../server/database.ts";
import { digestOf } from "../server/digest.ts";
import { type CandidateRow, type SeenRows, seenOn, sightOf } from "../server/seeing.ts";
import type { Sight, Walk, Wanted } from "../server/sight.ts";
import { textFor } from "../server/texts.ts";
import { stretch } from "./drawable.ts";
import { recordsOf } from "./records.ts";

/** What the statement gives, as JSON. */
interface Seeing extends Omit<SeenRows, "owners"> {
  readonly owners: readonly { readonly key: string; readonly publication: PublicationRow }[];
  readonly walks: readonly (CandidateRow & { readonly campaign_id: CampaignId })[];
}

const CANDIDATE = sql`v.id, v.code, v.rank, v.revision, v.expiration_date`;

/**
 * Rows that are found one by one, by an index, whatever the planner thinks of the sizes of the tables. The values come as
 * JSON, of whose length it has no idea either: with an array it would plan anew each time.
 */
const each = (values: RawBuilder<unknown>, found: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`json_array_elements_text(${values}::json) as asked(name) cross join lateral (${found} limit 1) as found`;

const list = (of: RawBuilder<unknown>, from: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select coalesce(json_agg(${of}), '[]') from ${from})`;

const VALUE = sql`${null}`;

/** Those that were set aside as expired, and are not any more: a clock may go back, as a test's does. */
const setAside = (pool: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (select p.id, p.revision from ${pool} as p
   where p.campaign_id = given.campaign_id and p.parked = 1 and p.expiration_date > given.now)`;

const WALK = { campaign_id: "text", at: "real", most: "integer", now: "text", live: "text" } as const;

type Part = keyof Seeing;

/** What may be looked at, each by one list of values. */
const parts = (tables: Tables): { readonly [P in Part]: RawBuilder<unknown> } => {
  const table = (name: keyof Tables): RawBuilder<unknown> => sql.table(tables[name]);
  const rows = (found: RawBuilder<unknown>): RawBuilder<unknown> => list(sql`found`, each(VALUE, found));
  const [vouchers, pool] = [table("vouchers"), table("pool")];
  return {
    publications: rows(sql`select p.* from ${table("publications")} as p where p.id = asked.name`),
    owners: list(
      sql`json_build_object('key', asked.name, 'publication', found)`,
      each(
        VALUE,
        sql`select p.* from ${table("keys")} as k join ${table("publications")} as p on p.id = k.publication_id
          where k.key = asked.name`,
      ),
    ),
    customers: rows(sql`select c.id, c.revision from ${table("customers")} as c where c.id = asked.name`),
    sourceIds: rows(sql`select c.id, c.source_id from ${table("customers")} as c where c.source_id = asked.name`),
    campaigns: rows(sql`select c.id, c.revision from ${table("campaigns")} as c where c.id = asked.name`),
    vouchers: rows(sql`select ${CANDIDATE}, v.active, v.publication_id from ${vouchers} as v where v.id = asked.name`),
    walks: list(
      sql`json_build_object('campaign_id', given.campaign_id, 'id', v.id, 'code', v.code, 'rank', v.rank, 'revision', v.revision,
        'expiration_date', v.expiration_date)`,
      sql`${recordsOf(VALUE, WALK)} cross join lateral (
        ${stretch(pool, sql`p.rank >= given.at`)} union all ${stretch(pool, sql`p.rank < given.at`)}
        union all ${setAside(pool)} limit given.most) as walked
        cross join lateral (select ${CANDIDATE} from ${vouchers} as v where v.id = walked.id limit 1) as v`,
    ),
    codes: list(
      sql`asked.name`,
      each(
        VALUE,
        sql`select 1 from ${vouchers} as v where v.code = asked.name
          union all select 1 from ${table("claims")} as c where c.code = asked.name`,
      ),
    ),
  };
};

/** Looks at these parts in one statement, so that all is seen at one instant. */
const lookStatement = (all: ReturnType<typeof parts>, wanted: readonly Part[]): RawBuilder<unknown> =>
  sql`select json_build_object(${sql.join(wanted.map((part) => sql`${sql.lit(part)}, ${all[part]}`))})::text as seen`;

const walkRow = ({ campaignId, at, most, now, onlyLive }: Walk) => ({
  campaign_id: campaignId,
  at,
  most,
  now,
  live: onlyLive ? now : null,
});

const valuesFor = (wanted: Wanted): { readonly [P in Part]: readonly unknown[] } => ({
  ...wanted,
  owners: wanted.keys.map(digestOf),
  walks: wanted.walks.map(walkRow),
});

const NOTHING: Seeing = {
  publications: [],
  owners: [],
  customers: [],
  sourceIds: [],
  campaigns: [],
  vouchers: [],
  walks: [],
  codes: [],
};

const sightIn = (seeing: Seeing, { keys, walks }: Wanted): Sight => {
  const owners = seeing.owners.map(({ key, publication }) => ({ ...publication, asked: key }));
  const byWalk = Map.groupBy(seeing.walks, ({ campaign_id }) => campaign_id);
  const walked = new Map(
    walks.map((walk) => [walk.campaignId, seenOn(walk, byWalk.get(walk.campaignId) ?? [], walk.most)]),
  );
  return sightOf({ ...seeing, owners }, keys, walked);
};

const PARTS = Object.keys(NOTHING) as readonly Part[];

/** Left out where there is nothing to look for. Not the others: each connection keeps a plan for each of the texts. */
const SELDOM: ReadonlySet<Part> = new Set(["vouchers", "walks", "codes"]);

/** `textOf` turns a statement into its text. */
export const looking = (
  tables: Tables,
  textOf: (statement: RawBuilder<unknown>) => string,
): ((session: Session, wanted: Wanted) => Promise<Sight>) => {
  const all = parts(tables);
  const text = textFor<readonly Part[]>(
    (names) => names.join(),
    (names) => textOf(lookStatement(all, names)),
  );
  return async (session, wanted) => {
    const values = valuesFor(wanted);
    const named = PARTS.filter((part) => !SELDOM.has(part) || values[part].length > 0);
    const lists = named.map((part) => JSON.stringify(values[part]));
    const { rows } = await session.executeQuery<{ readonly seen: string }>(CompiledQuery.raw(text(named), lists));
    return sightIn({ ...NOTHING, ...(JSON.parse(rows[0]?.seen ?? "{}") as Partial<Seeing>) }, wanted);
  };
};
