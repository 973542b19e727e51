import type { Kysely } from "kysely";
import { UnusableDatabase } from "../migrations.ts";
import { type ClassifyError, DatabaseError, toUncommittedError } from "./errors.ts";
import { DEFAULT_PATIENCE } from "./options.ts";
import { retryFor } from "./retries.ts";

/** Connections at most, for a pool of our own. */
export const CONNECTIONS_MAX = 10;

/** A way to a server, to be closed in the end; that of the host is then left as it is. */
export interface Connection {
  /** For opening, which may take as long as it does. */
  readonly setupDb: Kysely<unknown>;
  /** For all that comes after it. */
  readonly db: Kysely<unknown>;
  close(): Promise<void>;
}

/** Does what has to be done before a repository can be used, and waits for a server that is only just starting. */
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

/** Opens a way to the server, which stays open unless `prepare` fails. */
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

/** The same for what is over when it is done. */
export const useConnection = async (
  connection: Connection,
  classifyError: ClassifyError,
  work: () => Promise<void>,
): Promise<void> => {
  await prepareConnection(connection, classifyError, DEFAULT_PATIENCE, work);
  await connection.close();
};
