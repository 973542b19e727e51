import { randomInt } from "node:crypto";
import { setTimeout } from "node:timers/promises";
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

const PAUSE_MAX = 200;

/** Waits longer each time, and never in step with others. In milliseconds. */
const pause = (attempt: number): Promise<void> =>
  setTimeout(randomInt(1, Math.min(PAUSE_MAX, 2 ** Math.min(attempt, 10)) + 1));

/** What the port wants a failed call to reject with. */
const toPortError = (thrown: unknown, hasWritten: boolean): unknown => {
  if (!(thrown instanceof DatabaseError)) return thrown;
  return hasWritten || thrown.kind === "unknown" ? thrown.cause : unchanged(thrown.cause);
};

/** Does `work` until it is not told to try again, for at most `patience` milliseconds from the first failure on. */
export const retryFor = async <T>(work: () => Promise<T>, patience: number): Promise<T> => {
  let deadline = Number.NaN;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      const canRetry = thrown instanceof DatabaseError && thrown.kind === "retry";
      if (attempt === 1) deadline = performance.now() + patience;
      if (!canRetry || performance.now() >= deadline) throw thrown;
    }
    await pause(attempt);
  }
};

/**
 * Makes a call of the port: again while that may help, and rejected as the port has it. Once it has written something,
 * that can no longer be denied: asked again, what was written answers for itself.
 */
export type PortCall = <T>(call: () => Promise<T>, hasWritten?: () => boolean) => Promise<T>;

/** `patience`: for how many milliseconds to try again. */
export const portCalls =
  (patience: number): PortCall =>
  async (call, hasWritten = () => false) => {
    try {
      return await retryFor(call, patience);
    } catch (thrown) {
      throw toPortError(thrown, hasWritten());
    }
  };
