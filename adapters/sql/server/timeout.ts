/** Waits for an answer of a server for `timeout` milliseconds at most; however long it takes if that is null. */
export const withTimeout = async <T>(timeout: number | null, answer: Promise<T>): Promise<T> => {
  if (timeout === null) return answer;
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const error = new Error(`The server has not answered for ${timeout} ms`);
  const timer = setTimeout(() => reject(Object.assign(error, { code: "ETIMEDOUT" })), timeout);
  try {
    return await Promise.race([answer, timedOut]);
  } finally {
    clearTimeout(timer);
  }
};
