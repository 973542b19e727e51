import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId, Code, CustomerId } from "oncecode";
import type { PublicationRow, Tables } from "../schema.ts";
import type { Session } from "../server/database.ts";
import { digestOf } from "../server/digest.ts";
import { type CandidateRow, type SeenRows, seenOn, sightOf } from "../server/seeing.ts";
import type { Seen, Sight, Walk, Wanted } from "../server/sight.ts";
import { powerOf, textFor } from "../server/texts.ts";
import { asked, chunksOf, type Flavour } from "./records.ts";

/** What each statement gives, by its name. */
interface Found {
  readonly vouchers: SeenRows["vouchers"][number];
  readonly names: {
    readonly part: "customer" | "sourceId" | "campaign" | "code";
    readonly name: string;
    readonly revision: number;
    /** Of a customer who was asked for by it. */
    readonly source_id: string | null;
  };
  /** `asked` is the key that it owns, or null if it was asked for by its id. */
  readonly publications: PublicationRow & { readonly asked: string | null };
}

const CANDIDATE = sql`v.id, v.code, v.${sql.ref("rank")}, v.revision, v.expiration_date`;
const VALUE = sql`${null}`;

/**
 * `straight_join`: rows are found one by one, by an index, whatever the planner thinks of the sizes of the tables. Few
 * statements, each of which takes several lists: the way to the server and back takes longer than an empty list.
 */
const lookups = (tables: Tables, flavour: Flavour): { readonly [K in keyof Found]: RawBuilder<unknown> } => {
  const table = (name: keyof Tables): RawBuilder<unknown> => sql.table(tables[name]);
  const each = (name: keyof Tables, by: string): RawBuilder<unknown> =>
    sql`${asked(flavour)} straight_join ${table(name)} as r on r.${sql.ref(by)} = asked.name`;
  return {
    vouchers: sql`
      select v.id, v.code, v.${sql.ref("rank")}, v.revision, v.expiration_date, v.active, v.publication_id
      from ${asked(flavour)} straight_join ${table("vouchers")} as v on v.id = asked.name`,
    names: sql`
      select 'customer' as part, r.id as name, r.revision, null as source_id from ${each("customers", "id")}
      union all select 'sourceId', r.id, r.revision, r.source_id from ${each("customers", "source_id")}
      union all select 'campaign', r.id, r.revision, null from ${each("campaigns", "id")}
      union all select 'code', r.code, 0, null from ${each("vouchers", "code")}
      union all select 'code', r.code, 0, null from ${each("claims", "code")}`,
    publications: sql`
      select r.*, null as asked from ${each("publications", "id")}
      union all select p.*, asked.name
      from ${each("keys", "key")} straight_join ${table("publications")} as p on p.id = r.publication_id`,
  };
};

/** How one statement walks, along how many pools at once. */
interface Stride {
  readonly walks: number;
  /** Vouchers to see at most on each. */
  readonly most: number;
  /** The first stretch only, which is nearly always enough; otherwise once around, and all seen at one instant. */
  readonly isFirst: boolean;
}

/**
 * The walks along several pools in one statement, each row with the place of its walk. The numbers stand in the text,
 * since the server plans by them.
 */
const walkStatement = (tables: Tables, { walks, most, isFirst }: Stride): RawBuilder<unknown> => {
  const stretch = (n: number, index: string, parked: number, range: RawBuilder<unknown>, by: string) => sql`
    (select ${sql.lit(n)} as n, ${CANDIDATE} from ${sql.table(tables.vouchers)} as v force index (${sql.ref(index)})
     where v.campaign_id = ${VALUE} and v.publication_id is null and v.active = 1 and v.parked = ${sql.lit(parked)}
       and ${range}
     order by v.${sql.ref(by)} limit ${sql.lit(most)})`;
  const isLive = sql`(v.expiration_date is null or v.expiration_date > ${VALUE})`;
  const rank = sql`v.${sql.ref("rank")}`;
  const parts = Array.from({ length: walks }, (_, n) => [
    stretch(n, "in_pool", 0, sql`${rank} >= ${VALUE} and ${isLive}`, "rank"),
    ...(isFirst
      ? []
      : [
          stretch(n, "in_pool", 0, sql`${rank} < ${VALUE} and ${isLive}`, "rank"),
          // Those that were set aside as expired, and are not any more: a clock may go back, as a test's does.
          stretch(n, "expiring", 1, sql`v.expiration_date > ${VALUE}`, "expiration_date"),
        ]),
  ]);
  return sql.join(parts.flat(), sql` union all `);
};

/** Before any date, so that every voucher passes. */
const ALL = "";
/** No campaign has it. */
const NOWHERE = "";

const walkValues = (walk: Walk | undefined, { isFirst }: Stride): readonly (string | number)[] => {
  const { campaignId, at, now, onlyLive } = walk ?? { campaignId: NOWHERE, at: 0, now: ALL, onlyLive: false };
  const live = onlyLive ? now : ALL;
  const first = [campaignId, at, live];
  return isFirst ? first : [...first, campaignId, at, live, campaignId, now];
};

const WALKS_MAX = 16;

/** The texts of the statements, each made once. */
export interface LookTexts {
  readonly lookups: { readonly [K in keyof Found]: string };
  readonly walk: (stride: Stride) => string;
}

export const lookTexts = (
  tables: Tables,
  flavour: Flavour,
  compile: (statement: RawBuilder<unknown>) => string,
): LookTexts => {
  const { vouchers, names, publications } = lookups(tables, flavour);
  return {
    lookups: { vouchers: compile(vouchers), names: compile(names), publications: compile(publications) },
    walk: textFor(
      ({ walks, most, isFirst }) => `${walks} ${most} ${isFirst}`,
      (stride) => compile(walkStatement(tables, stride)),
    ),
  };
};

type Walked = readonly (readonly [walk: Walk, seen: Seen])[];

const walking = async (
  session: Session,
  texts: LookTexts,
  walks: readonly Walk[],
  size: Pick<Stride, "most" | "isFirst">,
): Promise<Walked> => {
  const all: [Walk, Seen][] = [];
  for (let start = 0; start < walks.length; start += WALKS_MAX) {
    const chunk = walks.slice(start, start + WALKS_MAX);
    const stride = { ...size, walks: powerOf(4, chunk.length) };
    const values = Array.from({ length: stride.walks }, (_, n) => walkValues(chunk[n], stride)).flat();
    const { rows } = await session.executeQuery<CandidateRow & { readonly n: number }>(
      CompiledQuery.raw(texts.walk(stride), values),
    );
    const byWalk = Map.groupBy(rows, ({ n }) => Number(n));
    for (const [n, walk] of chunk.entries()) all.push([walk, seenOn(walk, byWalk.get(n) ?? [], size.most)]);
  }
  return all;
};

/** Short walks apart from long ones, for which each statement would otherwise give as many rows. */
const walkAll = async (session: Session, texts: LookTexts, walks: readonly Walk[]): Promise<Sight["walks"]> => {
  const all: [CampaignId, Seen][] = [];
  for (const [most, alike] of Map.groupBy(walks, (walk) => powerOf(4, walk.most))) {
    const first = await walking(session, texts, alike, { most, isFirst: true });
    const short = first.filter(([, seen]) => seen.isAll).map(([walk]) => walk);
    const second = await walking(session, texts, short, { most, isFirst: false });
    all.push(...[...first, ...second].map(([{ campaignId }, seen]): [CampaignId, Seen] => [campaignId, seen]));
  }
  return new Map(all);
};

const seenIn = (
  vouchers: SeenRows["vouchers"],
  names: readonly Found["names"][],
  publications: readonly Found["publications"][],
): SeenRows => {
  const of = (wanted: Found["names"]["part"]) => names.filter(({ part }) => part === wanted);
  return {
    vouchers,
    customers: of("customer").map(({ name, revision }) => ({ id: name as CustomerId, revision })),
    sourceIds: of("sourceId").flatMap(({ name, source_id }) =>
      source_id === null ? [] : [{ id: name as CustomerId, source_id }],
    ),
    campaigns: of("campaign").map(({ name, revision }) => ({ id: name as CampaignId, revision })),
    codes: of("code").map(({ name }) => name as Code),
    publications: publications.filter(({ asked }) => asked === null),
    owners: publications.flatMap(({ asked, ...row }) => (asked === null ? [] : [{ ...row, asked }])),
  };
};

const lookingOn =
  (texts: LookTexts) =>
  async (session: Session, wanted: Wanted): Promise<Sight> => {
    const find = async <K extends keyof Found>(
      name: K,
      ...lists: readonly (readonly string[])[]
    ): Promise<readonly Found[K][]> => {
      const chunks = lists.map(chunksOf);
      const rows: Found[K][] = [];
      for (let n = 0; chunks.some((list) => n < list.length); n++) {
        const values = chunks.map((list) => list[n] ?? "[]");
        const found = await session.executeQuery<Found[K]>(CompiledQuery.raw(texts.lookups[name], values));
        rows.push(...found.rows);
      }
      return rows;
    };
    const vouchers = await find("vouchers", wanted.vouchers);
    const walks = await walkAll(session, texts, wanted.walks);
    const { customers, sourceIds, campaigns, codes } = wanted;
    const names = await find("names", customers, sourceIds, campaigns, codes, codes);
    // Last: whoever is found to have taken something above is found here, too, as they were kept together.
    const publications = await find("publications", wanted.publications, wanted.keys.map(digestOf));
    return sightOf(seenIn(vouchers, names, publications), wanted.keys, walks);
  };

/** On one connection throughout: behind a balancer, another one may lead to a server that is behind. */
export const looking = (texts: LookTexts): ((session: Session, wanted: Wanted) => Promise<Sight>) => {
  const look = lookingOn(texts);
  return (session, wanted) =>
    session.isTransaction ? look(session, wanted) : session.connection().execute((one) => look(one, wanted));
};
