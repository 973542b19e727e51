import { type DatabaseErrorKind, isUnreachable } from "../server/errors.ts";

/**
 * Temporary errors: nothing was written, and a retry may succeed. Numbers and names:
 * https://mariadb.com/docs/server/reference/error-codes and https://dev.mysql.com/doc/mysql-errors/8.4/en/
 */
const RETRY_ERRORS: ReadonlySet<number> = new Set([
  1020, // ER_CHECKREAD: another transaction has changed the row
  1040, // ER_CON_COUNT_ERROR: too many connections
  1041, // ER_OUT_OF_RESOURCES
  1047, // ER_UNKNOWN_COM_ERROR: a node that has lost its cluster
  1062, // ER_DUP_ENTRY: another transaction wrote the key first; the next snapshot shows it
  1129, // ER_HOST_IS_BLOCKED
  1203, // ER_TOO_MANY_USER_CONNECTIONS
  1205, // ER_LOCK_WAIT_TIMEOUT
  1213, // ER_LOCK_DEADLOCK: also a conflict between nodes of a cluster, even at the commit
  1226, // ER_USER_LIMIT_REACHED
  1290, // ER_OPTION_PREVENTS_STATEMENT: the server is read-only, for example because it has just become a replica
  1451, // ER_ROW_IS_REFERENCED_2: another call adds vouchers to the campaign that this call deletes
  1452, // ER_NO_REFERENCED_ROW_2: another call has deleted the campaign; the next snapshot shows it
  1615, // ER_NEED_REPREPARE
  1836, // ER_READ_ONLY_MODE
  3101, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: a conflict between members of a replication group
  3572, // ER_LOCK_NOWAIT
]);

/** Errors after which a commit may have happened or not. */
const UNKNOWN_ERRORS: ReadonlySet<number> = new Set([
  1053, // ER_SERVER_SHUTDOWN
  1080, // ER_FORCING_CLOSE
  1094, // ER_NO_SUCH_THREAD
  1105, // ER_UNKNOWN_ERROR
  1152, // ER_ABORTING_CONNECTION
  1158, // ER_NET_READ_ERROR_FROM_PIPE
  1159, // ER_NET_READ_INTERRUPTED
  1160, // ER_NET_ERROR_ON_WRITE
  1161, // ER_NET_WRITE_INTERRUPTED
  1180, // ER_ERROR_DURING_COMMIT
  1184, // ER_NEW_ABORTING_CONNECTION
  1317, // ER_QUERY_INTERRUPTED: an interrupted commit may still happen
  1927, // ER_CONNECTION_KILLED
  1969, // ER_STATEMENT_TIMEOUT: an interrupted commit may still happen
  3100, // ER_RUN_HOOK_ERROR: a replication group has not said whether it accepts the commit
  4031, // ER_CLIENT_INTERACTION_TIMEOUT
]);

/**
 * The server has lost its cluster, or has become a replica. A new connection may reach a better server. This server may still
 * hold the transaction open.
 */
const RECONNECT_ERRORS: ReadonlySet<number> = new Set([1047, 1290, 1836]);

/** The number of an error from the server; null for other errors. Numbers of the client are from 2000 to 2999, or negative. */
export const errorNumber = (thrown: unknown): number | null => {
  const number = thrown instanceof Error && "errno" in thrown ? thrown.errno : null;
  const isFromServer = typeof number === "number" && number >= 1000 && !(number >= 2000 && number < 3000);
  return isFromServer ? number : null;
};

/** An error that is not from the server, such as a broken connection, does not say whether a write has happened. */
export const classifyError = (thrown: unknown): DatabaseErrorKind => {
  if (isUnreachable(thrown)) return "retry";
  const number = errorNumber(thrown);
  if (number === null || UNKNOWN_ERRORS.has(number)) return "unknown";
  return RETRY_ERRORS.has(number) ? "retry" : "refused";
};

/** Whether the connection of an error must not be used again. */
export const needsNewConnection = (thrown: unknown): boolean =>
  classifyError(thrown) === "unknown" || RECONNECT_ERRORS.has(errorNumber(thrown) ?? 0);

/** ER_CHECKREAD: under a fixed snapshot, a retry in the same transaction would fail again. */
export const isSnapshotConflict = (thrown: unknown): boolean => errorNumber(thrown) === 1020;
