import { type RawBuilder, sql } from "kysely";
import type { Tables } from "../schema.ts";
import { SET_ASIDE_MAX } from "../schema.ts";
import type { Session } from "../server/database.ts";
import type { SetAsideRequest } from "../server/dialect.ts";

const POOL_COLUMNS = sql`id, campaign_id, rank, expiration_date, revision`;

/** Inserts those vouchers of `rows` into the pool that are active, unpublished and in a campaign. */
export const insertIntoPool = (tables: Tables, rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into ${sql.table(tables.pool)} (${POOL_COLUMNS}) select ${POOL_COLUMNS} from ${rows}
  where campaign_id is not null and publication_id is null and active = 1`;

const IS_ON_WALK = sql`p.campaign_id = input.campaign_id and p.set_aside = 0
  and (input.unexpired_at is null or p.expiration_date is null or p.expiration_date > input.unexpired_at)`;

/**
 * The part of a walk along the pool that lies in `range`. The columns of the walk come from `input`.
 *
 * The planner does not know the size of a campaign's pool. Asked for many rows at once, it may read and sort the whole
 * pool. So the recursive query takes one row per step, and an index answers each step.
 */
export const walkRange = (pool: RawBuilder<unknown>, range: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (with recursive walk as (
    (select p.id, p.revision, p.rank, 1 as step from ${pool} as p
     where ${IS_ON_WALK} and ${range} order by p.rank, p.id limit 1)
    union all
    select next.*, walk.step + 1 from walk cross join lateral (
      select p.id, p.revision, p.rank from ${pool} as p
      where ${IS_ON_WALK} and (p.rank, p.id) > (walk.rank, walk.id) and ${range} order by p.rank, p.id limit 1) as next
    where walk.step < input.max_rows)
  select id, revision from walk)`;

/** Deletes pool entries. With an array of ids the planner uses the primary key, however many ids it expects. */
export const deleteFromPool = (tables: Tables, ids: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`delete from ${sql.table(tables.pool)} where id = any(array(${ids}))`;

/** The caller has locked the vouchers' rows. So no other call but `setAsideExpired` changes their pool entries. */
export const syncPool =
  (tables: Tables) =>
  async (session: Session, vouchers: RawBuilder<unknown>): Promise<void> => {
    await sql`delete from ${sql.table(tables.pool)} where ${vouchers}`.execute(session);
    await insertIntoPool(tables, sql`(select * from ${sql.table(tables.vouchers)} where ${vouchers}) as v`).execute(
      session,
    );
  };

/** Sets expired vouchers aside. The statement skips locked rows, so that it never waits, and blocks other calls only briefly. */
export const setAsideExpired =
  (tables: Tables) =>
  async (session: Session, { campaignId, now }: SetAsideRequest): Promise<void> => {
    const pool = sql.table(tables.pool);
    await sql`
      update ${pool} set set_aside = 1 where id in (
        select id from ${pool} where campaign_id = ${campaignId} and set_aside = 0 and expiration_date <= ${now}
        limit ${sql.lit(SET_ASIDE_MAX)} for update skip locked)`.execute(session);
  };
