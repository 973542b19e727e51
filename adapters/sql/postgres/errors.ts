import { isAbortedTransactionError } from "kysely";
import { type DatabaseErrorKind, errorCode, isUnreachable } from "../server/errors.ts";

/** Source: https://www.postgresql.org/docs/current/errcodes-appendix.html. */
const RETRY_STATES: ReadonlySet<string> = new Set([
  "0A000", // feature_not_supported: a newer version has changed a column of a prepared statement
  "23505", // unique_violation: another call was first, and the next snapshot shows its row
  "25006", // read_only_sql_transaction: a standby, or a primary that has just become a standby
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "53200", // out_of_memory
  "53300", // too_many_connections
  "55P03", // lock_not_available
  "57P03", // cannot_connect_now: starting up or shutting down
]);

/** Two characters stand for a whole class of states. */
const UNKNOWN_STATES: ReadonlySet<string> = new Set([
  "08", // connection_exception
  "40003", // statement_completion_unknown
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P05", // idle_session_timeout
  "58", // system_error
  "XX", // internal_error
]);

/** A SQLSTATE has five characters. Some system codes have five, too, such as EPIPE. But no SQLSTATE begins with an E. */
const sqlState = (thrown: unknown): string | null => {
  const code = errorCode(thrown);
  return typeof code === "string" && /^(?!E)[0-9A-Z]{5}$/.test(code) ? code : null;
};

/** An error without a SQLSTATE did not come from the server, as when a connection breaks. Its outcome is unknown. */
export const classifyError = (thrown: unknown): DatabaseErrorKind => {
  if (isAbortedTransactionError(thrown) || isUnreachable(thrown)) return "retry";
  const state = sqlState(thrown);
  if (state === null || UNKNOWN_STATES.has(state) || UNKNOWN_STATES.has(state.slice(0, 2))) return "unknown";
  return RETRY_STATES.has(state) ? "retry" : "refused";
};

/** Errors that a new connection may not have, because it reaches another server or has no prepared statements. */
const RECONNECT_STATES: ReadonlySet<unknown> = new Set(["0A000", "25006"]);

/** Whether the connection must be closed. After most errors of the server a connection stays usable. */
export const needsNewConnection = (thrown: unknown): boolean =>
  classifyError(thrown) === "unknown" || RECONNECT_STATES.has(sqlState(thrown));

/** In a transaction with a fixed snapshot, every retry meets the same changed row. */
export const isSnapshotConflict = (thrown: unknown): boolean => sqlState(thrown) === "40001";
