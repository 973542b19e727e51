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
export type Verdict = "again" | "refused" | "unknown";

/** A failure of the database, judged by where and how it came up. */
export class Fault extends Error {
  readonly verdict: Verdict;

  constructor(verdict: Verdict, cause: unknown) {
    super(`The database failed (${verdict})`, { cause });
    this.verdict = verdict;
  }
}

/** No connection was to be had, so nothing was sent on it. */
export class NotConnected extends Error {
  constructor(cause: unknown) {
    super("No connection to the database", { cause });
  }
}

/** Nobody listened, so nothing was said. */
const NOBODY_THERE: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

const fieldOf = (thrown: unknown, field: "code" | "syscall"): unknown =>
  thrown instanceof Error ? Reflect.get(thrown, field) : null;

/** The code of an error, whether a server's or the system's. */
export const codeOf = (thrown: unknown): unknown => fieldOf(thrown, "code");

/** Whether a connection could not be made. The same codes may come up on one that was there, after something was said. */
export const isNobodyThere = (thrown: unknown): boolean =>
  NOBODY_THERE.has(codeOf(thrown)) && !["read", "write"].includes(String(fieldOf(thrown, "syscall")));

const LONGEST_PAUSE = 200;

/** Waits longer each time, and never in step with others. In milliseconds. */
const pause = (attempt: number): Promise<void> =>
  setTimeout(randomInt(1, Math.min(LONGEST_PAUSE, 2 ** Math.min(attempt, 10)) + 1));

/** What the port wants a failed call to reject with. */
const rejection = (thrown: unknown, hasWritten: boolean): unknown => {
  if (!(thrown instanceof Fault)) return thrown;
  return hasWritten || thrown.verdict === "unknown" ? thrown.cause : unchanged(thrown.cause);
};

/** Does `work` until it is not told to try again, for at most `patience` milliseconds from the first failure on. */
export const patiently = async <T>(work: () => Promise<T>, patience: number): Promise<T> => {
  let deadline = Number.NaN;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      const again = thrown instanceof Fault && thrown.verdict === "again";
      if (attempt === 1) deadline = performance.now() + patience;
      if (!again || performance.now() >= deadline) throw thrown;
    }
    await pause(attempt);
  }
};

/**
 * Makes a call of the port: again while that may help, and rejected as the port has it. Once it has written something,
 * that can no longer be denied: asked again, what was written answers for itself.
 */
export type Calling = <T>(call: () => Promise<T>, hasWritten?: () => boolean) => Promise<T>;

/** `patience`: for how many milliseconds to try again. */
export const calling =
  (patience: number): Calling =>
  async (call, hasWritten = () => false) => {
    try {
      return await patiently(call, patience);
    } catch (thrown) {
      throw rejection(thrown, hasWritten());
    }
  };
