import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Follows how much memory this process takes. */
export interface MemoryTracker {
  /** The most that was taken since the last time that this was asked, beyond what was taken then; in bytes. */
  peak(): number;
  end(): void;
}

const SAMPLE_INTERVAL = 20;

/** Throws away what nobody needs, so that it is not counted for what comes after. */
const collectGarbage = (): void => {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
};

const memoryUsed = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

export const trackMemory = (): MemoryTracker => {
  let [start, maximum] = [0, 0];
  const sample = (): void => {
    maximum = Math.max(maximum, memoryUsed());
  };
  const reset = (): void => {
    collectGarbage();
    start = memoryUsed();
    maximum = start;
  };
  reset();
  const timer = setInterval(sample, SAMPLE_INTERVAL).unref();
  return {
    peak: () => {
      sample();
      const peak = Math.max(1, maximum - start);
      reset();
      return peak;
    },
    end: () => clearInterval(timer),
  };
};
