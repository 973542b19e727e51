import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId, Code, CustomerId } from "oncecode";
import type { PublicationRow, Tables } from "../schema.ts";
import { keyDigest } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Snapshot, SnapshotRequest, Walk, WalkResult } from "../server/snapshot.ts";
import { type CandidateRow, type SnapshotRows, snapshotFrom, walkResult } from "../server/snapshot-rows.ts";
import { nextPowerOf, statementCache } from "../server/statement-cache.ts";
import { chunksOf, type Flavour, inputNames } from "./input-lists.ts";

/** What each statement gives, by its name. */
interface LookupRows {
  readonly vouchers: SnapshotRows["vouchers"][number];
  readonly names: {
    readonly part: "customer" | "sourceId" | "campaign" | "code";
    readonly name: string;
    readonly revision: number;
    /** Of a customer who was asked for by it. */
    readonly source_id: string | null;
  };
  /** `key_digest` is of the key that it owns, or null if it was asked for by its id. */
  readonly publications: PublicationRow & { readonly key_digest: string | null };
}

const CANDIDATE_COLUMNS = sql`v.id, v.code, v.${sql.ref("rank")}, v.revision, v.expiration_date`;
const PARAMETER = sql`${null}`;

/**
 * `straight_join`: rows are found one by one, by an index, whatever the planner thinks of the sizes of the tables. Few
 * statements, each of which takes several lists: the way to the server and back takes longer than an empty list.
 */
const lookups = (tables: Tables, flavour: Flavour): { readonly [K in keyof LookupRows]: RawBuilder<unknown> } => {
  const table = (name: keyof Tables): RawBuilder<unknown> => sql.table(tables[name]);
  const each = (name: keyof Tables, by: string): RawBuilder<unknown> =>
    sql`${inputNames(flavour)} straight_join ${table(name)} as r on r.${sql.ref(by)} = input.name`;
  return {
    vouchers: sql`
      select v.id, v.code, v.${sql.ref("rank")}, v.revision, v.expiration_date, v.active, v.publication_id
      from ${inputNames(flavour)} straight_join ${table("vouchers")} as v on v.id = input.name`,
    names: sql`
      select 'customer' as part, r.id as name, r.revision, null as source_id from ${each("customers", "id")}
      union all select 'sourceId', r.id, r.revision, r.source_id from ${each("customers", "source_id")}
      union all select 'campaign', r.id, r.revision, null from ${each("campaigns", "id")}
      union all select 'code', r.code, 0, null from ${each("vouchers", "code")}
      union all select 'code', r.code, 0, null from ${each("claims", "code")}`,
    publications: sql`
      select r.*, null as key_digest from ${each("publications", "id")}
      union all select p.*, input.name as key_digest
      from ${each("keys", "key")} straight_join ${table("publications")} as p on p.id = r.publication_id`,
  };
};

/** How one statement walks, along how many pools at once. */
interface StatementSize {
  readonly walks: number;
  /** Vouchers to see at most on each. */
  readonly limit: number;
  /** The first stretch only, which is nearly always enough; otherwise once around, and all seen at one instant. */
  readonly isFirst: boolean;
}

/**
 * The walks along several pools in one statement, each row with the place of its walk. The numbers stand in the text,
 * since the server plans by them.
 */
const walkStatement = (tables: Tables, { walks, limit, isFirst }: StatementSize): RawBuilder<unknown> => {
  const walkRange = (n: number, index: string, isSetAside: number, range: RawBuilder<unknown>, by: string) => sql`
    (select ${sql.lit(n)} as n, ${CANDIDATE_COLUMNS} from ${sql.table(tables.vouchers)} as v force index (${sql.ref(index)})
     where v.campaign_id = ${PARAMETER} and v.publication_id is null and v.active = 1 and v.set_aside = ${sql.lit(isSetAside)}
       and ${range}
     order by v.${sql.ref(by)} limit ${sql.lit(limit)})`;
  const isLive = sql`(v.expiration_date is null or v.expiration_date > ${PARAMETER})`;
  const rank = sql`v.${sql.ref("rank")}`;
  const parts = Array.from({ length: walks }, (_, n) => [
    walkRange(n, "in_pool", 0, sql`${rank} >= ${PARAMETER} and ${isLive}`, "rank"),
    ...(isFirst
      ? []
      : [
          walkRange(n, "in_pool", 0, sql`${rank} < ${PARAMETER} and ${isLive}`, "rank"),
          // Those that were set aside as expired, and are not any more: a clock may go back, as a test's does.
          walkRange(n, "expiring", 1, sql`v.expiration_date > ${PARAMETER}`, "expiration_date"),
        ]),
  ]);
  return sql.join(parts.flat(), sql` union all `);
};

/** Before any date, so that every voucher passes. */
const BEFORE_ANY_DATE = "";
/** No campaign has it. */
const NO_CAMPAIGN = "";

const walkValues = (walk: Walk | undefined, { isFirst }: StatementSize): readonly (string | number)[] => {
  const { campaignId, startRank, now, onlyUnexpired } = walk ?? {
    campaignId: NO_CAMPAIGN,
    startRank: 0,
    now: BEFORE_ANY_DATE,
    onlyUnexpired: false,
  };
  const live = onlyUnexpired ? now : BEFORE_ANY_DATE;
  const first = [campaignId, startRank, live];
  return isFirst ? first : [...first, campaignId, startRank, live, campaignId, now];
};

const WALKS_MAX = 16;

/** The texts of the statements, each made once. */
export interface SnapshotTexts {
  readonly lookups: { readonly [K in keyof LookupRows]: string };
  readonly walk: (stride: StatementSize) => string;
}

export const snapshotTexts = (
  tables: Tables,
  flavour: Flavour,
  compile: (statement: RawBuilder<unknown>) => string,
): SnapshotTexts => {
  const { vouchers, names, publications } = lookups(tables, flavour);
  return {
    lookups: { vouchers: compile(vouchers), names: compile(names), publications: compile(publications) },
    walk: statementCache(
      ({ walks, limit, isFirst }) => `${walks} ${limit} ${isFirst}`,
      (stride) => compile(walkStatement(tables, stride)),
    ),
  };
};

type WalkResults = readonly (readonly [walk: Walk, seen: WalkResult])[];

const runWalks = async (
  session: Session,
  texts: SnapshotTexts,
  walks: readonly Walk[],
  size: Pick<StatementSize, "limit" | "isFirst">,
): Promise<WalkResults> => {
  const all: [Walk, WalkResult][] = [];
  for (let start = 0; start < walks.length; start += WALKS_MAX) {
    const chunk = walks.slice(start, start + WALKS_MAX);
    const stride = { ...size, walks: nextPowerOf(4, chunk.length) };
    const values = Array.from({ length: stride.walks }, (_, n) => walkValues(chunk[n], stride)).flat();
    const { rows } = await session.executeQuery<CandidateRow & { readonly n: number }>(
      CompiledQuery.raw(texts.walk(stride), values),
    );
    const byWalk = Map.groupBy(rows, ({ n }) => Number(n));
    for (const [n, walk] of chunk.entries()) all.push([walk, walkResult(walk, byWalk.get(n) ?? [], size.limit)]);
  }
  return all;
};

/** Short walks apart from long ones, for which each statement would otherwise give as many rows. */
const runAllWalks = async (
  session: Session,
  texts: SnapshotTexts,
  walks: readonly Walk[],
): Promise<Snapshot["walks"]> => {
  const all: [CampaignId, WalkResult][] = [];
  for (const [limit, walksOfSize] of Map.groupBy(walks, (walk) => nextPowerOf(4, walk.limit))) {
    const first = await runWalks(session, texts, walksOfSize, { limit, isFirst: true });
    const short = first.filter(([, seen]) => seen.hasReachedEnd).map(([walk]) => walk);
    const second = await runWalks(session, texts, short, { limit, isFirst: false });
    all.push(...[...first, ...second].map(([{ campaignId }, seen]): [CampaignId, WalkResult] => [campaignId, seen]));
  }
  return new Map(all);
};

const snapshotRows = (
  vouchers: SnapshotRows["vouchers"],
  names: readonly LookupRows["names"][],
  publications: readonly LookupRows["publications"][],
): SnapshotRows => {
  const of = (wanted: LookupRows["names"]["part"]) => names.filter(({ part }) => part === wanted);
  return {
    vouchers,
    customers: of("customer").map(({ name, revision }) => ({ id: name as CustomerId, revision })),
    sourceIds: of("sourceId").flatMap(({ name, source_id }) =>
      source_id === null ? [] : [{ id: name as CustomerId, source_id }],
    ),
    campaigns: of("campaign").map(({ name, revision }) => ({ id: name as CampaignId, revision })),
    codes: of("code").map(({ name }) => name as Code),
    publications: publications.filter(({ key_digest }) => key_digest === null),
    owners: publications.flatMap(({ key_digest, ...row }) =>
      key_digest === null ? [] : [{ ...row, digest: key_digest }],
    ),
  };
};

const loadOnConnection =
  (texts: SnapshotTexts) =>
  async (session: Session, request: SnapshotRequest): Promise<Snapshot> => {
    const find = async <K extends keyof LookupRows>(
      name: K,
      ...lists: readonly (readonly string[])[]
    ): Promise<readonly LookupRows[K][]> => {
      const chunks = lists.map(chunksOf);
      const rows: LookupRows[K][] = [];
      for (let n = 0; chunks.some((list) => n < list.length); n++) {
        const values = chunks.map((list) => list[n] ?? "[]");
        const found = await session.executeQuery<LookupRows[K]>(CompiledQuery.raw(texts.lookups[name], values));
        rows.push(...found.rows);
      }
      return rows;
    };
    const vouchers = await find("vouchers", request.vouchers);
    const walks = await runAllWalks(session, texts, request.walks);
    const { customers, sourceIds, campaigns, codes } = request;
    const names = await find("names", customers, sourceIds, campaigns, codes, codes);
    // Last: whoever is found to have taken something above is found here, too, as they were kept together.
    const publications = await find("publications", request.publications, request.keys.map(keyDigest));
    return snapshotFrom(snapshotRows(vouchers, names, publications), request.keys, walks);
  };

/** On one connection throughout: behind a balancer, another one may lead to a server that is behind. */
export const snapshotLoader = (
  texts: SnapshotTexts,
): ((session: Session, request: SnapshotRequest) => Promise<Snapshot>) => {
  const load = loadOnConnection(texts);
  return (session, wanted) =>
    session.isTransaction ? load(session, wanted) : session.connection().execute((one) => load(one, wanted));
};
