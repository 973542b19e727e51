import type { Repository, Transactional } from "oncecode";
import type { SqliteHandle } from "./sqlite/connections.ts";
import { directory } from "./sqlite/directory.ts";
import { listing } from "./sqlite/listing.ts";
import { busyTimeoutOf, openFile, prepare, type SqliteSettings } from "./sqlite/settings.ts";
import { publications } from "./sqlite/settle.ts";
import { stock } from "./sqlite/stock.ts";
import { storeOn } from "./sqlite/store.ts";
import { hostTransaction, ownTransactions, type Transactions } from "./sqlite/transactions.ts";

export type { SqliteHandle, SqliteStatement } from "./sqlite/connections.ts";
export type { SqliteSettings } from "./sqlite/settings.ts";

/**
 * Where the data is: in a file, opened by `node:sqlite` (`:memory:` for a database that is gone when it is closed), or
 * behind a handle of the host's, who closes it. The handle is then put into WAL mode and made `synchronous`.
 */
export type SqliteOptions = SqliteSettings & ({ readonly filename: string } | { readonly handle: SqliteHandle });

/** A repository on one SQLite database, to be closed in the end. */
export interface SqliteRepository extends Repository, Transactional<SqliteHandle> {
  /** Closes the file, not a handle of the host's. Calls that come later are refused, with nothing written. */
  close(): Promise<void>;
}

/** As long as one call takes, nothing else of the process runs: this many items are some tens of milliseconds. */
const BATCH_MAX = 2000;

const createRepository = (handle: SqliteHandle, transactions: Transactions): Repository => {
  const store = storeOn(handle, transactions);
  return {
    batchMax: BATCH_MAX,
    lanes: 1,
    ...publications(store),
    ...stock(store),
    ...directory(store),
    ...listing(store),
  };
};

/**
 * Keeps everything in a SQLite database, and creates or updates its tables at once. Any number of processes on one
 * machine may use the same file.
 */
export const sqliteRepository = async (options: SqliteOptions): Promise<SqliteRepository> => {
  const isOwnHandle = "filename" in options;
  const handle = isOwnHandle ? await openFile(options.filename, options) : options.handle;
  let isOpen = isOwnHandle;
  const close = async (): Promise<void> => {
    if (isOpen) handle.close();
    isOpen = false;
  };
  try {
    await prepare(handle, options, isOwnHandle ? options.filename : "the SQLite handle");
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { ...createRepository(handle, ownTransactions(handle, busyTimeoutOf(options))), within: sqliteWithin, close };
};

/**
 * The repository inside a transaction that the host has begun on this handle: what it writes is kept if the host
 * commits and gone if the host rolls back. The tables must be there already. Use another handle than the repository's
 * own, or its calls are refused for as long as the host's transaction is open.
 */
export const sqliteWithin = (handle: SqliteHandle): Repository => createRepository(handle, hostTransaction(handle));
