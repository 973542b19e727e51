import { randomInt } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { DatabaseError, toPortError } from "./errors.ts";

const PAUSE_MAX = 200;

/** Waits up to 2, 4, 8, … 200 ms. The time is random, so that callers that failed together do not retry together. */
const pause = (tryNumber: number): Promise<void> =>
  setTimeout(randomInt(1, Math.min(PAUSE_MAX, 2 ** Math.min(tryNumber, 10)) + 1));

/** Runs `work`, and repeats it after each `retry` failure, for at most `patience` milliseconds after the first failure. */
export const retryFor = async <T>(work: () => Promise<T>, patience: number): Promise<T> => {
  let deadline = Number.NaN;
  for (let tryNumber = 1; ; tryNumber++) {
    try {
      return await work();
    } catch (thrown) {
      const canRetry = thrown instanceof DatabaseError && thrown.kind === "retry";
      if (tryNumber === 1) deadline = performance.now() + patience;
      if (!canRetry || performance.now() >= deadline) throw thrown;
    }
    await pause(tryNumber);
  }
};

/**
 * Runs a call of the port with retries. A failed call rejects as the port demands. After a part of the call was written
 * (`hasWritten`), the call never rejects with `unchanged`: the engine repeats the call, and the written part is found.
 */
export type PortCall = <T>(call: () => Promise<T>, hasWritten?: () => boolean) => Promise<T>;

/** `patience` is the time for retries, in milliseconds. */
export const portCalls =
  (patience: number): PortCall =>
  async (call, hasWritten = () => false) => {
    try {
      return await retryFor(call, patience);
    } catch (thrown) {
      throw toPortError(thrown, hasWritten());
    }
  };
