/**
 * As `Promise.all`, but it does not fail before all have ended: nothing of a call may go on after it, when a transaction
 * that it was made in may be over.
 */
export const together = async <T extends readonly unknown[] | []>(
  all: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> => {
  try {
    return await Promise.all(all);
  } catch (thrown) {
    await Promise.allSettled(all);
    throw thrown;
  }
};
