import type { Database, Session } from "./database.ts";
import { type ClassifyError, DatabaseError, toDatabaseError, toUncommittedError } from "./errors.ts";

/** That of our transactions; under a stricter one more of them might fail and have to be repeated. */
export const ISOLATION = "read committed";

/** Transactions of our own, on connections of a pool. `isIsolated`: whether each connection has our isolation already. */
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
      // It gives the connection back. After a commit that failed there is nothing to undo.
      await transaction
        .rollback()
        .execute()
        .catch(() => undefined);
      // Only what is known to have undone a commit denies it.
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
