import { createEngine, type Engine, type Repository } from "oncecode";

const CAMPAIGN = "bench";
const VOUCHER = { type: "DISCOUNT_VOUCHER", discount: { type: "PERCENT", percentOff: 10 } } as const;

/** Customers who come back: each publishes some twenty times in a long run. */
export const customerOf = (i: number): string => `customer-${i % 5000}`;

export const engineWith = async (repository: Repository, vouchers: number): Promise<Engine> => {
  const engine = createEngine({ repository, recordFailures: false });
  await engine.campaigns.create({ name: CAMPAIGN, vouchersCount: vouchers, voucher: VOUCHER });
  return engine;
};

export const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

let orders = 0;

/** `callers` at a time, each awaits its own publication before it asks for the next. Gives publications per second. */
export const publishing = async (
  engine: Engine,
  count: number,
  callers: number,
  hasKeys: boolean = false,
): Promise<number> => {
  const codes = new Set<string>();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < count) {
      const customer = { sourceId: customerOf(next++) };
      const sourceId = hasKeys ? `order-${orders++}` : null;
      const { codes: given } = await engine.publications.create({ campaign: CAMPAIGN, customer, sourceId });
      for (const code of given) codes.add(code);
    }
  };
  const took = await seconds(() => Promise.all(Array.from({ length: callers }, caller)));
  if (codes.size !== count) throw new Error(`${count} publications gave ${codes.size} different codes`);
  return count / took;
};
