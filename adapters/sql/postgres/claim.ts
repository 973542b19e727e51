import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { COLUMNS, type Tables, type VoucherRow } from "../schema.ts";
import { claimRows, sortedBy } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { ClaimedVouchers } from "../server/dialect.ts";
import type { Claim } from "../server/plan.ts";
import { statementCache } from "../server/statement-cache.ts";
import {
  BASE_CLAIM_COLUMNS,
  baseClaimRow,
  campaignIsUnchanged,
  customerExists,
  IS_COMPLETE,
  IS_UNCHANGED,
  insertComplete,
  lockChangedCustomers,
  NULL_VOUCHER,
  RELATED_COLUMNS,
  type Step,
  tableRef,
  writeClaims,
} from "./claim-writes.ts";
import { type Columns, input, inputList, numberedColumns } from "./input-lists.ts";
import { insertIntoPool } from "./pool.ts";

/** `has_new_vouchers`: whether the claim creates vouchers. They get the dates of the campaign, so the campaign must not change. */
const CLAIM_COLUMNS: Columns = { ...BASE_CLAIM_COLUMNS, has_new_vouchers: "integer" };

/** The input lists. Each row has the position of its claim in the call. */
const INPUT_COLUMNS = {
  claims: CLAIM_COLUMNS,
  allocation: numberedColumns({ id: "text", code: "text", revision: "integer" }),
  new_vouchers: numberedColumns(COLUMNS.vouchers),
  ...RELATED_COLUMNS,
  failures: numberedColumns({ publication_id: "text", voucher_id: "text", code: "text" }),
} as const;
type InputName = keyof typeof INPUT_COLUMNS;
const INPUT_NAMES = Object.keys(INPUT_COLUMNS) as readonly InputName[];

/** Lists that the statement leaves out when they are empty. The other lists are always there, so that few plans are needed. */
const OPTIONAL_INPUTS: ReadonlySet<InputName> = new Set([
  "new_customers",
  "changed_customers",
  "new_vouchers",
  "failures",
]);

/** A variant of the statement: its lists, and `wait-for-locks` if it waits for locked vouchers instead of skipping them. */
type StatementVariant = readonly (InputName | "wait-for-locks")[];

/** Steps 1 to 4: lock the rows that the claims depend on, and find the claims that are complete. */
const checkSteps = (tables: Tables, variant: StatementVariant): readonly Step<InputName>[] => {
  const table = tableRef(tables);
  const ifInput = (name: InputName, part: RawBuilder<unknown>): RawBuilder<unknown> =>
    variant.includes(name) ? part : sql``;
  const locked = sql`
    select allocation.n from ${input("allocation")} as allocation cross join lateral (
      select v.id from ${table("vouchers")} as v where v.id = allocation.id and ${IS_UNCHANGED}
      limit 1 for update of v ${variant.includes("wait-for-locks") ? sql`` : sql`skip locked`}) as v`;
  const lockedCampaigns = sql`
    select campaign.id, c.revision
    from (select distinct campaign_id as id from ${input("claims")} where has_new_vouchers = 1 order by campaign_id) as campaign
    cross join lateral (
      select c.revision from ${table("campaigns")} as c where c.id = campaign.id limit 1 for share of c) as c`;
  const complete = sql`
    select item.* from ${input("claims")} as item
    left join (select n, count(*) as voucher_count from locked group by n) as locked on locked.n = item.n
    where item.voucher_count = coalesce(locked.voucher_count, 0)
      and ${customerExists(tables, variant.includes("changed_customers"))}
      and case
        when item.campaign_id is null then true
        ${ifInput(
          "new_vouchers",
          sql`when item.has_new_vouchers = 1
            then (item.campaign_id, item.campaign_revision) in (select id, revision from locked_campaigns)`,
        )}
        else ${campaignIsUnchanged(tables)} end`;
  return [
    ["allocation", sql`locked as materialized (${locked})`],
    ["changed_customers", sql`locked_customers as materialized (${lockChangedCustomers(tables, input("claims"))})`],
    ["new_vouchers", sql`locked_campaigns as materialized (${lockedCampaigns})`],
    ["claims", sql`complete as materialized (${complete})`],
  ];
};

/** Steps 5 and 6: write the complete claims. */
const writeSteps = (tables: Tables): readonly Step<InputName>[] => {
  const table = tableRef(tables);
  const insertClaims = sql`
    insert into ${table("claims")} (voucher_id, code, publication_id, holder_id)
    select id, code, publication_id, holder_id from ${input("new_vouchers")} where publication_id is not null and ${IS_COMPLETE}`;
  const insertFailures = sql`
    insert into ${table("failures")} (publication_id, voucher_id, code)
    select publication_id, voucher_id, code from ${input("failures")} where ${IS_COMPLETE}`;
  return [
    ...writeClaims(tables, input("allocation")),
    ["publications", sql`inserted_publications as (${insertComplete(tables, "publications", input("publications"))})`],
    ["new_vouchers", sql`inserted_vouchers as (${insertComplete(tables, "vouchers", input("new_vouchers"))})`],
    ["new_vouchers", sql`inserted_claims_of_new_vouchers as (${insertClaims})`],
    [
      "new_vouchers",
      sql`inserted_into_pool as (${insertIntoPool(tables, sql`(select * from ${input("new_vouchers")} where ${IS_COMPLETE}) as new_vouchers`)})`,
    ],
    ["failures", sql`inserted_failures as (${insertFailures})`],
  ];
};

/**
 * Checks that the snapshot still holds for each claim, and writes the claims for which it does. One statement is one
 * transaction. Each step is a CTE with this name:
 *
 * 1. `locked`: locks each allocated voucher, if it is still as in the snapshot.
 * 2. `locked_customers`: locks the customers that claims change, if they are unchanged.
 * 3. `locked_campaigns`: locks the campaigns that get new vouchers, because their dates must not change meanwhile.
 * 4. `complete`: the claims whose vouchers, customer and campaign are all as in the snapshot.
 * 5. `claimed_vouchers` and `deleted_from_pool`: change the vouchers and take them out of the pool.
 * 6. `inserted_…` and `updated_…`: write claims, keys, customers, new vouchers, publications and failures.
 *
 * Rows are locked in the order of their ids. Without one order, two overlapping batches would wait for each other. Nothing
 * is written for a claim that is not complete. The table of claims holds a voucher once, so that even a wrong statement
 * could not publish it twice.
 */
const claimStatement = (tables: Tables, variant: StatementVariant): RawBuilder<unknown> => {
  const lists = INPUT_NAMES.map((name): Step<InputName> => [name, inputList(name, INPUT_COLUMNS[name])]);
  const steps = [...lists, ...checkSteps(tables, variant), ...writeSteps(tables)].filter(([name]) =>
    variant.includes(name),
  );
  return sql`with ${sql.join(steps.map(([, cte]) => cte))}
    select * from claimed_vouchers union all select n, ${NULL_VOUCHER} from complete where voucher_count = 0`;
};

const claimRow = (claim: Claim) => ({
  ...baseClaimRow(claim),
  n: claim.n,
  campaign_id: claim.campaign?.id ?? null,
  campaign_revision: claim.campaign?.revision ?? null,
  has_new_vouchers: claim.fresh.length > 0 ? 1 : 0,
  voucher_count: claim.existing.length,
});

const allocationRows = ({ n, existing }: Claim) =>
  existing.map(({ id, code, revision }) => ({ n, id, code, revision }));

const inputRowsOf = (claims: readonly Claim[]): { readonly [G in InputName]: readonly object[] } => ({
  ...claimRows(claims),
  claims: sortedBy(claims.map(claimRow), ({ holder_id }) => holder_id),
  allocation: sortedBy(claims.flatMap(allocationRows), ({ id }) => id),
});

export const claimExecutor = (
  tables: Tables,
  compile: (statement: RawBuilder<unknown>) => string,
): ((session: Session, claims: readonly Claim[]) => Promise<ClaimedVouchers>) => {
  const statementFor = statementCache<StatementVariant>(
    (variant) => variant.join(),
    (variant) => compile(claimStatement(tables, variant)),
  );
  return async (session, claims) => {
    const lists = inputRowsOf(claims);
    const names = INPUT_NAMES.filter((name) => !OPTIONAL_INPUTS.has(name) || lists[name].length > 0);
    const values = names.map((name) => JSON.stringify(lists[name]));
    const shouldWait = claims.some((claim) => claim.waitsForLocks);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(statementFor(shouldWait ? [...names, "wait-for-locks"] : names), values),
    );
    // A claim without existing vouchers has a row of nulls.
    const voucherRows = rows.filter(({ id }) => id !== null);
    const rowsByClaim = Map.groupBy(voucherRows, ({ n }) => n);
    return new Map(rows.map(({ n }) => [n, rowsByClaim.get(n) ?? []]));
  };
};
