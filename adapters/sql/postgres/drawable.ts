import { type RawBuilder, sql } from "kysely";
import { PARKED_MAX } from "../parking.ts";
import type { Tables } from "../schema.ts";
import type { Session } from "../server/database.ts";
import type { Parking } from "../server/dialect.ts";

const ENTRY = sql`id, campaign_id, rank, expiration_date, revision`;

/** Enters those vouchers among `rows` into the pool that can be drawn. */
export const entering = (tables: Tables, rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into ${sql.table(tables.pool)} (${ENTRY}) select ${ENTRY} from ${rows}
  where campaign_id is not null and publication_id is null and active = 1`;

const IN_POOL = sql`p.campaign_id = given.campaign_id and p.parked = 0
  and (given.live is null or p.expiration_date is null or p.expiration_date > given.live)`;

/**
 * Of a walk along a pool, as `given` says, the stretch that begins in `range` and stays in it. One step at a time, each of
 * which the index answers: asked for several at once, the planner may find it cheaper to read and sort the whole pool,
 * having no idea of its size.
 */
export const stretch = (pool: RawBuilder<unknown>, range: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  (with recursive walk as (
    (select p.id, p.revision, p.rank, 1 as step from ${pool} as p
     where ${IN_POOL} and ${range} order by p.rank, p.id limit 1)
    union all
    select next.*, walk.step + 1 from walk cross join lateral (
      select p.id, p.revision, p.rank from ${pool} as p
      where ${IN_POOL} and (p.rank, p.id) > (walk.rank, walk.id) and ${range} order by p.rank, p.id limit 1) as next
    where walk.step < given.most)
  select id, revision from walk)`;

/** An array, so that they are found by their ids, whatever the planner thinks of how many they are. */
export const leaving = (tables: Tables, ids: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`delete from ${sql.table(tables.pool)} where id = any(array(${ids}))`;

/** Whoever holds these vouchers' rows, as all do that change them, is alone with their entries, but for `parking`. */
export const following =
  (tables: Tables) =>
  async (session: Session, vouchers: RawBuilder<unknown>): Promise<void> => {
    await sql`delete from ${sql.table(tables.pool)} where ${vouchers}`.execute(session);
    await entering(tables, sql`(select * from ${sql.table(tables.vouchers)} where ${vouchers}) as v`).execute(session);
  };

/** It waits for nobody, and so whoever waits for it does not wait for long. */
export const parking =
  (tables: Tables) =>
  async (session: Session, { campaignId, now }: Parking): Promise<void> => {
    const pool = sql.table(tables.pool);
    await sql`
      update ${pool} set parked = 1 where id in (
        select id from ${pool} where campaign_id = ${campaignId} and parked = 0 and expiration_date <= ${now}
        limit ${sql.lit(PARKED_MAX)} for update skip locked)`.execute(session);
  };
