import type { SqliteHandle } from "./connections.ts";
import { isResult } from "./errors.ts";
import { migrate } from "./migrations.ts";
import { ignoreErrors, retryWhileBusy } from "./transactions.ts";

/** When a commit is done, and how long to wait for other processes. */
export interface SqliteSettings {
  /** `FULL` (the default) waits until a commit is on the disk. With `NORMAL`, a power cut may undo the last commits. */
  readonly synchronous?: "FULL" | "NORMAL";
  /**
   * Milliseconds to wait for other writers (30,000). Most writers lock the file for a few milliseconds, but to delete a
   * campaign with a million vouchers takes 15 seconds. The rest of the process goes on meanwhile.
   */
  readonly patience?: number;
}

const PATIENCE = 30_000;

/** Older versions can corrupt a database in WAL mode: https://sqlite.org/wal.html#walresetbug */
const VERSION_MIN = "3.51.3";

/** In KiB. A larger cache makes each commit slower, and the system has the file in memory anyway. */
const CACHE_SIZE = 16 * 1024;
/** In pages of 4 KiB. Most pages are soon written again. With rare checkpoints, fewer of them are copied to the file. */
const CHECKPOINT_PAGES = 16_000;
/** Milliseconds for which SQLite itself waits for a lock. The whole process stands still meanwhile. */
const LOCK_WAIT = 20;

export const patienceOf = ({ patience = PATIENCE }: SqliteSettings): number => patience;

export const openFile = async (filename: string, settings: SqliteSettings): Promise<SqliteHandle> => {
  const { DatabaseSync } = await import("node:sqlite");
  const open = (): SqliteHandle => {
    try {
      return new DatabaseSync(filename, { timeout: LOCK_WAIT });
    } catch (thrown) {
      throw explainOpenError(thrown, filename);
    }
  };
  const handle = open();
  // These pragmas read the file. They fail while another process changes it to WAL mode.
  const tune = (): unknown =>
    handle.exec(`
      pragma cache_size = -${CACHE_SIZE};
      pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};
      pragma journal_size_limit = ${CHECKPOINT_PAGES * 4096}`);
  try {
    return await retryWhileBusy(tune, () => handle, patienceOf(settings));
  } catch (thrown) {
    handle.close();
    throw explainOpenError(thrown, filename);
  }
};

/** Checks the version, sets WAL mode and `synchronous`, and creates or updates the tables. */
export const prepareDatabase = async (handle: SqliteHandle, settings: SqliteSettings, name: string): Promise<void> => {
  const patience = patienceOf(settings);
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
        `update Node, or pass a handle of a driver that has SQLite ${VERSION_MIN} or newer`,
    );
};

/** In WAL mode, other connections can read while one writes. */
const useWriteAheadLog = (handle: SqliteHandle): void => {
  const mode = textOf(handle, "pragma journal_mode = wal");
  if (mode !== "wal" && mode !== "memory")
    throw new Error(`SQLite cannot use WAL mode here, only ${mode} mode: put the file on a local disk`);
};

/** Migrates inside the open transaction. SQLite has no other lock against two migrations at the same time. */
const migrateLocked = async (handle: SqliteHandle): Promise<void> => {
  try {
    await migrate(handle);
    // In a read-only file, `begin immediate` silently begins a read-only transaction. This write finds out.
    handle.exec("update oncecode_migrations_lock set is_locked = is_locked");
    handle.exec("commit");
  } catch (thrown) {
    ignoreErrors(handle, "rollback");
    throw thrown;
  }
};

/** Adds the likely reason and the file's name to an error of SQLite. */
const explainOpenError = (thrown: unknown, name: string): unknown => {
  const because = (reason: string): Error => new Error(`Cannot use ${name}: ${reason}`, { cause: thrown });
  if (isResult("readonly", thrown)) return because("it is read-only, and a store must be able to write");
  if (isResult("cannotOpen", thrown)) return because("its folder does not exist, or this process may not write to it");
  if (isResult("notDatabase", thrown)) return because("it is not an SQLite database");
  if (isResult("busy", thrown))
    return because("another process keeps it locked: end that process, or set a longer `patience`");
  return thrown;
};
