import { MysqlDialect } from "kysely";
import type { Pool } from "mysql2/promise";
import type { MysqlConnection, MysqlTransaction } from "oncecode/mysql";
import { type Begin, onKysely } from "../servers/hosts.ts";

const isolated = (isolation: string): string => `set transaction isolation level ${isolation}`;

const onConnection =
  (pool: Pool): Begin<MysqlTransaction> =>
  async (isolation = "read committed") => {
    const connection = await pool.getConnection();
    await connection.query(isolated(isolation));
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

/** What the promises of `mysql2` are made of. */
const onCallbacks =
  (pool: Pool): Begin<MysqlTransaction> =>
  async (isolation) => {
    const host = await onConnection(pool)(isolation);
    const { connection } = host.transaction as unknown as { readonly connection: MysqlConnection };
    return { ...host, transaction: connection };
  };

export const mariadbHosts: readonly (readonly [name: string, begins: (pool: Pool) => Begin<MysqlTransaction>])[] = [
  ["a connection of mysql2/promise", onConnection],
  ["a connection of mysql2", onCallbacks],
  ["a transaction of Kysely", (pool) => onKysely(new MysqlDialect({ pool: pool.pool }))],
];
