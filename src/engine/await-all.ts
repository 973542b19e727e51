/**
 * Like `Promise.all`, but waits until every promise has ended before it rejects. Otherwise a part of a failed call could
 * still run after the host has ended its transaction.
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
