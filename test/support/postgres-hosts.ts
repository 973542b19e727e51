import { PostgresDialect } from "kysely";
import type { PostgresTransaction } from "oncecode/postgres";
import type pg from "pg";
import { type BeginTransaction, beginWithKysely } from "./host-transactions.ts";

const beginWithPg =
  (pool: pg.Pool): BeginTransaction<PostgresTransaction> =>
  async (isolation = "read committed") => {
    const client = await pool.connect();
    await client.query(`begin isolation level ${isolation}`);
    const end = async (statement: string): Promise<void> => {
      await client.query(statement);
      client.release();
    };
    return {
      transaction: client,
      run: async (statement) => (await client.query(statement)).rows,
      commit: () => end("commit"),
      rollback: () => end("rollback"),
    };
  };

export const postgresHosts: readonly (readonly [
  name: string,
  beginOn: (pool: pg.Pool) => BeginTransaction<PostgresTransaction>,
])[] = [
  ["a connection of pg", beginWithPg],
  ["a transaction of Kysely", (pool) => beginWithKysely(new PostgresDialect({ pool }))],
];
