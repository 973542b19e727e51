import { unchanged } from "oncecode";

/**
 * What is known after a failure.
 *
 * - `again`: nothing was written, and the same may well succeed a little later.
 * - `refused`: nothing was written, and waiting does not help.
 * - `unknown`: the server may have done it, or may still be about to.
 */
export type FailureKind = "retry" | "refused" | "unknown";

/** A failure of the database, judged by where and how it came up. */
export class DatabaseError extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, cause: unknown) {
    super(`The database failed (${kind})`, { cause });
    this.kind = kind;
  }
}

/** No connection was to be had, so nothing was sent on it. */
export class NotConnectedError extends Error {
  constructor(cause: unknown) {
    super("No connection to the database", { cause });
  }
}

/** Nobody listened, so nothing was said. */
const UNREACHABLE_CODES: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

const errorField = (thrown: unknown, field: "code" | "syscall"): unknown =>
  thrown instanceof Error ? Reflect.get(thrown, field) : null;

/** The code of an error, whether a server's or the system's. */
export const errorCode = (thrown: unknown): unknown => errorField(thrown, "code");

/** Whether a connection could not be made. The same codes may come up on one that was there, after something was said. */
export const isUnreachable = (thrown: unknown): boolean =>
  UNREACHABLE_CODES.has(errorCode(thrown)) && !["read", "write"].includes(String(errorField(thrown, "syscall")));

/** What the port wants a failed call to reject with. */
export const toPortError = (thrown: unknown, hasWritten: boolean): unknown => {
  if (!(thrown instanceof DatabaseError)) return thrown;
  return hasWritten || thrown.kind === "unknown" ? thrown.cause : unchanged(thrown.cause);
};

/** What a driver's error says about the statement that it answers. */
export type ClassifyError = (thrown: unknown) => FailureKind;

const retryIfUnknown = (kind: FailureKind): FailureKind => (kind === "unknown" ? "retry" : kind);

export const toDatabaseError = (classifyError: ClassifyError, thrown: unknown): DatabaseError => {
  if (thrown instanceof DatabaseError) return thrown;
  if (!(thrown instanceof NotConnectedError)) return new DatabaseError(classifyError(thrown), thrown);
  // Nothing was sent, so what would be unknown otherwise is only to be tried again.
  return new DatabaseError(retryIfUnknown(classifyError(thrown.cause)), thrown.cause);
};

/** A failure before anything could be committed: if the connection broke, the server undoes what was done on it. */
export const toUncommittedError = (classifyError: ClassifyError, thrown: unknown): DatabaseError => {
  const { kind, cause } = toDatabaseError(classifyError, thrown);
  return new DatabaseError(retryIfUnknown(kind), cause);
};

/** What a dialect says about failures. */
export interface ErrorRules {
  readonly classifyError: ClassifyError;
  /** Whether a transaction whose snapshot is fixed can never get past this failure. */
  readonly isSnapshotConflict: (thrown: unknown) => boolean;
}
