import { randomUUID } from "node:crypto";
import { createPool, type PoolConnection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { type Caller, customerOf, racing } from "./load.ts";
import type { Baseline } from "./postgres-baseline.ts";

/**
 * What a good engineer would write by hand for MariaDB: a random draw along an index, under a lock that
 * others pass by, a claim under a condition, the customer, the idempotency key and the record, all in one transaction. No
 * filters, no replay, no extension, no second look at a pool that seems empty.
 */
const TABLES = [
  `create table hand_customers (
    id bigint auto_increment primary key, source_id varchar(255) character set utf8mb4 not null unique)`,
  `create table hand_vouchers (
    id bigint auto_increment primary key, code varchar(255) character set utf8mb4 not null unique, campaign_id int not null,
    \`rank\` double not null, publication char(36) character set ascii, holder_id bigint,
    index pool (campaign_id, publication, \`rank\`), index (holder_id))`,
  `create table hand_publications (
    id bigint auto_increment primary key, voucher_id bigint not null unique, customer_id bigint not null,
    source_id varchar(255) character set utf8mb4 not null unique, channel varchar(255) not null, metadata json not null,
    created_at datetime(3) not null default now(3), index (created_at, id), index (customer_id, created_at, id))`,
];

export const mariadbBaseline = async (url: string, vouchers: number, callersMax: number): Promise<Baseline> => {
  const pool = createPool({ uri: url, connectionLimit: callersMax });
  for (const table of TABLES) await pool.query(table);
  await pool.query(`insert into hand_vouchers (code, campaign_id, \`rank\`)
    select md5(seq), 1, rand() from seq_1_to_${vouchers}`);
  await pool.query("analyze table hand_vouchers");
  let orders = 0;

  const publish = async (connection: PoolConnection, i: number): Promise<string> => {
    const token = randomUUID();
    // The upper end of the ranks is left alone, so that a draw need not go around.
    const at = (0.99 * (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0)) / 2 ** 32;
    await connection.query("begin");
    const [customer] = await connection.execute<ResultSetHeader>(
      "insert into hand_customers (source_id) values (?) on duplicate key update id = last_insert_id(id)",
      [customerOf(i)],
    );
    const [[voucher]] = await connection.execute<RowDataPacket[]>(
      "select id, code from hand_vouchers force index (pool) where campaign_id = 1 and publication is null and `rank` >= ? " +
        "order by `rank` limit 1 for update skip locked",
      [at],
    );
    if (voucher === undefined) throw new Error("The draw by hand came away empty");
    const [claimed] = await connection.execute<ResultSetHeader>(
      "update hand_vouchers set publication = ?, holder_id = ? where id = ? and publication is null",
      [token, customer.insertId, voucher.id],
    );
    if (claimed.affectedRows !== 1) throw new Error("The claim by hand did not hold");
    await connection.execute(
      "insert into hand_publications (voucher_id, customer_id, source_id, channel, metadata) values (?, ?, ?, 'API', '{}')",
      [voucher.id, customer.insertId, `order-${orders++}`],
    );
    await connection.query("commit");
    return String(voucher.code);
  };

  /** Two that want the same row, or the same customer, may find themselves in a deadlock. */
  const publishPatiently = async (connection: PoolConnection, i: number): Promise<string> => {
    for (;;)
      try {
        return await publish(connection, i);
      } catch (thrown) {
        const isDeadlock = thrown instanceof Error && "errno" in thrown && thrown.errno === 1213;
        await connection.query("rollback");
        if (!isDeadlock) throw thrown;
      }
  };

  const begin = async (): Promise<Caller> => {
    const connection = await pool.getConnection();
    await connection.query("set session transaction isolation level read committed");
    return { publish: async (i) => [await publishPatiently(connection, i)], end: () => connection.release() };
  };

  return { publishing: (count, callers) => racing(count, callers, begin), close: () => pool.end() };
};
