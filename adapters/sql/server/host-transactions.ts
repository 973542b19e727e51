import { sql } from "kysely";
import type { Database, Session } from "./database.ts";
import { DatabaseError, type ErrorRules } from "./errors.ts";

/** One thing after another, because savepoints of one transaction must not interleave. */
class Queue {
  #last: Promise<unknown> = Promise.resolve();

  add<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** A transaction of the host's that we take part in. */
export interface JoinedTransaction {
  readonly session: Session;
  readonly queue: Queue;
}

/** The same for a transaction each time it is asked for, so that all that goes on in it stands in one line. */
export const joinedTransactions = <T extends object>(
  sessionFrom: (transaction: T) => Session,
): ((transaction: T) => JoinedTransaction) => {
  const joinedByTransaction = new WeakMap<T, JoinedTransaction>();
  return (transaction) => {
    const joined = joinedByTransaction.get(transaction) ?? { session: sessionFrom(transaction), queue: new Queue() };
    joinedByTransaction.set(transaction, joined);
    return joined;
  };
};

/** The same in a transaction of the host's, in milliseconds: what does not pass soon there never does, if its snapshot is fixed. */
export const HOST_PATIENCE = 500;

/** Savepoints in a transaction of the host's, who decides what becomes of it. */
export const hostTransaction = (
  { session, queue }: JoinedTransaction,
  { classifyError, isSnapshotConflict }: ErrorRules,
): Database => {
  const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(session);

  const openSavepoint = async (): Promise<void> => {
    try {
      // Some servers take a savepoint where no transaction is open, but have forgotten it by the next statement. What
      // came then would be outside of any transaction, and so be kept at once.
      await run("savepoint oncecode");
      await run("release savepoint oncecode");
      await run("savepoint oncecode");
    } catch (thrown) {
      throw new DatabaseError("refused", thrown);
    }
  };

  /** Whether the transaction is still there. Some failures end it whole, and then there is nothing to go back to. */
  const rollBackToSavepoint = async (): Promise<boolean> => {
    try {
      await run("rollback to savepoint oncecode");
      await run("release savepoint oncecode");
      return true;
    } catch {
      return false;
    }
  };

  /** Until the host commits nothing is kept, so that whatever fails has written nothing. */
  const toUnwrittenError = (thrown: unknown, isStillOpen: boolean): DatabaseError => {
    const error =
      thrown instanceof DatabaseError
        ? thrown
        : new DatabaseError(isSnapshotConflict(thrown) ? "refused" : classifyError(thrown), thrown);
    return new DatabaseError(isStillOpen && error.kind === "retry" ? "retry" : "refused", error.cause);
  };

  const runInSavepoint = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    queue.add(async () => {
      await openSavepoint();
      try {
        const result = await work(session);
        await run("release savepoint oncecode");
        return result;
      } catch (thrown) {
        throw toUnwrittenError(thrown, await rollBackToSavepoint());
      }
    });

  return { read: runInSavepoint, write: runInSavepoint, writeInOneStatement: runInSavepoint, cleanUp: async () => {} };
};
