import { type ControlledTransaction, type Dialect, Kysely, sql } from "kysely";

/** A transaction that a host has begun. */
export interface HostTransaction<T> {
  /** What the host hands to `within`. */
  readonly transaction: T;
  run(statement: string): Promise<readonly unknown[]>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** How a host may begin one. */
export type BeginTransaction<T> = (isolation?: string) => Promise<HostTransaction<T>>;

/** With Kysely. */
export const beginWithKysely =
  (dialect: Dialect): BeginTransaction<ControlledTransaction<unknown>> =>
  async (isolation = "read committed") => {
    const level = isolation as "read committed" | "repeatable read" | "serializable";
    const transaction = await new Kysely<unknown>({ dialect }).startTransaction().setIsolationLevel(level).execute();
    return {
      transaction,
      run: async (statement) => (await sql.raw(statement).execute(transaction)).rows,
      commit: () => transaction.commit().execute(),
      rollback: () => transaction.rollback().execute(),
    };
  };
