import { type ControlledTransaction, Kysely, MysqlDialect, sql } from "kysely";
import type { Pool } from "mysql2/promise";
import type { MysqlConnection, MysqlTransaction } from "oncecode/mysql";
import type { Begin } from "../postgres/hosts.ts";

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

const onKysely =
  (pool: Pool): Begin<MysqlTransaction> =>
  async (isolation = "read committed") => {
    const db = new Kysely<unknown>({ dialect: new MysqlDialect({ pool: pool.pool }) });
    const level = isolation as "read committed" | "repeatable read" | "serializable";
    const transaction: ControlledTransaction<unknown> = await db.startTransaction().setIsolationLevel(level).execute();
    return {
      transaction,
      run: async (statement) => (await sql.raw(statement).execute(transaction)).rows,
      commit: () => transaction.commit().execute(),
      rollback: () => transaction.rollback().execute(),
    };
  };

export const mariadbHosts: readonly (readonly [name: string, begins: (pool: Pool) => Begin<MysqlTransaction>])[] = [
  ["a connection of mysql2/promise", onConnection],
  ["a connection of mysql2", onCallbacks],
  ["a transaction of Kysely", onKysely],
];
