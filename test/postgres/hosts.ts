import { type ControlledTransaction, Kysely, PostgresDialect, sql } from "kysely";
import type { PostgresTransaction } from "oncecode/postgres";
import type pg from "pg";

/** A transaction that a host has begun. */
export interface HostTransaction<T> {
  /** What the host hands to `within`. */
  readonly transaction: T;
  run(statement: string): Promise<readonly unknown[]>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** How a host may begin one. */
export type Begin<T> = (isolation?: string) => Promise<HostTransaction<T>>;

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

const onKysely =
  (pool: pg.Pool): Begin<PostgresTransaction> =>
  async (isolation = "read committed") => {
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    const level = isolation as "read committed" | "repeatable read" | "serializable";
    const transaction: ControlledTransaction<unknown> = await db.startTransaction().setIsolationLevel(level).execute();
    return {
      transaction,
      run: async (statement) => (await sql.raw(statement).execute(transaction)).rows,
      commit: () => transaction.commit().execute(),
      rollback: () => transaction.rollback().execute(),
    };
  };

export const postgresHosts: readonly (readonly [
  name: string,
  begins: (pool: pg.Pool) => Begin<PostgresTransaction>,
])[] = [
  ["a connection of pg", onClient],
  ["a transaction of Kysely", onKysely],
];
