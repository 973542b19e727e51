import { UnusableDatabase } from "../migrations.ts";
import { type Connection, DEFAULT_PATIENCE } from "./access.ts";
import { type ClassifyError, toUncommittedError } from "./database.ts";
import { DatabaseError, retryFor } from "./faults.ts";

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
