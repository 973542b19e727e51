import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { COLUMNS, type Tables, type VoucherRow } from "../schema.ts";
import { rowsOf, sorted } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Claimed } from "../server/dialect.ts";
import type { Claim } from "../server/planning.ts";
import { textFor } from "../server/texts.ts";
import { entering } from "./drawable.ts";
import {
  AS_SEEN,
  CLAIM,
  type Columns,
  campaignIsSame,
  claimRow,
  customerIsThere,
  editedCustomers,
  given,
  HELD,
  handedIn,
  inserting,
  NO_VOUCHER,
  type Step,
  tableIn,
  WRITTEN,
  withN,
  writingAlong,
} from "./writing.ts";

/** `makes`: whether vouchers are made, with the dates that the campaign has now. */
const CLAIMING: Columns = { ...CLAIM, makes: "integer" };

/** What claims bring along: lists of rows, each with the place of its claim. */
const GIVEN = {
  claim: CLAIMING,
  pick: withN({ id: "text", code: "text", revision: "integer" }),
  made: withN(COLUMNS.vouchers),
  ...WRITTEN,
  attempts: withN({ publication_id: "text", voucher_id: "text", code: "text" }),
} as const;
type Given = keyof typeof GIVEN;
const NAMES = Object.keys(GIVEN) as readonly Given[];

/** Left out where they are empty. Not the others: each connection keeps a plan for each of the texts. */
const SELDOM: ReadonlySet<Given> = new Set(["newcomers", "edits", "made", "attempts"]);

/** What the statement is made for: the lists that it gets, and `waiting` if it waits for others instead of passing by. */
type Shape = readonly (Given | "waiting")[];

/** Locks what the claims were decided on, and finds those that still hold. */
const checking = (tables: Tables, shape: Shape): readonly Step<Given>[] => {
  const table = tableIn(tables);
  const ifGiven = (about: Given, part: RawBuilder<unknown>): RawBuilder<unknown> =>
    shape.includes(about) ? part : sql``;
  const locked = sql`
    select pick.n from ${given("pick")} as pick cross join lateral (
      select v.id from ${table("vouchers")} as v where v.id = pick.id and ${AS_SEEN}
      limit 1 for update of v ${shape.includes("waiting") ? sql`` : sql`skip locked`}) as v`;
  const extended = sql`
    select asked.id, c.revision
    from (select distinct campaign_id as id from ${given("claim")} where makes = 1 order by campaign_id) as asked
    cross join lateral (
      select c.revision from ${table("campaigns")} as c where c.id = asked.id limit 1 for share of c) as c`;
  const held = sql`
    select claim.* from ${given("claim")} as claim
    left join (select n, count(*) as taken from locked group by n) as locked on locked.n = claim.n
    where claim.takes = coalesce(locked.taken, 0)
      and ${customerIsThere(tables, shape.includes("edits"))}
      and case
        when claim.campaign_id is null then true
        ${ifGiven(
          "made",
          sql`when claim.makes = 1
            then (claim.campaign_id, claim.campaign_revision) in (select id, revision from extended)`,
        )}
        else ${campaignIsSame(tables)} end`;
  return [
    ["pick", sql`locked as materialized (${locked})`],
    ["edits", sql`edited as materialized (${editedCustomers(tables)})`],
    ["made", sql`extended as materialized (${extended})`],
    ["claim", sql`held as materialized (${held})`],
  ];
};

/** Writes the claims that hold. */
const writing = (tables: Tables): readonly Step<Given>[] => {
  const table = tableIn(tables);
  const claimedMade = sql`
    insert into ${table("claims")} (voucher_id, code, publication_id, holder_id)
    select id, code, publication_id, holder_id from ${given("made")} where publication_id is not null and ${HELD}`;
  const attempts = sql`
    insert into ${table("attempts")} (publication_id, voucher_id, code)
    select publication_id, voucher_id, code from ${given("attempts")} where ${HELD}`;
  return [
    ...writingAlong(tables),
    ["publications", sql`publications_written as (${inserting(tables, "publications", given("publications"))})`],
    ["made", sql`made_written as (${inserting(tables, "vouchers", given("made"))})`],
    ["made", sql`claims_of_made_written as (${claimedMade})`],
    ["made", sql`spares_written as (${entering(tables, sql`(select * from ${given("made")} where ${HELD}) as made`)})`],
    ["attempts", sql`attempts_written as (${attempts})`],
  ];
};

/**
 * Makes sure of all that claims were decided on, and writes those that hold. One statement, and so one transaction.
 *
 * A voucher is locked in the state in which it was seen or not at all, then changed under the same condition, and
 * entered in the table of claims, where it can stand once. Rows are locked in the order of their ids, so that batches
 * which overlap do not wait for each other crosswise. A draft whose vouchers were not all to be had is left out of
 * `held`, and with it all that would be written for it.
 */
const claimStatement = (tables: Tables, shape: Shape): RawBuilder<unknown> => {
  const lists = NAMES.map((name): Step<Given> => [name, handedIn(name, GIVEN[name])]);
  const steps = [...lists, ...checking(tables, shape), ...writing(tables)].filter(([about]) => shape.includes(about));
  return sql`with ${sql.join(steps.map(([, part]) => part))}
    select * from taken union all select n, ${NO_VOUCHER} from held where takes = 0`;
};

const claimingRow = (claim: Claim) => ({
  ...claimRow(claim),
  n: claim.n,
  campaign_id: claim.campaign?.id ?? null,
  campaign_revision: claim.campaign?.revision ?? null,
  makes: claim.fresh.length > 0 ? 1 : 0,
  takes: claim.present.length,
});

const picksOf = ({ n, present }: Claim) => present.map(({ id, code, revision }) => ({ n, id, code, revision }));

const listsOf = (claims: readonly Claim[]): { readonly [G in Given]: readonly object[] } => ({
  ...rowsOf(claims),
  claim: sorted(claims.map(claimingRow), ({ holder_id }) => holder_id),
  pick: sorted(claims.flatMap(picksOf), ({ id }) => id),
});

/** `textOf` turns a statement into its text. */
export const claiming = (
  tables: Tables,
  textOf: (statement: RawBuilder<unknown>) => string,
): ((session: Session, claims: readonly Claim[]) => Promise<Claimed>) => {
  const text = textFor<Shape>(
    (shape) => shape.join(),
    (shape) => textOf(claimStatement(tables, shape)),
  );
  return async (session, claims) => {
    const lists = listsOf(claims);
    const names = NAMES.filter((name) => !SELDOM.has(name) || lists[name].length > 0);
    const values = names.map((name) => JSON.stringify(lists[name]));
    const waits = claims.some((claim) => claim.waits);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(text(waits ? [...names, "waiting"] : names), values),
    );
    // A claim that took no voucher that was there has an empty row.
    const taken = rows.filter(({ id }) => id !== null);
    const claimed = Map.groupBy(taken, ({ n }) => n);
    return new Map(rows.map(({ n }) => [n, claimed.get(n) ?? []]));
  };
};
