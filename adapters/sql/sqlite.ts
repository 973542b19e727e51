import type { Repository, Transactional } from "oncecode";
import type { SqliteHandle } from "./sqlite/connections.ts";
import { directory } from "./sqlite/directory.ts";
import { listing } from "./sqlite/listing.ts";
import { publications } from "./sqlite/publications.ts";
import { openFile, patienceOf, prepareDatabase, type SqliteSettings } from "./sqlite/settings.ts";
import { stock } from "./sqlite/stock.ts";
import { createStore } from "./sqlite/store.ts";
import { hostTransaction, ownTransactions, type Transactions } from "./sqlite/transactions.ts";

export type { SqliteHandle, SqliteStatement } from "./sqlite/connections.ts";
export type { SqliteSettings } from "./sqlite/settings.ts";

/**
 * The database: a file, opened by `node:sqlite` (`:memory:` for a database that is gone after `close()`), or a handle, which
 * the host closes itself. The repository sets WAL mode and `synchronous` on the handle.
 */
export type SqliteOptions = SqliteSettings & ({ readonly filename: string } | { readonly handle: SqliteHandle });

/** A repository in an SQLite database. */
export interface SqliteRepository extends Repository, Transactional<SqliteHandle> {
  /** Closes the file; later calls are then refused and write nothing. A handle of the host stays open and usable. */
  close(): Promise<void>;
}

/** During one call, no other code of the process runs. This many items take some tens of milliseconds. */
const BATCH_MAX = 2000;

const createRepository = (handle: SqliteHandle, transactions: Transactions): Repository => {
  const store = createStore(handle, transactions);
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
 * Opens a repository in an SQLite database, and creates or updates its tables. Any number of processes on one machine may
 * use the same file.
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
    await prepareDatabase(handle, options, isOwnHandle ? options.filename : "the SQLite handle");
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { ...createRepository(handle, ownTransactions(handle, patienceOf(options))), within: sqliteWithin, close };
};

/**
 * The repository inside a transaction that the host has begun on this handle. If the host rolls back, the publications are
 * undone. The tables must exist. Use another handle than the repository's own: while the host's transaction is open, the
 * repository's own calls on that handle are refused.
 */
export const sqliteWithin = (handle: SqliteHandle): Repository => createRepository(handle, hostTransaction(handle));
