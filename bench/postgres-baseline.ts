import pg from "pg";
import { type Caller, customerOf, racing } from "./load.ts";

/**
 * What a good engineer would write by hand for PostgreSQL: a random draw along an index, the claim under a lock and a
 * condition, the customer, the idempotency key and the record, all in one statement. No filters, no replay, no
 * extension, no second look at a pool that seems empty.
 */
const TABLES = `
  create table customers (id bigint generated always as identity primary key, source_id text not null unique);
  create table vouchers (
    id bigint generated always as identity primary key, code text not null unique, campaign_id integer not null,
    rank double precision not null, publication_id bigint, holder_id bigint);
  create index on vouchers (campaign_id, rank) where publication_id is null;
  create index on vouchers (holder_id) where holder_id is not null;
  create table publications (
    id bigint generated always as identity primary key, voucher_id bigint not null unique, customer_id bigint not null,
    source_id text not null unique, channel text not null, metadata jsonb not null,
    created_at timestamptz not null default now());
  create index on publications (created_at, id);
  create index on publications (customer_id, created_at, id)`;

export const PUBLISH = `
  with customer as (
    insert into customers (source_id) values ($1)
    on conflict (source_id) do update set source_id = excluded.source_id returning id),
  pick as materialized (
    select id from vouchers where campaign_id = 1 and publication_id is null and rank >= $2
    order by rank limit 1 for update skip locked),
  publication as (
    insert into publications (voucher_id, customer_id, source_id, channel, metadata)
    select pick.id, customer.id, $3, 'API', '{}' from pick, customer returning id, voucher_id, customer_id)
  update vouchers as v set publication_id = publication.id, holder_id = publication.customer_id
  from publication where v.id = publication.voucher_id and v.publication_id is null returning v.code`;

export interface Baseline {
  /** `callers` at a time, each on a connection of its own. Gives publications per second. */
  publishing(count: number, callers: number): Promise<number>;
  close(): Promise<void>;
}

export const postgresBaseline = async (url: string, vouchers: number, callersMax: number): Promise<Baseline> => {
  const pool = new pg.Pool({ connectionString: url, max: callersMax, options: "-c search_path=by_hand" });
  await pool.query("create schema by_hand");
  await pool.query(TABLES);
  await pool.query(`insert into vouchers (code, campaign_id, rank)
    select md5(i::text), 1, random() from generate_series(1, ${vouchers}) as i`);
  await pool.query("analyze vouchers");
  let orders = 0;

  const publish = async (client: pg.PoolClient, i: number): Promise<string> => {
    // The upper end of the ranks is left alone, so that a draw need not go around.
    const values = [
      customerOf(i),
      (0.99 * (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0)) / 2 ** 32,
      `order-${orders++}`,
    ];
    const { rows } = await client.query<{ readonly code: string }>({ name: "publish", text: PUBLISH, values });
    const [row] = rows;
    if (row === undefined) throw new Error("The draw by hand came away empty");
    return row.code;
  };

  const begin = async (): Promise<Caller> => {
    const client = await pool.connect();
    return { publish: async (i) => [await publish(client, i)], end: () => client.release() };
  };

  return { publishing: (count, callers) => racing(count, callers, begin), close: () => pool.end() };
};
