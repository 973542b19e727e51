/** Follows how much memory this process takes. */
export interface MemoryWatch {
  /** The most that was taken since the last time that this was asked, in bytes. */
  peak(): number;
  end(): void;
}

const EVERY = 20;

export const watchingMemory = (): MemoryWatch => {
  let peak = 0;
  const look = (): void => {
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
  };
  const timer = setInterval(look, EVERY).unref();
  return {
    peak: () => {
      look();
      const most = peak;
      peak = 0;
      return most;
    },
    end: () => clearInterval(timer),
  };
};
