import { PostgresDialect } from "kysely";
import type { PostgresTransaction } from "oncecode/postgres";
import type pg from "pg";
import { type Begin, onKysely } from "../servers/hosts.ts";

const onClient =
  (pool: pg.Pool): Begin<PostgresTransaction> =>
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
  begins: (pool: pg.Pool) => Begin<PostgresTransaction>,
])[] = [
  ["a connection of pg", onClient],
  ["a transaction of Kysely", (pool) => onKysely(new PostgresDialect({ pool }))],
];
