import { randomInt } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { DatabaseError, toPortError } from "./errors.ts";

const PAUSE_MAX = 200;

/** Waits longer each time, and never in step with others. In milliseconds. */
const pause = (attempt: number): Promise<void> =>
  setTimeout(randomInt(1, Math.min(PAUSE_MAX, 2 ** Math.min(attempt, 10)) + 1));

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
