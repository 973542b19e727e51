import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId, Code, CustomerId } from "oncecode";
import type { PublicationRow, Tables } from "../schema.ts";
import { keyDigest } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Snapshot, SnapshotRequest, Walk, WalkResult } from "../server/snapshot.ts";
import { type CandidateRow, type SnapshotRows, snapshotFrom, walkResult } from "../server/snapshot-rows.ts";
import { nextPowerOf, statementCache } from "../server/statement-cache.ts";
import type { Flavour } from "./flavour.ts";
import { chunksOf, inputValues } from "./input-lists.ts";
import { NO_CAMPAIGN, PARAMETER, WALKS_MAX, walkRange } from "./pool.ts";

/** The rows of each statement. */
interface LookupRows {
  readonly vouchers: SnapshotRows["vouchers"][number];
  readonly revisions: {
    readonly part: "customer" | "sourceId" | "campaign" | "code";
    readonly name: string;
    readonly revision: number;
    /** Only for the part `sourceId`. */
    readonly source_id: string | null;
  };
  /** `key_digest`: the requested key that the publication owns. Null if the request named the publication's id. */
  readonly publications: PublicationRow & { readonly key_digest: string | null };
}

const CANDIDATE_COLUMNS = sql`v.id, v.code, v.${sql.ref("rank")}, v.revision, v.expiration_date`;

/**
 * `straight_join` makes the server find each row by an index, whatever it expects of the tables' sizes. Each statement takes
 * several lists, because a round trip to the server takes longer than an empty list.
 */
const lookups = (tables: Tables, flavour: Flavour): { readonly [K in keyof LookupRows]: RawBuilder<unknown> } => {
  const table = (name: keyof Tables): RawBuilder<unknown> => sql.table(tables[name]);
  const foundIn = (name: keyof Tables, by: string): RawBuilder<unknown> =>
    sql`${inputValues(flavour)} straight_join ${table(name)} as r on r.${sql.ref(by)} = input.value`;
  return {
    vouchers: sql`
      select v.id, v.code, v.${sql.ref("rank")}, v.revision, v.expiration_date, v.active, v.publication_id
      from ${inputValues(flavour)} straight_join ${table("vouchers")} as v on v.id = input.value`,
    revisions: sql`
      select 'customer' as part, r.id as name, r.revision, null as source_id from ${foundIn("customers", "id")}
      union all select 'sourceId', r.id, r.revision, r.source_id from ${foundIn("customers", "source_id")}
      union all select 'campaign', r.id, r.revision, null from ${foundIn("campaigns", "id")}
      union all select 'code', r.code, 0, null from ${foundIn("vouchers", "code")}
      union all select 'code', r.code, 0, null from ${foundIn("claims", "code")}`,
    publications: sql`
      select r.*, null as key_digest from ${foundIn("publications", "id")}
      union all select p.*, input.value as key_digest
      from ${foundIn("keys", "key")} straight_join ${table("publications")} as p on p.id = r.publication_id`,
  };
};

/** The parts in which the texts of walk statements differ. They are literals in the text, because the server needs them for its plan. */
interface StatementSize {
  readonly walks: number;
  /** The number of vouchers that each walk reads, at most. */
  readonly limit: number;
  /** True: only from the start rank to the end of the pool, which is nearly always enough. False: the whole pool. */
  readonly stopsAtPoolEnd: boolean;
}

/** Reads candidates on walks along several pools. */
const walkStatement = (tables: Tables, { walks, limit, stopsAtPoolEnd }: StatementSize): RawBuilder<unknown> => {
  const isUnexpired = sql`(v.expiration_date is null or v.expiration_date > ${PARAMETER})`;
  const rank = sql`v.${sql.ref("rank")}`;
  const parts = Array.from({ length: walks }, (_, n) => {
    const walk = { n, limit, columns: CANDIDATE_COLUMNS };
    const first = walkRange(tables, {
      ...walk,
      index: "in_pool",
      range: sql`${rank} >= ${PARAMETER} and ${isUnexpired}`,
    });
    if (stopsAtPoolEnd) return [first];
    return [
      first,
      walkRange(tables, { ...walk, index: "in_pool", range: sql`${rank} < ${PARAMETER} and ${isUnexpired}` }),
      // A clock may go back, and a voucher that was set aside is unexpired again.
      walkRange(tables, { ...walk, index: "expiring", range: sql`v.expiration_date > ${PARAMETER}` }),
    ];
  });
  return sql.join(parts.flat(), sql` union all `);
};

/** A value before every date. */
const BEFORE_ANY_DATE = "";

const walkValues = (walk: Walk | undefined, { stopsAtPoolEnd }: StatementSize): readonly (string | number)[] => {
  const { campaignId, startRank, now, onlyUnexpired } = walk ?? {
    campaignId: NO_CAMPAIGN,
    startRank: 0,
    now: BEFORE_ANY_DATE,
    onlyUnexpired: false,
  };
  const unexpiredAt = onlyUnexpired ? now : BEFORE_ANY_DATE;
  const first = [campaignId, startRank, unexpiredAt];
  return stopsAtPoolEnd ? first : [...first, campaignId, startRank, unexpiredAt, campaignId, now];
};

/** The compiled statements of a snapshot. */
export interface SnapshotTexts {
  readonly lookups: { readonly [K in keyof LookupRows]: string };
  readonly walk: (size: StatementSize) => string;
}

export const snapshotTexts = (
  tables: Tables,
  flavour: Flavour,
  compile: (statement: RawBuilder<unknown>) => string,
): SnapshotTexts => {
  const { vouchers, revisions, publications } = lookups(tables, flavour);
  return {
    lookups: { vouchers: compile(vouchers), revisions: compile(revisions), publications: compile(publications) },
    walk: statementCache(
      ({ walks, limit, stopsAtPoolEnd }) => `${walks} ${limit} ${stopsAtPoolEnd}`,
      (size) => compile(walkStatement(tables, size)),
    ),
  };
};

type WalkResults = readonly (readonly [walk: Walk, result: WalkResult])[];

const runWalks = async (
  session: Session,
  texts: SnapshotTexts,
  walks: readonly Walk[],
  { limit, stopsAtPoolEnd }: Pick<StatementSize, "limit" | "stopsAtPoolEnd">,
): Promise<WalkResults> => {
  const results: [Walk, WalkResult][] = [];
  for (let start = 0; start < walks.length; start += WALKS_MAX) {
    const chunk = walks.slice(start, start + WALKS_MAX);
    const size = { limit, stopsAtPoolEnd, walks: nextPowerOf(4, chunk.length) };
    const values = Array.from({ length: size.walks }, (_, n) => walkValues(chunk[n], size)).flat();
    const { rows } = await session.executeQuery<CandidateRow & { readonly n: number }>(
      CompiledQuery.raw(texts.walk(size), values),
    );
    const byWalk = Map.groupBy(rows, ({ n }) => Number(n));
    for (const [n, walk] of chunk.entries()) results.push([walk, walkResult(walk, byWalk.get(n) ?? [], limit)]);
  }
  return results;
};

/** All walks of one statement have the same limit. So walks are grouped by size, or short walks would read too many rows. */
const runAllWalks = async (
  session: Session,
  texts: SnapshotTexts,
  walks: readonly Walk[],
): Promise<Snapshot["walks"]> => {
  const results: [CampaignId, WalkResult][] = [];
  for (const [limit, walksOfSize] of Map.groupBy(walks, (walk) => nextPowerOf(4, walk.limit))) {
    const first = await runWalks(session, texts, walksOfSize, { limit, stopsAtPoolEnd: true });
    const short = first.filter(([, result]) => result.hasReachedEnd).map(([walk]) => walk);
    const second = await runWalks(session, texts, short, { limit, stopsAtPoolEnd: false });
    for (const [{ campaignId }, result] of [...first, ...second]) results.push([campaignId, result]);
  }
  return new Map(results);
};

const snapshotRows = (
  vouchers: SnapshotRows["vouchers"],
  revisions: readonly LookupRows["revisions"][],
  publications: readonly LookupRows["publications"][],
): SnapshotRows => {
  const rowsOf = (partName: LookupRows["revisions"]["part"]) => revisions.filter(({ part }) => part === partName);
  return {
    vouchers,
    customers: rowsOf("customer").map(({ name, revision }) => ({ id: name as CustomerId, revision })),
    sourceIds: rowsOf("sourceId").flatMap(({ name, source_id }) =>
      source_id === null ? [] : [{ id: name as CustomerId, source_id }],
    ),
    campaigns: rowsOf("campaign").map(({ name, revision }) => ({ id: name as CampaignId, revision })),
    codes: rowsOf("code").map(({ name }) => name as Code),
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
    const revisions = await find("revisions", customers, sourceIds, campaigns, codes, codes);
    // Publications come last. The owner of a voucher or a key that a statement above has read was committed before, so
    // that this statement finds the owner.
    const publications = await find("publications", request.publications, request.keys.map(keyDigest));
    return snapshotFrom(snapshotRows(vouchers, revisions, publications), request.keys, walks);
  };

/** All statements use one connection. Behind a load balancer, a second connection may reach a server with older data. */
export const snapshotLoader = (
  texts: SnapshotTexts,
): ((session: Session, request: SnapshotRequest) => Promise<Snapshot>) => {
  const load = loadOnConnection(texts);
  return (session, request) =>
    session.isTransaction ? load(session, request) : session.connection().execute((one) => load(one, request));
};
