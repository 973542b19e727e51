/** How items of one kind are put together into calls to the store. */
export interface BatchOptions<Item> {
  /** The most calls to the store at one time. */
  readonly lanes: number;
  /** The most items in one call. */
  readonly max: number;
  /** Awaited before each call, so that more items can join the call. */
  readonly gather: () => Promise<void>;
  /** Two items with a key in common never go into one call. */
  readonly conflictKeys: (item: Item) => readonly string[];
}

/** A call takes at least this many items, if the queue has them. Smaller calls on more lanes would make more commits. */
const CALL_SIZE_MIN = 32;

interface QueuedItem<Item, Answer> {
  readonly item: Item;
  readonly keys: readonly string[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Turns a call that takes many items into a function that takes one item. Items that arrive while all lanes are busy wait
 * in a queue, and then go into one call. Under load, many publications share one commit. If a lane is free, an
 * item waits only for `gather`.
 */
export const batchCalls = <Item, Answer>(
  call: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { lanes, max, gather, conflictKeys }: BatchOptions<Item>,
): ((item: Item) => Promise<Answer>) => {
  let queue: QueuedItem<Item, Answer>[] = [];
  let runningCalls = 0;
  let isGathering = false;

  /** The size of the next call: an equal part of the queue for each free lane, from `CALL_SIZE_MIN` to `max` items. */
  const callSize = (): number =>
    Math.min(max, Math.max(CALL_SIZE_MIN, Math.ceil(queue.length / (lanes - runningCalls + 1))));

  /** Takes the oldest items without a key in common. The other items stay in the queue, in their order. */
  const takeBatch = (): readonly QueuedItem<Item, Answer>[] => {
    const size = callSize();
    const keys = new Set<string>();
    const batch: QueuedItem<Item, Answer>[] = [];
    const rest: QueuedItem<Item, Answer>[] = [];
    for (const queued of queue) {
      const fits = batch.length < size && !queued.keys.some((key) => keys.has(key));
      // The keys of items that stay count, too. Otherwise a later item with the same key would overtake an earlier one.
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
        throw new Error(
          `The repository gave ${answers.length} answers to ${items.length} items: test the adapter with oncecode/conformance`,
        );
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
      // `gather` is the host's. If it throws, the call starts at once.
    }
    isGathering = false;
    runningCalls += 1;
    const pendingCall = callStore(takeBatch());
    startCallIfFree();
    await pendingCall;
    runningCalls -= 1;
    startCallIfFree();
  };

  const startCallIfFree = (): void => {
    if (!isGathering && runningCalls < lanes && queue.length > 0) void startCall();
  };

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, keys: conflictKeys(item), resolve, reject });
      startCallIfFree();
    });
};
