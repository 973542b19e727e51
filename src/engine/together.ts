/**
 * As `Promise.all`, but it does not end before all have: nothing of a call may go on after it, when a transaction that it
 * was made in may be over.
 */
export const together = async <T extends readonly unknown[] | []>(
  all: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> => {
  await Promise.allSettled(all);
  return Promise.all(all);
};
