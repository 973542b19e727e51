/** How the calls of one kind share what the store does. */
export interface BatchOptions<Item> {
  /** Calls to the store under way at once. */
  readonly lanes: number;
  /** Most items in one call. */
  readonly max: number;
  /** Awaited before each call, so that others may join it. */
  readonly gather: () => Promise<void>;
  /** What no two items of one call may have in common. */
  readonly conflictKeys: (item: Item) => readonly string[];
}

/** A call of so many is worth making while others could take their part of them. */
const CALL_SIZE_MIN = 32;

interface QueuedItem<Item, Answer> {
  readonly item: Item;
  readonly keys: readonly string[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Turns a call that takes many items into one that takes a single one. Items that arrive while a call is under way
 * wait, and then go together: one commit for many publications under load, no delay when idle.
 */
export const batchCalls = <Item, Answer>(
  call: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { lanes, max, gather, conflictKeys }: BatchOptions<Item>,
): ((item: Item) => Promise<Answer>) => {
  let queue: QueuedItem<Item, Answer>[] = [];
  let callsUnderWay = 0;
  let isGathering = false;

  /** How many go at once: all that wait if they are few, or an equal part for each call that could be made now. */
  const callSize = (): number =>
    Math.min(max, Math.max(CALL_SIZE_MIN, Math.ceil(queue.length / (lanes - callsUnderWay + 1))));

  /** The longest waiting that have no name in common. The others keep their order. */
  const takeBatch = (): readonly QueuedItem<Item, Answer>[] => {
    const size = callSize();
    const keys = new Set<string>();
    const batch: QueuedItem<Item, Answer>[] = [];
    const rest: QueuedItem<Item, Answer>[] = [];
    for (const queued of queue) {
      const fits = batch.length < size && !queued.keys.some((key) => keys.has(key));
      // A name that waits holds back those behind it, so that nobody is overtaken by a request for the same thing.
      for (const key of queued.keys) keys.add(key);
      (fits ? batch : rest).push(queued);
    }
    queue = rest;
    return batch;
  };

  const callStore = async (items: readonly QueuedItem<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await call(items.map(({ item }) => item));
      if (answers.length !== items.length)
        throw new Error(`The repository gave ${answers.length} answers to ${items.length} items: run the laws on it`);
      for (const [i, result] of answers.entries()) items[i]?.resolve(result);
    } catch (reason) {
      for (const { reject } of items) reject(reason);
    }
  };

  const startCall = async (): Promise<void> => {
    isGathering = true;
    try {
      await gather();
    } catch {
      // It is the host's own. Without it, nobody is waited for.
    }
    isGathering = false;
    callsUnderWay += 1;
    const pendingCall = callStore(takeBatch());
    startCallIfFree();
    await pendingCall;
    callsUnderWay -= 1;
    startCallIfFree();
  };

  const startCallIfFree = (): void => {
    if (!isGathering && callsUnderWay < lanes && queue.length > 0) void startCall();
  };

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, keys: conflictKeys(item), resolve, reject });
      startCallIfFree();
    });
};
