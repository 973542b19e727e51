import { type ControlledTransaction, type Dialect, Kysely, sql } from "kysely";

/** A transaction of the host. */
export interface HostTransaction<T> {
  /** The argument of `within`. */
  readonly transaction: T;
  run(statement: string): Promise<readonly unknown[]>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Begins a transaction as a host would. */
export type BeginTransaction<T> = (isolation?: string) => Promise<HostTransaction<T>>;

/** Begins a transaction with Kysely. */
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
