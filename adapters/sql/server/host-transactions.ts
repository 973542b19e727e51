import { sql } from "kysely";
import type { Database, Session } from "./database.ts";
import { DatabaseError, type ErrorRules } from "./errors.ts";

/** Runs one piece of work after another, because savepoints of one transaction must not overlap. */
class Queue {
  #last: Promise<unknown> = Promise.resolve();

  add<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** A transaction of the host that we take part in. */
export interface JoinedTransaction {
  readonly session: Session;
  readonly queue: Queue;
}

/** Keeps one queue per transaction, so that all calls of all engines inside one transaction run one after another. */
export const transactionJoiner = <T extends object>(
  sessionFrom: (transaction: T) => Session,
): ((transaction: T) => JoinedTransaction) => {
  const joinedByTransaction = new WeakMap<T, JoinedTransaction>();
  return (transaction) => {
    const joined = joinedByTransaction.get(transaction) ?? { session: sessionFrom(transaction), queue: new Queue() };
    joinedByTransaction.set(transaction, joined);
    return joined;
  };
};

/** The time for retries inside a transaction of the host, in milliseconds. If the snapshot is fixed, longer retries fail, too. */
export const HOST_PATIENCE = 500;

/** Savepoints inside a transaction of the host. The host commits it or rolls it back. */
export const hostTransaction = (
  { session, queue }: JoinedTransaction,
  { classifyError, isSnapshotConflict }: ErrorRules,
): Database => {
  const run = (statement: string): Promise<unknown> => sql.raw(statement).execute(session);

  const openSavepoint = async (): Promise<void> => {
    try {
      // Some servers accept a savepoint without an open transaction, and forget it before the next statement. Our writes
      // would then be committed at once. The `release` of a first savepoint fails in this case.
      await run("savepoint oncecode");
      await run("release savepoint oncecode");
      await run("savepoint oncecode");
    } catch (thrown) {
      throw new DatabaseError("refused", thrown);
    }
  };

  /** Returns false if the failure has ended the whole transaction, so that the savepoint no longer exists. */
  const rollBackToSavepoint = async (): Promise<boolean> => {
    try {
      await run("rollback to savepoint oncecode");
      await run("release savepoint oncecode");
      return true;
    } catch {
      return false;
    }
  };

  /** Nothing is stored before the host commits. So no failure here has written anything. */
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
