import { type FailureKind, isUnreachable } from "../server/errors.ts";

/** https://mariadb.com/docs/server/reference/error-codes and https://dev.mysql.com/doc/mysql-errors/8.4/en/ */
const RETRY_ERRORS: ReadonlySet<number> = new Set([
  1020, // ER_CHECKREAD: somebody else has changed the row meanwhile
  1040, // ER_CON_COUNT_ERROR: too many connections
  1041, // ER_OUT_OF_RESOURCES
  1047, // ER_UNKNOWN_COM_ERROR: a server of a cluster that has lost touch with it
  1062, // ER_DUP_ENTRY: somebody else was first, which the next look shows
  1129, // ER_HOST_IS_BLOCKED
  1203, // ER_TOO_MANY_USER_CONNECTIONS
  1205, // ER_LOCK_WAIT_TIMEOUT
  1213, // ER_LOCK_DEADLOCK: also a conflict within a cluster, even when it comes up at the commit
  1226, // ER_USER_LIMIT_REACHED
  1290, // ER_OPTION_PREVENTS_STATEMENT: read-only, such as a primary that has just become a replica
  1451, // ER_ROW_IS_REFERENCED_2: somebody adds vouchers to a campaign that is being deleted
  1452, // ER_NO_REFERENCED_ROW_2: a campaign is gone, which the next look shows
  1615, // ER_NEED_REPREPARE
  1836, // ER_READ_ONLY_MODE
  3101, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: a conflict within a replication group
  3572, // ER_LOCK_NOWAIT
]);

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
  1317, // ER_QUERY_INTERRUPTED: during a commit, it may be kept all the same
  1927, // ER_CONNECTION_KILLED
  1969, // ER_STATEMENT_TIMEOUT: the same
  3100, // ER_RUN_HOOK_ERROR: a replication group has not said what it makes of a commit
  4031, // ER_CLIENT_INTERACTION_TIMEOUT
]);

/**
 * A server that is about to become a standby, or that has lost touch with its cluster. Another one may do, to which a
 * new connection leads; and this one may not even have heard that a transaction is to be rolled back.
 */
const RECONNECT_ERRORS: ReadonlySet<number> = new Set([1047, 1290, 1836]);

/** What the server said; null for whatever it did not itself say. Errors of sockets have negative numbers. */
export const errorNumber = (thrown: unknown): number | null => {
  const number = thrown instanceof Error && "errno" in thrown ? thrown.errno : null;
  const isServers = typeof number === "number" && number >= 1000 && !(number >= 2000 && number < 3000);
  return isServers ? number : null;
};

/** Whatever the server did not itself say, such as a broken connection, leaves open what it has done. */
export const classifyError = (thrown: unknown): FailureKind => {
  if (isUnreachable(thrown)) return "retry";
  const number = errorNumber(thrown);
  if (number === null || UNKNOWN_ERRORS.has(number)) return "unknown";
  return RETRY_ERRORS.has(number) ? "retry" : "refused";
};

/** Whether a connection is of no more use. What the server has said leaves it intact, unless it was a farewell. */
export const needsNewConnection = (thrown: unknown): boolean =>
  classifyError(thrown) === "unknown" || RECONNECT_ERRORS.has(errorNumber(thrown) ?? 0);

/** With a fixed snapshot, a row that was changed since stays as unusable as it was. */
export const isSnapshotConflict = (thrown: unknown): boolean => errorNumber(thrown) === 1020;
