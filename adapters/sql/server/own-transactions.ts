import type { Database, Session } from "./database.ts";
import { type ClassifyError, DatabaseError, toDatabaseError, toUncommittedError } from "./errors.ts";

/** The isolation level of our transactions. Under a stricter level more of them would fail and need a retry. */
export const ISOLATION = "read committed";

/** Transactions of our own, on connections of a pool. `isIsolationSet`: each connection has our isolation level already. */
export const ownTransactions = (session: Session, classifyError: ClassifyError, isIsolationSet = false): Database => {
  const write = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const start = session.startTransaction();
    const transactionPromise = (isIsolationSet ? start : start.setIsolationLevel(ISOLATION)).execute();
    const transaction = await transactionPromise.catch((thrown) => {
      throw toUncommittedError(classifyError, thrown);
    });
    let result: T;
    try {
      result = await work(transaction);
    } catch (thrown) {
      await transaction
        .rollback()
        .execute()
        .catch(() => undefined);
      throw toUncommittedError(classifyError, thrown);
    }
    try {
      await transaction.commit().execute();
    } catch (thrown) {
      // The rollback only returns the connection to the connection pool. It cannot undo a commit that took effect.
      await transaction
        .rollback()
        .execute()
        .catch(() => undefined);
      // A `refused` error does not prove that the commit was undone, so it becomes `unknown`. A `retry` error does.
      const error = toDatabaseError(classifyError, thrown);
      throw error.kind === "refused" ? new DatabaseError("unknown", error.cause) : error;
    }
    return result;
  };
  return {
    write,
    read: async (work) => {
      try {
        return await work(session);
      } catch (thrown) {
        throw toUncommittedError(classifyError, thrown);
      }
    },
    writeInOneStatement: async (work) => {
      try {
        return await work(session);
      } catch (thrown) {
        throw toDatabaseError(classifyError, thrown);
      }
    },
    cleanUp: async (work) => {
      await write(work).catch(() => undefined);
    },
  };
};
