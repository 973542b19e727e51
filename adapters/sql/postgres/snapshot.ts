import { CompiledQuery, type RawBuilder, sql } from "kysely";
import type { CampaignId } from "oncecode";
import type { PublicationRow, Tables } from "../schema.ts";
import { keyDigest } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Snapshot, SnapshotRequest, Walk } from "../server/snapshot.ts";
import { type CandidateRow, type SnapshotRows, snapshotFrom, walkResult } from "../server/snapshot-rows.ts";
import { statementCache } from "../server/statement-cache.ts";
import { inputRows } from "./input-lists.ts";
import { walkRange } from "./pool.ts";

/** The JSON that the statement returns. */
interface SnapshotJson extends Omit<SnapshotRows, "owners"> {
  readonly owners: readonly { readonly key: string; readonly publication: PublicationRow }[];
  readonly walks: readonly (CandidateRow & { readonly campaign_id: CampaignId })[];
}

const CANDIDATE_COLUMNS = sql`v.id, v.code, v.rank, v.revision, v.expiration_date`;

/**
 * Finds rows one by one with an index, whatever sizes the planner expects. The values are a JSON parameter. With an array
 * parameter the planner would look at its length and plan again for each call.
 */
const lookupEach = (values: RawBuilder<unknown>, found: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`json_array_elements_text(${values}::json) as input(value) cross join lateral (${found} limit 1) as found`;

const jsonList = (of: RawBuilder<unknown>, from: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select coalesce(json_agg(${of}), '[]') from ${from})`;

const PARAMETER = sql`${null}`;

/** Vouchers that are set aside but not expired. This happens when a clock goes back, as in a test. */
const setAsideButUnexpired = (pool: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (select p.id, p.revision from ${pool} as p
   where p.campaign_id = input.campaign_id and p.set_aside = 1 and p.expiration_date > input.now)`;

const WALK_COLUMNS = {
  campaign_id: "text",
  start_rank: "real",
  max_rows: "integer",
  now: "text",
  unexpired_at: "text",
} as const;

type SnapshotPart = keyof SnapshotJson;

/** One query per part of the snapshot. Each has one list of values as its parameter. */
const partQueries = (tables: Tables): { readonly [P in SnapshotPart]: RawBuilder<unknown> } => {
  const table = (name: keyof Tables): RawBuilder<unknown> => sql.table(tables[name]);
  const jsonRows = (found: RawBuilder<unknown>): RawBuilder<unknown> =>
    jsonList(sql`found`, lookupEach(PARAMETER, found));
  const [vouchers, pool] = [table("vouchers"), table("pool")];
  return {
    publications: jsonRows(sql`select p.* from ${table("publications")} as p where p.id = input.value`),
    owners: jsonList(
      sql`json_build_object('key', input.value, 'publication', found)`,
      lookupEach(
        PARAMETER,
        sql`select p.* from ${table("keys")} as k join ${table("publications")} as p on p.id = k.publication_id
          where k.key = input.value`,
      ),
    ),
    customers: jsonRows(sql`select c.id, c.revision from ${table("customers")} as c where c.id = input.value`),
    sourceIds: jsonRows(sql`select c.id, c.source_id from ${table("customers")} as c where c.source_id = input.value`),
    campaigns: jsonRows(sql`select c.id, c.revision from ${table("campaigns")} as c where c.id = input.value`),
    vouchers: jsonRows(
      sql`select ${CANDIDATE_COLUMNS}, v.active, v.publication_id from ${vouchers} as v where v.id = input.value`,
    ),
    walks: jsonList(
      sql`json_build_object('campaign_id', input.campaign_id, 'id', v.id, 'code', v.code, 'rank', v.rank, 'revision', v.revision,
        'expiration_date', v.expiration_date)`,
      sql`${inputRows(PARAMETER, WALK_COLUMNS)} cross join lateral (
        ${walkRange(pool, sql`p.rank >= input.start_rank`)} union all ${walkRange(pool, sql`p.rank < input.start_rank`)}
        union all ${setAsideButUnexpired(pool)} limit input.max_rows) as entry
        cross join lateral (select ${CANDIDATE_COLUMNS} from ${vouchers} as v where v.id = entry.id limit 1) as v`,
    ),
    codes: jsonList(
      sql`input.value`,
      lookupEach(
        PARAMETER,
        sql`select 1 from ${vouchers} as v where v.code = input.value
          union all select 1 from ${table("claims")} as c where c.code = input.value`,
      ),
    ),
  };
};

/** Loads these parts in one statement, so that all of them are of one instant. */
const snapshotStatement = (
  queries: ReturnType<typeof partQueries>,
  partNames: readonly SnapshotPart[],
): RawBuilder<unknown> =>
  sql`select json_build_object(${sql.join(partNames.map((part) => sql`${sql.lit(part)}, ${queries[part]}`))})::text as snapshot`;

const walkRow = ({ campaignId, startRank, limit, now, onlyUnexpired }: Walk) => ({
  campaign_id: campaignId,
  start_rank: startRank,
  max_rows: limit,
  now,
  unexpired_at: onlyUnexpired ? now : null,
});

const inputValues = (request: SnapshotRequest): { readonly [P in SnapshotPart]: readonly unknown[] } => ({
  ...request,
  owners: request.keys.map(keyDigest),
  walks: request.walks.map(walkRow),
});

const EMPTY_SNAPSHOT: SnapshotJson = {
  publications: [],
  owners: [],
  customers: [],
  sourceIds: [],
  campaigns: [],
  vouchers: [],
  walks: [],
  codes: [],
};

const snapshotFromJson = (json: SnapshotJson, { keys, walks }: SnapshotRequest): Snapshot => {
  const owners = json.owners.map(({ key, publication }) => ({ ...publication, digest: key }));
  const byWalk = Map.groupBy(json.walks, ({ campaign_id }) => campaign_id);
  const walkResults = new Map(
    walks.map((walk) => [walk.campaignId, walkResult(walk, byWalk.get(walk.campaignId) ?? [], walk.limit)]),
  );
  return snapshotFrom({ ...json, owners }, keys, walkResults);
};

const PART_NAMES = Object.keys(EMPTY_SNAPSHOT) as readonly SnapshotPart[];

/**
 * Parts that a statement omits if their list is empty. The other parts are always there: each combination is a statement
 * of its own, and each connection keeps a plan for each statement.
 */
const OPTIONAL_PARTS: ReadonlySet<SnapshotPart> = new Set(["vouchers", "walks", "codes"]);

export const snapshotLoader = (
  tables: Tables,
  compile: (statement: RawBuilder<unknown>) => string,
): ((session: Session, request: SnapshotRequest) => Promise<Snapshot>) => {
  const queries = partQueries(tables);
  const statementFor = statementCache<readonly SnapshotPart[]>(
    (names) => names.join(),
    (names) => compile(snapshotStatement(queries, names)),
  );
  return async (session, request) => {
    const values = inputValues(request);
    const partNames = PART_NAMES.filter((part) => !OPTIONAL_PARTS.has(part) || values[part].length > 0);
    const lists = partNames.map((part) => JSON.stringify(values[part]));
    const { rows } = await session.executeQuery<{ readonly snapshot: string }>(
      CompiledQuery.raw(statementFor(partNames), lists),
    );
    return snapshotFromJson(
      { ...EMPTY_SNAPSHOT, ...(JSON.parse(rows[0]?.snapshot ?? "{}") as Partial<SnapshotJson>) },
      request,
    );
  };
};
