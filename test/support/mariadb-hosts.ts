import { MysqlDialect } from "kysely";
import type { Pool } from "mysql2/promise";
import type { MysqlConnection, MysqlTransaction } from "oncecode/mysql";
import { type BeginTransaction, beginWithKysely } from "./host-transactions.ts";

const isolationStatement = (isolation: string): string => `set transaction isolation level ${isolation}`;

const beginWithMysql2Promise =
  (pool: Pool): BeginTransaction<MysqlTransaction> =>
  async (isolation = "read committed") => {
    const connection = await pool.getConnection();
    await connection.query(isolationStatement(isolation));
    await connection.query("begin");
    const end = async (statement: string): Promise<void> => {
      await connection.query(statement);
      connection.release();
    };
    return {
      transaction: connection,
      run: async (statement) => {
        const [rows] = await connection.query(statement);
        return Array.isArray(rows) ? rows : [];
      },
      commit: () => end("commit"),
      rollback: () => end("rollback"),
    };
  };

/** Begins a transaction on the connection with callbacks that a connection of `mysql2/promise` wraps. */
const beginWithMysql2 =
  (pool: Pool): BeginTransaction<MysqlTransaction> =>
  async (isolation) => {
    const host = await beginWithMysql2Promise(pool)(isolation);
    const { connection } = host.transaction as unknown as { readonly connection: MysqlConnection };
    return { ...host, transaction: connection };
  };

export const mariadbHosts: readonly (readonly [
  name: string,
  beginOn: (pool: Pool) => BeginTransaction<MysqlTransaction>,
])[] = [
  ["a connection of mysql2/promise", beginWithMysql2Promise],
  ["a connection of mysql2", beginWithMysql2],
  ["a transaction of Kysely", (pool) => beginWithKysely(new MysqlDialect({ pool: pool.pool }))],
];
