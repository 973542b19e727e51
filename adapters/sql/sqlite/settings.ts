import type { SqliteHandle } from "./connections.ts";
import { isResult } from "./errors.ts";
import { migrate } from "./migrations.ts";
import { ignoreErrors, retryWhileBusy } from "./transactions.ts";

/** How safe a commit is, and how long to wait for other processes. */
export interface SqliteSettings {
  /** `FULL`, unless given, waits until each commit is on the disk. With `NORMAL` a power cut may undo the last ones. */
  readonly synchronous?: "FULL" | "NORMAL";
  /**
   * Milliseconds to wait for other writers; 30,000 unless given. Most keep the file for a few, but who deletes a campaign
   * of a million vouchers keeps it for 15 seconds. Nothing else of this process waits along.
   */
  readonly busyTimeout?: number;
}

const PATIENCE = 30_000;

/** Versions before it can corrupt a database in WAL mode: https://sqlite.org/wal.html#walresetbug */
const VERSION_MIN = "3.51.3";

/** In KiB. A larger one slows each commit down, and the system keeps the file in memory anyway. */
const CACHE_SIZE = 16 * 1024;
/** In pages of 4 KiB. Most pages are soon written again, so it pays to copy them out of the log seldom. */
const CHECKPOINT_PAGES = 16_000;
/** Milliseconds for which SQLite itself waits for a lock, while nothing else of this process runs. */
const BLOCKING = 20;

export const busyTimeoutOf = ({ busyTimeout = PATIENCE }: SqliteSettings): number => busyTimeout;

export const openFile = async (filename: string, settings: SqliteSettings): Promise<SqliteHandle> => {
  const { DatabaseSync } = await import("node:sqlite");
  const open = (): SqliteHandle => {
    try {
      return new DatabaseSync(filename, { timeout: BLOCKING });
    } catch (thrown) {
      throw explainOpenError(thrown, filename);
    }
  };
  const handle = open();
  // These read the file, which another process may just be putting into WAL mode.
  const tune = (): unknown =>
    handle.exec(`
      pragma cache_size = -${CACHE_SIZE};
      pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};
      pragma journal_size_limit = ${CHECKPOINT_PAGES * 4096}`);
  try {
    return await retryWhileBusy(tune, () => handle, busyTimeoutOf(settings));
  } catch (thrown) {
    handle.close();
    throw explainOpenError(thrown, filename);
  }
};

/** Makes sure that the database keeps what it is told, and has the tables. */
export const prepare = async (handle: SqliteHandle, settings: SqliteSettings, name: string): Promise<void> => {
  const patience = busyTimeoutOf(settings);
  checkVersion(handle);
  try {
    await retryWhileBusy(
      () => useWriteAheadLog(handle),
      () => handle.exec(`pragma synchronous = ${settings.synchronous === "NORMAL" ? "normal" : "full"}`),
      patience,
    );
    await retryWhileBusy(
      () => handle.exec("begin immediate"),
      () => migrateLocked(handle),
      patience,
    );
  } catch (thrown) {
    throw explainOpenError(thrown, name);
  }
};

const textOf = (handle: SqliteHandle, sql: string): string => {
  const row = handle.prepare(sql).get();
  return String(Object.values(row as Record<string, unknown>)[0]);
};

const isOlder = (version: string, than: string): boolean => {
  const parts = than.split(".").map(Number);
  const differences = version.split(".").map((part, i) => Number(part) - (parts[i] ?? 0));
  return (differences.find((difference) => difference !== 0) ?? 0) < 0;
};

const checkVersion = (handle: SqliteHandle): void => {
  const version = textOf(handle, "select sqlite_version()");
  if (isOlder(version, VERSION_MIN))
    throw new Error(
      `This driver has SQLite ${version}, which can corrupt a database in WAL mode: ` +
        `update Node, or hand in the handle of a driver that has SQLite ${VERSION_MIN} or newer`,
    );
};

/** WAL mode: others can read while one writes. */
const useWriteAheadLog = (handle: SqliteHandle): void => {
  const mode = textOf(handle, "pragma journal_mode = wal");
  if (mode !== "wal" && mode !== "memory") throw new Error(`SQLite cannot use WAL mode here, only ${mode} mode`);
};

/** Migrates in the transaction that is open, since SQLite has no other lock that keeps two migrations apart. */
const migrateLocked = async (handle: SqliteHandle): Promise<void> => {
  try {
    await migrate(handle);
    // Where nothing can be written, SQLite makes of a transaction for writing one for reading, and does not say so.
    handle.exec("update oncecode_migrations_lock set is_locked = is_locked");
    handle.exec("commit");
  } catch (thrown) {
    ignoreErrors(handle, "rollback");
    throw thrown;
  }
};

/** What SQLite's words mean to whoever starts the host. */
const explainOpenError = (thrown: unknown, name: string): unknown => {
  const because = (reason: string): Error => new Error(`Cannot use ${name}: ${reason}`, { cause: thrown });
  if (isResult("readonly", thrown)) return because("it is read-only, and a store must be able to write");
  if (isResult("cannotOpen", thrown)) return because("its folder is not there, or this process may not write to it");
  if (isResult("notDatabase", thrown)) return because("it is a file of another kind");
  if (isResult("busy", thrown)) return because("others keep it locked");
  return thrown;
};
