/** How the calls of one kind share what the store does. */
export interface Sharing<Item> {
  /** Calls to the store under way at once. */
  readonly lanes: number;
  /** Most items in one call. */
  readonly max: number;
  /** Awaited before each call, so that others may join it. */
  readonly gather: () => Promise<void>;
  /** What no two items of one call may have in common. */
  readonly namesOf: (item: Item) => readonly string[];
}

/** A call of so many is worth making while others could take their part of them. */
const SHARE_MIN = 32;

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly names: readonly string[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Turns a call that takes many items into one that takes a single one. Items that arrive while a call is under way
 * wait, and then go together: one commit for many publications under load, no delay when idle.
 */
export const batched = <Item, Answer>(
  call: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { lanes, max, gather, namesOf }: Sharing<Item>,
): ((item: Item) => Promise<Answer>) => {
  let queue: Waiting<Item, Answer>[] = [];
  let underWay = 0;
  let gathering = false;

  /** How many go at once: all that wait if they are few, or an equal part for each call that could be made now. */
  const share = (): number => Math.min(max, Math.max(SHARE_MIN, Math.ceil(queue.length / (lanes - underWay + 1))));

  /** The longest waiting that have no name in common. The others keep their order. */
  const next = (): readonly Waiting<Item, Answer>[] => {
    const most = share();
    const names = new Set<string>();
    const taken: Waiting<Item, Answer>[] = [];
    const left: Waiting<Item, Answer>[] = [];
    for (const waiting of queue) {
      const joins = taken.length < most && !waiting.names.some((name) => names.has(name));
      // A name that waits holds back those behind it, so that nobody is overtaken by a request for the same thing.
      for (const name of waiting.names) names.add(name);
      (joins ? taken : left).push(waiting);
    }
    queue = left;
    return taken;
  };

  const answer = async (items: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await call(items.map(({ item }) => item));
      if (answers.length !== items.length)
        throw new Error(`The repository gave ${answers.length} answers to ${items.length} items: run the laws on it`);
      for (const [i, one] of answers.entries()) items[i]?.resolve(one);
    } catch (reason) {
      for (const { reject } of items) reject(reason);
    }
  };

  const start = async (): Promise<void> => {
    gathering = true;
    try {
      await gather();
    } catch {
      // It is the host's own. Without it, nobody is waited for.
    }
    gathering = false;
    underWay += 1;
    const answered = answer(next());
    pump();
    await answered;
    underWay -= 1;
    pump();
  };

  const pump = (): void => {
    if (!gathering && underWay < lanes && queue.length > 0) void start();
  };

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, names: namesOf(item), resolve, reject });
      pump();
    });
};
