import { randomBytes } from "node:crypto";
import {
  createConnection,
  createPool,
  type Pool,
  type PoolConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from "mysql2/promise";
import { mariadbFlushStatements } from "../sql-clients.ts";
import type { SubjectOptions, Target } from "../subjects/subject.ts";

const TEXT = "varchar(255) character set utf8mb4 collate utf8mb4_bin";

const RECORD_TABLES = [
  `create table customers (
    id bigint auto_increment primary key, source_id ${TEXT} not null unique, created_at datetime(3) not null default now(3))`,
  `create table publications (
    id bigint auto_increment primary key, campaign_id int not null, customer_id bigint not null, source_id ${TEXT} unique,
    channel ${TEXT} not null, metadata json not null, codes json not null, created_at datetime(3) not null default now(3),
    index (created_at, id), index (customer_id, created_at, id), index (campaign_id, created_at, id))`,
];
/** A voucher has one column for its publication, so it is in one publication at most. */
const VOUCHER_TABLE = `create table vouchers (
  id bigint auto_increment primary key, code ${TEXT} not null, campaign_id int not null, \`rank\` double not null,
  publication_id bigint, holder_id bigint, updated_at datetime(3))`;
const fillStatement = (vouchers: number): string => `
  insert into vouchers (code, campaign_id, \`rank\`) select left(md5(seq), 16), 1, rand() from seq_1_to_${vouchers}`;
const INDEXES = `alter table vouchers
  add unique (code), add index pool (campaign_id, publication_id, \`rank\`), add index (campaign_id, id), add index (holder_id)`;

const FREE = "from vouchers where campaign_id = 1 and publication_id is null";

/** A pool of codes in its own database, which `close` drops. */
export interface BaselineDatabase extends Omit<Target, "publish"> {
  readonly pool: Pool;
  /** Whether the pool has at least `count` codes. Other callers may take some meanwhile. */
  hasLeft(count: number): Promise<boolean>;
}

export const openDatabase = async (
  url: string,
  { vouchers, callersMax }: SubjectOptions,
): Promise<BaselineDatabase> => {
  const name = `by_hand_${randomBytes(8).toString("hex")}`;
  const admin = await createConnection({ uri: url });
  const setup = [
    `create database ${name}`,
    `use ${name}`,
    ...RECORD_TABLES,
    VOUCHER_TABLE,
    fillStatement(vouchers),
    INDEXES,
  ];
  try {
    for (const sql of [...setup, ...mariadbFlushStatements(["vouchers"])]) await admin.query(sql);
  } finally {
    await admin.end();
  }

  const uri = new URL(url);
  uri.pathname = name;
  const pool = createPool({ uri: uri.href, connectionLimit: callersMax });
  const connections = await Promise.all(Array.from({ length: callersMax }, () => pool.getConnection()));
  for (const connection of connections) {
    await connection.query("set session transaction isolation level read committed");
    connection.release();
  }

  const selectFigure = async (sql: string): Promise<number> => {
    const [[row]] = await pool.query<RowDataPacket[]>(sql);
    return Number(row?.figure);
  };
  const CODES = "from publications, json_table(codes, '$[*]' columns (code varchar(255) path '$')) as each_code";
  return {
    pool,
    hasLeft: async (count) =>
      (await selectFigure(`select count(*) as figure from (select 1 ${FREE} limit ${count}) as f`)) >= count,
    codes: async (count) => {
      const [rows] = await pool.query<RowDataPacket[]>(`select code ${FREE} order by \`rank\` limit ${count}`);
      return rows.map(({ code }) => String(code));
    },
    tally: async () => ({
      published: await selectFigure(`select count(*) as figure ${CODES}`),
      distinct: await selectFigure(`select count(distinct code) as figure ${CODES}`),
      left: await selectFigure(`select count(*) as figure ${FREE}`),
    }),
    close: async () => {
      await pool.query(`drop database ${name}`);
      await pool.end();
    },
  };
};

export type Value = string | number | null;

export const select = async (
  connection: PoolConnection,
  sql: string,
  values: readonly Value[],
): Promise<RowDataPacket[]> => (await connection.execute<RowDataPacket[]>(sql, [...values]))[0];

export const execute = async (
  connection: PoolConnection,
  sql: string,
  values: readonly Value[],
): Promise<ResultSetHeader> => (await connection.execute<ResultSetHeader>(sql, [...values]))[0];

const DEADLOCK = 1213;

/** Runs `work` in a transaction, and again after a deadlock. */
export const inTransaction = async <T>(pool: Pool, work: (connection: PoolConnection) => Promise<T>): Promise<T> => {
  const connection = await pool.getConnection();
  try {
    for (;;)
      try {
        await connection.query("begin");
        const result = await work(connection);
        await connection.query("commit");
        return result;
      } catch (thrown) {
        await connection.query("rollback");
        if (!(thrown instanceof Error && "errno" in thrown && thrown.errno === DEADLOCK)) throw thrown;
      }
  } finally {
    connection.release();
  }
};
