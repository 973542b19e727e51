import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { COLUMNS, type Tables, type VoucherRow } from "../schema.ts";
import { type ClaimRows, rowsOf, sorted } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Claimed, Draw } from "../server/dialect.ts";
import { textFor } from "../server/texts.ts";
import { stretch } from "./drawable.ts";
import { columnsOf } from "./records.ts";
import {
  CLAIM,
  type Columns,
  campaignIsSame,
  claimRow,
  customerIsThere,
  editedCustomers,
  given,
  handedIn,
  type Step,
  tableIn,
  WRITTEN,
  writingAlong,
} from "./writing.ts";

/** `at`: where the walk begins that a draft would make by itself. */
const DRAWING: Columns = { ...CLAIM, at: "real" };

const GIVEN = { claim: DRAWING, ...WRITTEN } as const;
type Given = keyof typeof GIVEN;
const NAMES = Object.keys(GIVEN) as readonly Given[];
/** Left out where they are empty. Not the others: each connection keeps a plan for each of the texts. */
const SELDOM: ReadonlySet<Given> = new Set(["newcomers", "edits"]);

/** The drafts that own their keys so far, whose customer and campaign are as they were seen. */
const asking = (tables: Tables, hasEdits: boolean): readonly Step<Given>[] => {
  const owned = sql`
    select key.n from ${given("keys")} as key cross join lateral (
      select 1 from ${tableIn(tables)("keys")} as k where k.key = key.key limit 1) as owner`;
  const asking = sql`
    select claim.* from ${given("claim")} as claim
    where claim.n not in (select n from owned)
      and ${customerIsThere(tables, hasEdits)} and ${campaignIsSame(tables)}`;
  return [
    ["keys", sql`owned as materialized (${owned})`],
    ["edits", sql`edited as materialized (${editedCustomers(tables)})`],
    ["claim", sql`asking as materialized (${asking})`],
  ];
};

/** A walk ends where it has met enough, or the pool ends: it passes by any number that others hold. */
const UNBOUNDED = 2 ** 31 - 1;

/**
 * Walks along each pool once, from where the first of its drafts would, and locks as many vouchers as its drafts ask for,
 * past those that somebody else holds. The drafts take what was met in turn.
 *
 * A voucher is locked as it is now, and taken as it was when the statement began, which is how its entry in the pool is
 * still seen: one that was changed in between, so that it could not be taken any more, is passed by.
 */
const drawing = (tables: Tables): readonly Step<Given>[] => {
  const [pool, vouchers] = [tableIn(tables)("pool"), tableIn(tables)("vouchers")];
  const walks = sql`
    select campaign_id, sum(takes) as wanted, ${sql.lit(UNBOUNDED)} as most, null::text as live,
      (array_agg(at order by n))[1] as at
    from asking group by campaign_id`;
  const locked = sql`
    select v.* from (
      ${stretch(pool, sql`p.rank >= given.at`)} union all ${stretch(pool, sql`p.rank < given.at`)}) as entry
    cross join lateral (
      select v.id, v.code, v.revision, v.expiration_date from ${vouchers} as v
      where v.id = entry.id and v.publication_id is null and v.active = 1 and v.revision = entry.revision
      limit 1 for update of v skip locked) as v
    limit given.wanted`;
  const met = sql`
    select given.campaign_id, v.* from (${walks}) as given cross join lateral (
      select v.*, row_number() over () as place from (${locked}) as v) as v`;
  const served = sql`
    select n, campaign_id, now, takes, sum(takes) over (partition by campaign_id order by n) as last from asking`;
  const pick = sql`
    select served.n, met.id, met.code, met.revision, met.place
    from (${served}) as served join met on met.campaign_id = served.campaign_id
      and met.place <= served.last and met.place > served.last - served.takes
    where met.expiration_date is null or met.expiration_date > served.now`;
  return [
    ["claim", sql`met as materialized (${met})`],
    ["claim", sql`${given("pick")} as materialized (${pick})`],
  ];
};

/**
 * Those that got all they asked for. Whoever got less is decided again, and until then so are those behind who draw from
 * the same campaign: they would come before. A draft whose key is owned takes nothing from anybody.
 */
const holding = (): readonly Step<Given>[] => {
  const got = sql`
    select n, count(*) as taken, concat('[', string_agg(to_json(code)::text, ',' order by place), ']') as codes,
      concat('[', string_agg(to_json(id)::text, ',' order by place), ']') as voucher_ids
    from ${given("pick")} group by n`;
  const judged = sql`
    select claim.*, got.codes, got.voucher_ids, coalesce(got.taken, 0) = claim.takes as is_whole,
      min(claim.n) filter (where coalesce(got.taken, 0) <> claim.takes and claim.n not in (select n from owned))
        over (partition by claim.campaign_id) as first_short
    from ${given("claim")} as claim left join got on got.n = claim.n`;
  const held = sql`select * from judged where is_whole and (first_short is null or n < first_short)`;
  return [
    ["claim", sql`got as materialized (${got})`],
    ["claim", sql`judged as materialized (${judged})`],
    ["claim", sql`held as materialized (${held})`],
  ];
};

const publishing = (tables: Tables): Step<Given> => {
  const columns = Object.keys(COLUMNS.publications).map((column) =>
    sql.ref(column === "codes" || column === "voucher_ids" ? `held.${column}` : `made.${column}`),
  );
  return [
    "publications",
    sql`publications_written as (
      insert into ${tableIn(tables)("publications")} (${columnsOf("publications")})
      select ${sql.join(columns)} from ${given("publications")} as made join held on held.n = made.n)`,
  ];
};

/**
 * Draws for drafts and writes what they get, without a look before. One statement, and so one transaction.
 *
 * It makes sure of the same as a claim does, but picks the vouchers itself. What it cannot settle, because a pool is
 * nearly empty, a voucher has expired, a key is owned or a customer has changed, it leaves to a look and a claim.
 */
const drawStatement = (tables: Tables, names: readonly Given[]): RawBuilder<unknown> => {
  const steps = [
    ...NAMES.map((name): Step<Given> => [name, handedIn(name, GIVEN[name])]),
    ...asking(tables, names.includes("edits")),
    ...drawing(tables),
    ...holding(),
    ...writingAlong(tables).map(([about, part]): Step<Given> => [about === "pick" ? "claim" : about, part]),
    publishing(tables),
  ].filter(([about]) => names.includes(about));
  return sql`with ${sql.join(steps.map(([, part]) => part))}
    select taken.* from taken join ${given("pick")} as pick on pick.id = taken.id order by pick.place`;
};

const drawRow = ({ n, take, draft }: Draw) => ({
  ...claimRow(draft),
  n,
  campaign_id: take.campaignId,
  campaign_revision: take.revision,
  at: take.startRank,
  takes: take.count,
});

/** What is written besides vouchers is known before they are. */
const alongWith = (draws: readonly Draw[]): ClaimRows =>
  rowsOf(
    draws.map(({ n, draft: { publication, customer, keys, now, expirationDate } }) => ({
      ...{ n, publication, customer, keys, now, expirationDate },
      ...{ campaign: null, present: [], fresh: [], spares: [], waits: false },
    })),
  );

const listsOf = (draws: readonly Draw[]): { readonly [G in Given]: readonly object[] } => ({
  ...alongWith(draws),
  claim: sorted(draws.map(drawRow), ({ holder_id }) => holder_id),
});

/** `textOf` turns a statement into its text. */
export const drawingFor = (
  tables: Tables,
  textOf: (statement: RawBuilder<unknown>) => string,
): ((session: Session, draws: readonly Draw[]) => Promise<Claimed>) => {
  const text = textFor<readonly Given[]>(
    (names) => names.join(),
    (names) => textOf(drawStatement(tables, names)),
  );
  return async (session, draws) => {
    const lists = listsOf(draws);
    const names = NAMES.filter((name) => !SELDOM.has(name) || lists[name].length > 0);
    const { rows } = await session.executeQuery<VoucherRow & { readonly n: number }>(
      CompiledQuery.raw(
        text(names),
        names.map((name) => JSON.stringify(lists[name])),
      ),
    );
    return Map.groupBy(rows, ({ n }) => n);
  };
};
