// Ways to wait for other work of this process, so that more calls can share one commit.

/** Waits for one turn of the event loop, so that callbacks that are ready can add their calls. */
export const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Like `endOfTurn`, with one immediate for all callers of a turn. */
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
