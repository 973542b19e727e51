/**
 * Like `Promise.all`, but waits until every promise has ended before it rejects. Otherwise a part of a call could go on
 * after the call has failed, in a transaction of the host's that is over by then.
 */
export const awaitAll = async <T extends readonly unknown[] | []>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> => {
  try {
    return await Promise.all(promises);
  } catch (error) {
    await Promise.allSettled(promises);
    throw error;
  }
};
