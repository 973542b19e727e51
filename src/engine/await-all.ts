/**
 * As `Promise.all`, but it does not fail before all have ended: nothing of a call may go on after it, when a transaction
 * that it was made in may be over.
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
