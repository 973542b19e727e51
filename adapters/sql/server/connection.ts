import type { Kysely } from "kysely";
import { UnusableDatabase } from "../migrations.ts";
import { type ClassifyError, DatabaseError, toUncommittedError } from "./errors.ts";
import { DEFAULT_PATIENCE } from "./options.ts";
import { retryFor } from "./retries.ts";

/** The largest number of connections in a pool of our own. */
export const CONNECTIONS_MAX = 10;

/** A connection to a server. `close` does not close a pool of the host. */
export interface Connection {
  /** For opening and migrating. It has no timeout. */
  readonly setupDb: Kysely<unknown>;
  /** For all calls after opening. It has the host's timeout. */
  readonly db: Kysely<unknown>;
  close(): Promise<void>;
}

/** Runs the work that comes before the first call, and retries while the server is still starting. */
const prepareWithRetries = async <T>(
  classifyError: ClassifyError,
  patience: number,
  work: () => Promise<T>,
): Promise<T> => {
  const tryOnce = async (): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw thrown instanceof UnusableDatabase ? thrown : toUncommittedError(classifyError, thrown);
    }
  };
  try {
    return await retryFor(tryOnce, patience);
  } catch (thrown) {
    throw thrown instanceof DatabaseError ? thrown.cause : thrown;
  }
};

/** Prepares a connection, and closes it if `prepare` fails. */
export const prepareConnection = async <T>(
  { close }: Connection,
  classifyError: ClassifyError,
  patience: number,
  prepare: () => Promise<T>,
): Promise<T> => {
  try {
    return await prepareWithRetries(classifyError, patience, prepare);
  } catch (thrown) {
    await close();
    throw thrown;
  }
};

/** Prepares a connection for one piece of work, and closes it afterwards. */
export const useConnection = async (
  connection: Connection,
  classifyError: ClassifyError,
  work: () => Promise<void>,
): Promise<void> => {
  await prepareConnection(connection, classifyError, DEFAULT_PATIENCE, work);
  await connection.close();
};
