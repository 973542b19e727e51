import { createEngine, type Engine, type Repository } from "oncecode";

export const CAMPAIGN = "bench";
const VOUCHER = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } } as const;

/** Customers who come back: each publishes some twenty times in a long run. */
export const customerOf = (i: number): string => `customer-${i % 5000}`;

export const engineWith = async (repository: Repository, vouchers: number): Promise<Engine> => {
  const engine = createEngine({ repository, recordFailures: false });
  await engine.campaigns.create({ name: CAMPAIGN, vouchersCount: vouchers, voucher: VOUCHER });
  return engine;
};

export const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN;

export const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** One who publishes again and again. */
export interface Caller {
  /** For the customer with this number. Gives the codes. */
  publish(i: number): Promise<readonly string[]>;
  end(): void;
}

/** `callers` at a time, each awaits its own publication before it asks for the next. Gives publications per second. */
export const racing = async (count: number, callers: number, begin: () => Promise<Caller>): Promise<number> => {
  const codes = new Set<string>();
  let next = 0;
  const call = async (): Promise<void> => {
    const caller = await begin();
    while (next < count) for (const code of await caller.publish(next++)) codes.add(code);
    caller.end();
  };
  const took = await seconds(() => Promise.all(Array.from({ length: callers }, call)));
  if (codes.size !== count) throw new Error(`${count} publications gave ${codes.size} different codes`);
  return count / took;
};

let orders = 0;

/** The same with an engine. */
export const publishing = (
  { publications }: Engine,
  count: number,
  callers: number,
  hasKeys: boolean = false,
): Promise<number> =>
  racing(count, callers, async () => ({
    publish: async (i) => {
      const sourceId = hasKeys ? `order-${orders++}` : null;
      const customer = { sourceId: customerOf(i) };
      return (await publications.create({ campaign: CAMPAIGN, customer, sourceId })).codes;
    },
    end: () => {},
  }));
