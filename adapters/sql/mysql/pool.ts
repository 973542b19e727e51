import { type RawBuilder, sql } from "kysely";
import { SET_ASIDE_MAX, type Tables } from "../schema.ts";
import type { Session } from "../server/database.ts";
import type { SetAsideRequest } from "../server/dialect.ts";

/** A value that comes with each run of a statement. */
export const PARAMETER: RawBuilder<unknown> = sql`${null}`;

/** The number of walks in one statement, at most. */
export const WALKS_MAX = 16;
/** Fills the unused walks of a statement. No campaign has this id. */
export const NO_CAMPAIGN = "";

/** One part of a walk along the index of a pool. */
interface WalkRange {
  /** The position of the walk in the statement: each row has it as `n`. */
  readonly n: number;
  readonly columns: RawBuilder<unknown>;
  readonly index: "in_pool" | "expiring";
  readonly range: RawBuilder<unknown>;
  readonly limit: number;
  readonly lock?: RawBuilder<unknown>;
}

/** The statement has the limit as a number, and not as a parameter: the planner needs it. */
export const walkRange = (
  tables: Tables,
  { n, columns, index, range, limit, lock = sql`` }: WalkRange,
): RawBuilder<unknown> => sql`
  (select ${sql.lit(n)} as n, ${columns} from ${sql.table(tables.vouchers)} as v force index (${sql.ref(index)})
   where v.campaign_id = ${PARAMETER} and v.publication_id is null and v.active = 1
     and v.set_aside = ${sql.lit(index === "in_pool" ? 0 : 1)} and ${range}
   order by v.${sql.ref(index === "in_pool" ? "rank" : "expiration_date")} limit ${sql.lit(limit)} ${lock})`;

/** Sets expired vouchers aside. The statement skips locked rows, so that it never waits, and blocks other calls only briefly. */
export const setAsideExpired =
  (tables: Tables) =>
  async (session: Session, { campaignId, now }: SetAsideRequest): Promise<void> => {
    const { rows } = await sql<{ readonly id: string }>`
      select id from ${sql.table(tables.vouchers)} force index (expiring)
      where campaign_id = ${campaignId} and publication_id is null and active = 1 and set_aside = 0
        and expiration_date <= ${now}
      limit ${sql.lit(SET_ASIDE_MAX)} for update skip locked`.execute(session);
    if (rows.length === 0) return;
    await sql`
      update ${sql.table(tables.vouchers)} set set_aside = 1
      where id in (${sql.join(rows.map(({ id }) => id))})`.execute(session);
  };
