import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { COLUMNS, type Tables, type VoucherRow } from "../schema.ts";
import { type ClaimRows, claimRows, sortedBy } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { ClaimedVouchers, Draw } from "../server/dialect.ts";
import { statementCache } from "../server/statement-cache.ts";
import {
  BASE_CLAIM_COLUMNS,
  baseClaimRow,
  campaignIsUnchanged,
  customerExists,
  lockChangedCustomers,
  RELATED_COLUMNS,
  type Step,
  tableRef,
  writeClaims,
} from "./claim-writes.ts";
import { type Columns, columnsOf, input, inputList } from "./input-lists.ts";
import { walkRange } from "./pool.ts";

/** `start_rank`: the rank at which the draft would start its own walk. */
const DRAFT_COLUMNS: Columns = { ...BASE_CLAIM_COLUMNS, start_rank: "real" };

const INPUT_COLUMNS = { drafts: DRAFT_COLUMNS, ...RELATED_COLUMNS } as const;
type InputName = keyof typeof INPUT_COLUMNS;
const INPUT_NAMES = Object.keys(INPUT_COLUMNS) as readonly InputName[];
/**
 * Lists that the statement leaves out when they are empty. The other lists are always there: each connection keeps a plan
 * for each text of the statement, so there must be few texts.
 */
const OPTIONAL_INPUTS: ReadonlySet<InputName> = new Set(["new_customers", "changed_customers"]);

/** Steps 1 to 3: the drafts whose keys are free, whose customer exists and whose campaign is unchanged. */
const eligibilitySteps = (tables: Tables, hasChangedCustomers: boolean): readonly Step<InputName>[] => {
  const owned = sql`
    select key.n from ${input("keys")} as key cross join lateral (
      select 1 from ${tableRef(tables)("keys")} as k where k.key = key.key limit 1) as owner`;
  const eligible = sql`
    select item.* from ${input("drafts")} as item
    where item.n not in (select n from owned)
      and ${customerExists(tables, hasChangedCustomers)} and ${campaignIsUnchanged(tables)}`;
  return [
    ["keys", sql`owned as materialized (${owned})`],
    ["changed_customers", sql`locked_customers as materialized (${lockChangedCustomers(tables, input("drafts"))})`],
    ["drafts", sql`eligible as materialized (${eligible})`],
  ];
};

/** A walk has no limit of its own. It ends with enough vouchers or at the end of the pool, however many are locked. */
const NO_LIMIT = 2 ** 31 - 1;

/**
 * Steps 4 and 5: one walk along each pool, from the start rank of the pool's first draft. It locks as many vouchers as the
 * drafts of that pool ask for together, and skips vouchers that another transaction has locked. The drafts get the locked
 * vouchers in the order of the call.
 *
 * `for update` returns the newest version of a voucher's row, while the pool entry is from the statement's snapshot. The
 * walk compares `revision`, so that it skips a voucher that changed in between.
 */
const allocationSteps = (tables: Tables): readonly Step<InputName>[] => {
  const [pool, vouchers] = [tableRef(tables)("pool"), tableRef(tables)("vouchers")];
  const walks = sql`
    select campaign_id, sum(voucher_count) as needed, ${sql.lit(NO_LIMIT)} as max_rows, null::text as unexpired_at,
      (array_agg(start_rank order by n))[1] as start_rank
    from eligible group by campaign_id`;
  const lockedOnWalk = sql`
    select v.* from (
      ${walkRange(pool, sql`p.rank >= input.start_rank`)} union all ${walkRange(pool, sql`p.rank < input.start_rank`)}) as entry
    cross join lateral (
      select v.id, v.code, v.revision, v.expiration_date from ${vouchers} as v
      where v.id = entry.id and v.publication_id is null and v.active = 1 and v.revision = entry.revision
      limit 1 for update of v skip locked) as v
    limit input.needed`;
  const locked = sql`
    select input.campaign_id, v.* from (${walks}) as input cross join lateral (
      select v.*, row_number() over () as walk_position from (${lockedOnWalk}) as v) as v`;
  const ranges = sql`
    select n, campaign_id, now, voucher_count, sum(voucher_count) over (partition by campaign_id order by n) as last_position from eligible`;
  const allocation = sql`
    select ranges.n, locked.id, locked.code, locked.revision, locked.walk_position
    from (${ranges}) as ranges join locked on locked.campaign_id = ranges.campaign_id
      and locked.walk_position <= ranges.last_position and locked.walk_position > ranges.last_position - ranges.voucher_count
    where locked.expiration_date is null or locked.expiration_date > ranges.now`;
  return [
    ["drafts", sql`locked as materialized (${locked})`],
    ["drafts", sql`allocation as materialized (${allocation})`],
  ];
};

/**
 * Steps 6 to 8: the drafts that got all they asked for. A draft that got fewer is left to the slow path, and so are the
 * later drafts of the same campaign. Otherwise a later draft would get vouchers before an earlier one. A draft whose key
 * has an owner takes no voucher, so it delays no later draft.
 */
const completenessSteps = (): readonly Step<InputName>[] => {
  const allocated = sql`
    select n, count(*) as voucher_count, concat('[', string_agg(to_json(code)::text, ',' order by walk_position), ']') as codes,
      concat('[', string_agg(to_json(id)::text, ',' order by walk_position), ']') as voucher_ids
    from allocation group by n`;
  const checked = sql`
    select draft.*, allocated.codes, allocated.voucher_ids, coalesce(allocated.voucher_count, 0) = draft.voucher_count as is_complete,
      min(draft.n) filter (where coalesce(allocated.voucher_count, 0) <> draft.voucher_count and draft.n not in (select n from owned))
        over (partition by draft.campaign_id) as first_incomplete
    from ${input("drafts")} as draft left join allocated on allocated.n = draft.n`;
  const complete = sql`select * from checked where is_complete and (first_incomplete is null or n < first_incomplete)`;
  return [
    ["drafts", sql`allocated as materialized (${allocated})`],
    ["drafts", sql`checked as materialized (${checked})`],
    ["drafts", sql`complete as materialized (${complete})`],
  ];
};

const publicationStep = (tables: Tables): Step<InputName> => {
  const columns = Object.keys(COLUMNS.publications).map((column) =>
    sql.ref(column === "codes" || column === "voucher_ids" ? `complete.${column}` : `publication.${column}`),
  );
  return [
    "publications",
    sql`inserted_publications as (
      insert into ${tableRef(tables)("publications")} (${columnsOf("publications")})
      select ${sql.join(columns)} from ${input("publications")} as publication join complete on complete.n = publication.n)`,
  ];
};

/**
 * Draws vouchers for drafts and publishes them. One statement is one transaction. Each step is a CTE with this name:
 *
 * 1. `owned`: drafts of which a key has an owner.
 * 2. `locked_customers`: locks the customers that the drafts change, if they are unchanged.
 * 3. `eligible`: the drafts that may draw.
 * 4. `locked`: walks along each pool and locks vouchers.
 * 5. `allocation`: gives the locked vouchers to the drafts, in order. An expired voucher is left out.
 * 6. `allocated`: per draft, how many vouchers it got, with their codes and ids.
 * 7. `checked`: whether a draft got all, and the first draft of its campaign that did not.
 * 8. `complete`: the drafts that are published.
 * 9. `claimed_vouchers` and `deleted_from_pool`: change the vouchers and take them out of the pool.
 * 10. `inserted_…` and `updated_…`: write claims, keys, customers and publications.
 *
 * The statement leaves every other draft as it is: its pool is nearly empty, a voucher has expired, a key has an owner, or
 * a customer has changed. The slow path (a snapshot, then a claim) settles those drafts.
 */
const drawStatement = (tables: Tables, names: readonly InputName[]): RawBuilder<unknown> => {
  const steps = [
    ...INPUT_NAMES.map((name): Step<InputName> => [name, inputList(name, INPUT_COLUMNS[name])]),
    ...eligibilitySteps(tables, names.includes("changed_customers")),
    ...allocationSteps(tables),
    ...completenessSteps(),
    ...writeClaims(tables, sql`allocation`).map(
      ([name, cte]): Step<InputName> => [name === "allocation" ? "drafts" : name, cte],
    ),
    publicationStep(tables),
  ].filter(([name]) => names.includes(name));
  return sql`with ${sql.join(steps.map(([, cte]) => cte))}
    select claimed_vouchers.* from claimed_vouchers join allocation on allocation.id = claimed_vouchers.id order by allocation.walk_position`;
};

const draftRow = ({ n, selection, draft }: Draw) => ({
  ...baseClaimRow(draft),
  n,
  campaign_id: selection.campaignId,
  campaign_revision: selection.revision,
  start_rank: selection.startRank,
  voucher_count: selection.count,
});

/** The rows besides vouchers. They are known before the vouchers are drawn. */
const relatedRows = (draws: readonly Draw[]): ClaimRows =>
  claimRows(
    draws.map(({ n, draft: { publication, customer, keys, now, expirationDate } }) => ({
      ...{ n, publication, customer, keys, now, expirationDate },
      ...{ campaign: null, existing: [], fresh: [], spares: [], waitsForLocks: false },
    })),
  );

const inputRowsOf = (draws: readonly Draw[]): { readonly [G in InputName]: readonly object[] } => ({
  ...relatedRows(draws),
  drafts: sortedBy(draws.map(draftRow), ({ holder_id }) => holder_id),
});

export const drawExecutor = (
  tables: Tables,
  compile: (statement: RawBuilder<unknown>) => string,
): ((session: Session, draws: readonly Draw[]) => Promise<ClaimedVouchers>) => {
  const statementFor = statementCache<readonly InputName[]>(
    (names) => names.join(),
    (names) => compile(drawStatement(tables, names)),
  );
  return async (session, draws) => {
    const lists = inputRowsOf(draws);
    const names = INPUT_NAMES.filter((name) => !OPTIONAL_INPUTS.has(name) || lists[name].length > 0);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(
        statementFor(names),
        names.map((name) => JSON.stringify(lists[name])),
      ),
    );
    return Map.groupBy(rows, ({ n }) => n);
  };
};
