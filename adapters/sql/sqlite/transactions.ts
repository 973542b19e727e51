import { setTimeout } from "node:timers/promises";
import { unchanged } from "oncecode";
import type { SqliteHandle } from "./connections.ts";
import { isResult } from "./errors.ts";

/** Runs synchronous work in a transaction. No other code of this process runs in between. */
export interface Transactions {
  /** Rejects with `unchanged` if it is certain that nothing was written. */
  write<T>(work: () => T): Promise<T>;
  /** `work` reads the data of one instant. */
  read<T>(work: () => T): Promise<T>;
  /** For work with a single statement, which needs no transaction. */
  readInOneStatement<T>(work: () => T): Promise<T>;
}

const PAUSE_MAX = 50;

/**
 * Retries `lock` until the database is not busy. Then runs `work` in the same turn of the event loop. SQLite could wait for
 * a lock itself, but then the whole process would stand still.
 */
export const retryWhileBusy = async <L, T>(lock: () => L, work: (locked: L) => T, patience: number): Promise<T> => {
  const deadline = performance.now() + patience;
  for (let pause = 1; ; pause = Math.min(2 * pause, PAUSE_MAX)) {
    let locked: L;
    try {
      locked = lock();
    } catch (thrown) {
      if (!isResult("busy", thrown) || performance.now() >= deadline) throw unchanged(thrown);
      await setTimeout(pause);
      continue;
    }
    return work(locked);
  }
};

/** For the end of a transaction. After some failures SQLite has already ended it, and throws again. The first failure says more. */
export const ignoreErrors = (handle: SqliteHandle, ...statements: readonly string[]): void => {
  for (const statement of statements) {
    try {
      handle.exec(statement);
    } catch {}
  }
};

/** Returns the result of `act`. If `act` throws, runs `undo`, and rejects with `unchanged`. */
const rejectAsUnchanged = <T>(act: () => T, undo: () => void): T => {
  try {
    return act();
  } catch (thrown) {
    undo();
    throw unchanged(thrown);
  }
};

const commit = (handle: SqliteHandle): void => {
  try {
    handle.exec("commit");
  } catch (thrown) {
    ignoreErrors(handle, "rollback");
    // Without a lock or without space, the commit was not written. After another failure, such as a failed fsync, the commit
    // may be in the log when the database is opened again.
    throw isResult("busy", thrown) || isResult("full", thrown) ? unchanged(thrown) : thrown;
  }
};

const beginRead = (handle: SqliteHandle): void => {
  handle.exec("begin");
  try {
    // A transaction gets its snapshot at the first read.
    handle.exec("select 1 from sqlite_schema limit 1");
  } catch (thrown) {
    ignoreErrors(handle, "rollback");
    throw thrown;
  }
};

/** Transactions that the repository begins itself. `patience`: milliseconds to wait for other writers. */
export const ownTransactions = (handle: SqliteHandle, patience: number): Transactions => ({
  write: (work) => {
    const commitWith = <T>(result: T): T => {
      commit(handle);
      return result;
    };
    return retryWhileBusy(
      () => handle.exec("begin immediate"),
      () => commitWith(rejectAsUnchanged(work, () => ignoreErrors(handle, "rollback"))),
      patience,
    );
  },
  read: (work) =>
    retryWhileBusy(
      () => beginRead(handle),
      () => {
        try {
          return work();
        } finally {
          ignoreErrors(handle, "rollback");
        }
      },
      patience,
    ),
  readInOneStatement: (work) => retryWhileBusy(work, (result) => result, patience),
});

/** `isTransaction` is a property of `node:sqlite`, `inTransaction` of better-sqlite3. */
const isOpen = (
  handle: SqliteHandle & { readonly isTransaction?: unknown; readonly inTransaction?: unknown },
): boolean => handle.isTransaction !== false && handle.inTransaction !== false;

/** Savepoints in a transaction that the host has begun, and that the host commits or rolls back. */
export const hostTransaction = (handle: SqliteHandle): Transactions => ({
  write: async (work) => {
    // Outside of a transaction, the release of a savepoint would commit.
    if (!isOpen(handle))
      throw unchanged(
        new Error("The host has no transaction open on this SQLite handle: run `begin` on it before `within`"),
      );
    rejectAsUnchanged(
      () => handle.exec("savepoint oncecode"),
      () => undefined,
    );
    return rejectAsUnchanged(
      () => {
        const result = work();
        handle.exec("release oncecode");
        return result;
      },
      () => ignoreErrors(handle, "rollback to oncecode", "release oncecode"),
    );
  },
  read: async (work) => work(),
  readInOneStatement: async (work) => work(),
});
