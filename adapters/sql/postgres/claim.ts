import { CompiledQuery, type RawBuilder, sql } from "kysely";
import { COLUMNS, type ColumnType, type Tables, type VoucherRow } from "../schema.ts";
import { EDITED_COLUMNS, rowsOf, sorted } from "../server/claim-rows.ts";
import type { Session } from "../server/database.ts";
import type { Claimed } from "../server/dialect.ts";
import type { Claim } from "../server/planning.ts";
import { textFor } from "../server/texts.ts";
import { columnsOf, recordsOf } from "./records.ts";

type Columns = Readonly<Record<string, ColumnType>>;

/** One row per claim: what must still be so, and what its vouchers get. */
const CLAIM: Columns = {
  n: "integer",
  publication_id: "text",
  holder_id: "text",
  /** `known`, `new` or `edited`. */
  customer: "text",
  replaces: "integer",
  campaign_id: "text",
  campaign_revision: "integer",
  /** Whether vouchers are made, with the dates that the campaign has now. */
  makes: "integer",
  takes: "integer",
  now: "text",
  expiration_date: "text",
};
const withN = (columns: Columns): Columns => ({ n: "integer", ...columns });

/** What claims bring along: lists of rows, each with the place of its claim. */
const GIVEN = {
  claim: CLAIM,
  pick: withN({ id: "text", code: "text", revision: "integer" }),
  newcomers: withN(COLUMNS.customers),
  edits: withN(COLUMNS.customers),
  made: withN(COLUMNS.vouchers),
  publications: withN(COLUMNS.publications),
  keys: withN({ key: "text", publication_id: "text" }),
  attempts: withN({ publication_id: "text", voucher_id: "text", code: "text" }),
} as const;
type Given = keyof typeof GIVEN;
const NAMES = Object.keys(GIVEN) as readonly Given[];

/** Left out where they are empty. Not the others: each connection keeps a plan for each of the texts. */
const SELDOM: ReadonlySet<Given> = new Set(["newcomers", "edits", "made", "attempts"]);

/** Under a name that no table can have. */
const given = (name: Given): RawBuilder<unknown> => sql.id(`given ${name}`);

const VALUE = sql`${null}`;
const VOUCHER_COLUMNS = Object.keys(COLUMNS.vouchers);
const AS_SEEN = sql`v.publication_id is null and v.active = 1 and v.revision = pick.revision`;
const HELD = sql`n in (select n from held)`;

/** What the statement is made for: the lists that it gets, and `waiting` if it waits for others instead of passing by. */
type Shape = readonly (Given | "waiting")[];

/** A part of the statement, and the list that it is about: without that, it is left out. */
type Step = readonly [about: Given, part: RawBuilder<unknown>];

const tableIn =
  (tables: Tables) =>
  (name: keyof Tables): RawBuilder<unknown> =>
    sql.table(tables[name]);

/** Locks what the claims were decided on, and finds those that still hold. */
const checking = (tables: Tables, shape: Shape): readonly Step[] => {
  const table = tableIn(tables);
  const ifGiven = (about: Given, part: RawBuilder<unknown>): RawBuilder<unknown> =>
    shape.includes(about) ? part : sql``;
  const locked = sql`
    select pick.n from ${given("pick")} as pick cross join lateral (
      select v.id from ${table("vouchers")} as v where v.id = pick.id and ${AS_SEEN}
      limit 1 for update of v ${shape.includes("waiting") ? sql`` : sql`skip locked`}) as v`;
  const edited = sql`
    select claim.n from ${given("claim")} as claim cross join lateral (
      select 1 from ${table("customers")} as c where c.id = claim.holder_id and c.revision = claim.replaces
      limit 1 for update of c) as c
    where claim.customer = 'edited'`;
  const extended = sql`
    select asked.id, c.revision
    from (select distinct campaign_id as id from ${given("claim")} where makes = 1 order by campaign_id) as asked
    cross join lateral (
      select c.revision from ${table("campaigns")} as c where c.id = asked.id limit 1 for share of c) as c`;
  const held = sql`
    select claim.* from ${given("claim")} as claim
    left join (select n, count(*) as taken from locked group by n) as locked on locked.n = claim.n
    where claim.takes = coalesce(locked.taken, 0)
      and case claim.customer
        when 'known' then (select true from ${table("customers")} as c where c.id = claim.holder_id limit 1)
        ${ifGiven("edits", sql`when 'edited' then claim.n in (select n from edited)`)}
        else true end
      and case
        when claim.campaign_id is null then true
        ${ifGiven(
          "made",
          sql`when claim.makes = 1
            then (claim.campaign_id, claim.campaign_revision) in (select id, revision from extended)`,
        )}
        else claim.campaign_revision = (
          select c.revision from ${table("campaigns")} as c where c.id = claim.campaign_id limit 1) end`;
  return [
    ["pick", sql`locked as materialized (${locked})`],
    ["edits", sql`edited as materialized (${edited})`],
    ["made", sql`extended as materialized (${extended})`],
    ["claim", sql`held as materialized (${held})`],
  ];
};

/** Writes the claims that hold. */
const writing = (tables: Tables): readonly Step[] => {
  const table = tableIn(tables);
  const insert = (kind: "customers" | "vouchers" | "publications", rows: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`insert into ${table(kind)} (${columnsOf(kind)}) select ${columnsOf(kind)} from ${rows} where ${HELD}`;
  const taken = sql`
    update ${table("vouchers")} as v
    set publication_id = held.publication_id, holder_id = held.holder_id, updated_at = held.now,
      expiration_date = coalesce(held.expiration_date, v.expiration_date), revision = v.revision + 1, parked = 0
    from ${given("pick")} as pick join held on held.n = pick.n
    where v.id = pick.id and ${AS_SEEN}
    returning held.n, ${sql.join(VOUCHER_COLUMNS.map((column) => sql.ref(`v.${column}`)))}`;
  const claimed = sql`
    insert into ${table("claims")} (voucher_id, code, publication_id)
    select pick.id, pick.code, held.publication_id from ${given("pick")} as pick join held on held.n = pick.n`;
  const claimedMade = sql`
    insert into ${table("claims")} (voucher_id, code, publication_id)
    select id, code, publication_id from ${given("made")} where publication_id is not null and ${HELD}`;
  const changes = EDITED_COLUMNS.map((column) => sql`${sql.ref(column)} = edits.${sql.ref(column)}`);
  const edited = sql`
    update ${table("customers")} as c set ${sql.join(changes)} from ${given("edits")} as edits
    where c.id = edits.id and edits.${HELD}`;
  const keys = sql`
    insert into ${table("keys")} (key, publication_id) select key, publication_id from ${given("keys")} where ${HELD}`;
  const attempts = sql`
    insert into ${table("attempts")} (publication_id, voucher_id, code)
    select publication_id, voucher_id, code from ${given("attempts")} where ${HELD}`;
  return [
    ["pick", sql`taken as (${taken})`],
    ["newcomers", sql`newcomers_written as (${insert("customers", given("newcomers"))})`],
    ["edits", sql`edits_written as (${edited})`],
    ["made", sql`made_written as (${insert("vouchers", given("made"))})`],
    ["publications", sql`publications_written as (${insert("publications", given("publications"))})`],
    ["pick", sql`claims_written as (${claimed})`],
    ["made", sql`claims_of_made_written as (${claimedMade})`],
    ["keys", sql`keys_written as (${keys})`],
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
  const lists = NAMES.map(
    (name): Step => [name, sql`${given(name)} as materialized (select * from ${recordsOf(VALUE, GIVEN[name])})`],
  );
  const steps = [...lists, ...checking(tables, shape), ...writing(tables)].filter(([about]) => shape.includes(about));
  const nothing = VOUCHER_COLUMNS.map(() => sql`null`);
  return sql`with ${sql.join(steps.map(([, part]) => part))}
    select * from taken union all select n, ${sql.join(nothing)} from held where takes = 0`;
};

const claimRow = ({ n, publication, customer, campaign, ...claim }: Claim) => ({
  n,
  publication_id: publication.id,
  holder_id: publication.customerId,
  customer: customer.type === "known" ? "known" : customer.write.replaces === null ? "new" : "edited",
  replaces: customer.type === "known" ? null : customer.write.replaces,
  campaign_id: campaign?.id ?? null,
  campaign_revision: campaign?.revision ?? null,
  makes: claim.fresh.length > 0 ? 1 : 0,
  takes: claim.present.length,
  now: claim.now,
  expiration_date: claim.expirationDate,
});

const picksOf = ({ n, present }: Claim) => present.map(({ id, code, revision }) => ({ n, id, code, revision }));

const listsOf = (claims: readonly Claim[]): { readonly [G in Given]: readonly object[] } => ({
  ...rowsOf(claims),
  claim: sorted(claims.map(claimRow), ({ holder_id }) => holder_id),
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
