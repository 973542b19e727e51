import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Measures the memory of this process. */
export interface MemoryTracker {
  /** The largest growth since the last call, in bytes. */
  peak(): number;
  end(): void;
}

const SAMPLE_INTERVAL = 20;

/** Without this collection, garbage of one measurement would count for the next one. */
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
