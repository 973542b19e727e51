/** Waits for a server's answer for at most `timeout` milliseconds; without limit if it is null. */
export const withTimeout = async <T>(timeout: number | null, answer: Promise<T>): Promise<T> => {
  if (timeout === null) return answer;
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const error = new Error(`No answer within ${timeout} ms: check the server, or set a longer \`timeout\``);
  const timer = setTimeout(() => reject(Object.assign(error, { code: "ETIMEDOUT" })), timeout);
  try {
    return await Promise.race([answer, timedOut]);
  } finally {
    clearTimeout(timer);
  }
};
