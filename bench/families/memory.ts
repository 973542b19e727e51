import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Follows how much memory this process takes. */
export interface MemoryWatch {
  /** The most that was taken since the last time that this was asked, beyond what was taken then; in bytes. */
  peak(): number;
  end(): void;
}

const EVERY = 20;

/** Throws away what nobody needs, so that it is not counted for what comes after. */
const collect = (): void => {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
};

const taken = (): number => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

export const watchingMemory = (): MemoryWatch => {
  let [start, most] = [0, 0];
  const look = (): void => {
    most = Math.max(most, taken());
  };
  const begin = (): void => {
    collect();
    start = taken();
    most = start;
  };
  begin();
  const timer = setInterval(look, EVERY).unref();
  return {
    peak: () => {
      look();
      const peak = Math.max(1, most - start);
      begin();
      return peak;
    },
    end: () => clearInterval(timer),
  };
};
