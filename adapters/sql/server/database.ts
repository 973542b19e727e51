import { type Kysely, type QueryExecutor, sql } from "kysely";
import type { Schema } from "../schema.ts";
import { DatabaseError, type FailureKind, NotConnectedError } from "./faults.ts";

/** A transaction of Kysely's, whatever tables it knows. */
export interface KyselyTransaction {
  readonly isTransaction: true;
  getExecutor(): QueryExecutor;
}

export const isKyselyTransaction = (transaction: object): transaction is KyselyTransaction =>
  "isTransaction" in transaction && transaction.isTransaction === true;

/** Where statements run. */
export type Session = Kysely<Schema>;

/** How work reaches the database. Whatever fails is thrown as a `Fault`. */
export interface Database {
  /** Looks, and writes nothing. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** All that `work` writes is kept, or none of it. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The same for work that is one statement, and so needs no transaction of its own. */
  writeInOneStatement<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Tidies up: leaves it if it fails, and does nothing in a transaction of the host's. */
  cleanUp(work: (session: Session) => Promise<unknown>): Promise<void>;
}

/** What a driver's error says about the statement that it answers. */
export type ClassifyError = (thrown: unknown) => FailureKind;

const retryIfUnknown = (kind: FailureKind): FailureKind => (kind === "unknown" ? "retry" : kind);

const toDatabaseError = (classifyError: ClassifyError, thrown: unknown): DatabaseError => {
  if (thrown instanceof DatabaseError) return thrown;
  if (!(thrown instanceof NotConnectedError)) return new DatabaseError(classifyError(thrown), thrown);
  // Nothing was sent, so what would be unknown otherwise is only to be tried again.
  return new DatabaseError(retryIfUnknown(classifyError(thrown.cause)), thrown.cause);
};

/** A failure before anything could be committed: if the connection broke, the server undoes what was done on it. */
export const toUncommittedError = (classifyError: ClassifyError, thrown: unknown): DatabaseError => {
  const { kind, cause } = toDatabaseError(classifyError, thrown);
  return new DatabaseError(retryIfUnknown(kind), cause);
};

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

/** One thing after another, because savepoints of one transaction must not interleave. */
class Queue {
  #last: Promise<unknown> = Promise.resolve();

  add<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** What a dialect says about failures. */
export interface ErrorRules {
  readonly classifyError: ClassifyError;
  /** Whether a transaction whose snapshot is fixed can never get past this failure. */
  readonly isSnapshotConflict: (thrown: unknown) => boolean;
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
