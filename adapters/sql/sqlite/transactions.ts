import { setTimeout } from "node:timers/promises";
import { unchanged } from "oncecode";
import type { SqliteHandle } from "./connections.ts";
import { isResult } from "./errors.ts";

/** Runs work on a database as one step. The work is synchronous, so nothing else of this process comes in between. */
export interface Transactions {
  /** Rejects with `unchanged` when it is certain that nothing was written. */
  write<T>(work: () => T): Promise<T>;
  /** All that `work` reads was there at one instant. */
  read<T>(work: () => T): Promise<T>;
  /** The same for work that is one statement, which needs no transaction. */
  readOnce<T>(work: () => T): Promise<T>;
}

const LONGEST_PAUSE = 50;

/**
 * Does `work` as soon as nobody else keeps `lock` from being had, in the same turn of the event loop. SQLite can wait
 * for a lock by itself, but then the whole process waits.
 */
export const retryWhileBusy = async <L, T>(lock: () => L, work: (locked: L) => T, patience: number): Promise<T> => {
  const deadline = performance.now() + patience;
  for (let pause = 1; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
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

/** Ends a transaction. SQLite may have ended it already, after some failures, and then throws: that failure says more. */
export const ignoreErrors = (handle: SqliteHandle, ...statements: readonly string[]): void => {
  for (const statement of statements) {
    try {
      handle.exec(statement);
    } catch {}
  }
};

/** What `act` returns. If it throws, nothing was written once `undo` is done. */
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
    // With no lock or no room, the end of the transaction was not written. After any other failure, such as one of
    // fsync, it may turn up in the log when the database is opened again.
    throw isResult("busy", thrown) || isResult("full", thrown) ? unchanged(thrown) : thrown;
  }
};

const takeSnapshot = (handle: SqliteHandle): void => {
  handle.exec("begin");
  try {
    // The first statement that reads takes it.
    handle.exec("select 1 from sqlite_schema limit 1");
  } catch (thrown) {
    ignoreErrors(handle, "rollback");
    throw thrown;
  }
};

/** Transactions of our own. `patience` is how many milliseconds to wait for others. */
export const ownTransactions = (handle: SqliteHandle, patience: number): Transactions => ({
  write: (work) => {
    const committed = <T>(result: T): T => {
      commit(handle);
      return result;
    };
    return retryWhileBusy(
      () => handle.exec("begin immediate"),
      () => committed(rejectAsUnchanged(work, () => ignoreErrors(handle, "rollback"))),
      patience,
    );
  },
  read: (work) =>
    retryWhileBusy(
      () => takeSnapshot(handle),
      () => {
        try {
          return work();
        } finally {
          ignoreErrors(handle, "rollback");
        }
      },
      patience,
    ),
  readOnce: (work) => retryWhileBusy(work, (found) => found, patience),
});

/** What the drivers say about a transaction: `node:sqlite` and better-sqlite3, each in its own word. */
const isOpen = (
  handle: SqliteHandle & { readonly isTransaction?: unknown; readonly inTransaction?: unknown },
): boolean => handle.isTransaction !== false && handle.inTransaction !== false;

/** Savepoints in a transaction of the host's, who decides what becomes of it. */
export const hostTransaction = (handle: SqliteHandle): Transactions => ({
  write: async (work) => {
    // A savepoint outside of a transaction would commit.
    if (!isOpen(handle)) throw unchanged(new Error("The host has no transaction open on this SQLite handle"));
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
  readOnce: async (work) => work(),
});
