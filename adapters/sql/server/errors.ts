import { unchanged } from "oncecode";

/**
 * The state after a database error.
 *
 * - `retry`: nothing was written, and a retry may succeed.
 * - `refused`: nothing was written, and a retry does not help.
 * - `unknown`: the server may have done the work, or may still do it.
 */
export type DatabaseErrorKind = "retry" | "refused" | "unknown";

/** A failure of the database, with its kind. */
export class DatabaseError extends Error {
  readonly kind: DatabaseErrorKind;

  constructor(kind: DatabaseErrorKind, cause: unknown) {
    super(`The database failed (${kind})`, { cause });
    this.kind = kind;
  }
}

/** There was no connection, so nothing was sent to the server. */
export class NotConnectedError extends Error {
  constructor(cause: unknown) {
    super("No connection to the database", { cause });
  }
}

/** System errors after which nothing was sent to the server. */
const UNREACHABLE_CODES: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

const errorField = (thrown: unknown, field: "code" | "syscall"): unknown =>
  thrown instanceof Error ? Reflect.get(thrown, field) : null;

/** The code of an error of the server or of the system. */
export const errorCode = (thrown: unknown): unknown => errorField(thrown, "code");

/** Whether a connection could not be opened. An open connection may fail with the same codes, after it has sent something. */
export const isUnreachable = (thrown: unknown): boolean =>
  UNREACHABLE_CODES.has(errorCode(thrown)) && !["read", "write"].includes(String(errorField(thrown, "syscall")));

/** The error with which a call of the port rejects. */
export const toPortError = (thrown: unknown, hasWritten: boolean): unknown => {
  if (!(thrown instanceof DatabaseError)) return thrown;
  return hasWritten || thrown.kind === "unknown" ? thrown.cause : unchanged(thrown.cause);
};

/** Tells the kind of a driver's error. */
export type ClassifyError = (thrown: unknown) => DatabaseErrorKind;

const retryIfUnknown = (kind: DatabaseErrorKind): DatabaseErrorKind => (kind === "unknown" ? "retry" : kind);

export const toDatabaseError = (classifyError: ClassifyError, thrown: unknown): DatabaseError => {
  if (thrown instanceof DatabaseError) return thrown;
  if (!(thrown instanceof NotConnectedError)) return new DatabaseError(classifyError(thrown), thrown);
  // Without a connection nothing was sent. So an unknown outcome becomes a retry.
  return new DatabaseError(retryIfUnknown(classifyError(thrown.cause)), thrown.cause);
};

/** The error for a failure before the commit. If the connection broke, the server rolls the transaction back. */
export const toUncommittedError = (classifyError: ClassifyError, thrown: unknown): DatabaseError => {
  const { kind, cause } = toDatabaseError(classifyError, thrown);
  return new DatabaseError(retryIfUnknown(kind), cause);
};

/** A dialect's rules for failures. */
export interface ErrorRules {
  readonly classifyError: ClassifyError;
  /** Whether a retry inside the same transaction always fails, because the transaction's snapshot does not change. */
  readonly isSnapshotConflict: (thrown: unknown) => boolean;
}
