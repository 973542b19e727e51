/** Ways to wait for other work of this process, so that more calls can share one commit. */

/** Waits for the end of the event loop's turn: other calls, timers and signals run first. */
export const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The same, with one immediate for all callers of a turn. */
export const sharedEndOfTurn = (): (() => Promise<void>) => {
  let end: Promise<void> | null = null;
  return () => {
    end ??= endOfTurn().then(() => {
      end = null;
    });
    return end;
  };
};

/** Waits for the end of the current tick: callers that got their answer at the same time go on first. */
export const endOfTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
