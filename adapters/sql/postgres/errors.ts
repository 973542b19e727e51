import { isAbortedTransactionError } from "kysely";
import { errorCode, type FailureKind, isUnreachable } from "../server/errors.ts";

/** https://www.postgresql.org/docs/current/errcodes-appendix.html; whole classes by their first two characters. */
const RETRY_STATES: ReadonlySet<string> = new Set([
  "0A000", // feature_not_supported: a prepared statement, after a newer version has changed a column
  "23505", // unique_violation: somebody else was first, which the next look shows
  "25006", // read_only_sql_transaction: a standby, or a primary that has just become one
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "53200", // out_of_memory
  "53300", // too_many_connections
  "55P03", // lock_not_available
  "57P03", // cannot_connect_now: starting up or shutting down
]);

const UNKNOWN_STATES: ReadonlySet<string> = new Set([
  "08", // connection_exception
  "40003", // statement_completion_unknown
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P05", // idle_session_timeout
  "58", // system_error
  "XX", // internal_error
]);

/** SQLSTATE has five characters. So have some codes of the system, such as EPIPE, but no SQLSTATE begins with an E. */
const sqlState = (thrown: unknown): string | null => {
  const code = errorCode(thrown);
  return typeof code === "string" && /^(?!E)[0-9A-Z]{5}$/.test(code) ? code : null;
};

/** Whatever the server did not itself say, such as a broken connection, leaves open what it has done. */
export const classifyError = (thrown: unknown): FailureKind => {
  if (isAbortedTransactionError(thrown) || isUnreachable(thrown)) return "retry";
  const state = sqlState(thrown);
  if (state === null || UNKNOWN_STATES.has(state) || UNKNOWN_STATES.has(state.slice(0, 2))) return "unknown";
  return RETRY_STATES.has(state) ? "retry" : "refused";
};

/** Where another connection may do better: to another server, or with statements prepared anew. */
const RECONNECT_STATES: ReadonlySet<unknown> = new Set(["0A000", "25006"]);

/** Whether a connection is of no more use. What the server has said leaves it intact, unless it was a farewell. */
export const needsNewConnection = (thrown: unknown): boolean =>
  classifyError(thrown) === "unknown" || RECONNECT_STATES.has(sqlState(thrown));

/** With a fixed snapshot, a row that was changed since stays as unusable as it was. */
export const isSnapshotConflict = (thrown: unknown): boolean => sqlState(thrown) === "40001";
