import type { Engine } from "oncecode";
import type { CampaignName, Request } from "./history.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** The number of vouchers, by campaign. */
export type Supply = Readonly<Record<CampaignName, number>>;

const namedCode = (n: number): string => `NAMED-${n}`;

/** Creates the campaigns of the workload. */
export const createCampaigns = async ({ campaigns }: Engine, supply: Supply): Promise<void> => {
  const voucher = (pattern: string) => ({
    type: "DISCOUNT_VOUCHER" as const,
    discount: { type: "PERCENT" as const, percentOff: 10 },
    codeConfig: { pattern },
  });
  await campaigns.create({ name: "hot", vouchersCount: supply.hot, voucher: voucher("HOT-##########") });
  await campaigns.create({
    name: "growing",
    type: "AUTO_UPDATE",
    vouchersCount: supply.growing,
    voucher: voucher("GROW-##########"),
  });
  await campaigns.create({
    name: "once",
    joinOnce: true,
    vouchersCount: supply.once,
    voucher: voucher("ONCE-##########"),
  });
  await campaigns.create({ name: "named", voucher: voucher("OTHER-##########") });
  const codes = Array.from({ length: supply.named }, (_, n) => namedCode(n));
  if (codes.length > 0) await campaigns.importVouchers("named", codes);
};

/** The number of customers with many requests. */
const REGULAR_CUSTOMERS = 50;
const MEMBERS = 300;
/** The number of orders that several workers send at the same time, and the milliseconds for which they send each. */
const ORDERS_AT_ONCE = 16;
const ORDER_TIME = 25;

/** Makes requests. Requests with the same source id are equal, in all workers. */
export class RequestGenerator {
  readonly #random: SeededRandom;
  readonly #supply: Supply;
  readonly #startedAt: number;
  /** The empty pools. Later requests for them are rare. */
  readonly #empty: Set<CampaignName> = new Set();

  constructor(random: SeededRandom, supply: Supply, startedAt: number) {
    this.#random = random;
    this.#supply = supply;
    this.#startedAt = startedAt;
  }

  markEmpty(pool: CampaignName): void {
    this.#empty.add(pool);
  }

  next(attempt: string): Request {
    const campaign = this.#nextCampaign();
    const customer = this.#random.chance(0.3) ? `regular ${this.#random.below(REGULAR_CUSTOMERS)}` : `guest ${attempt}`;
    if (campaign === "named") {
      const voucher = namedCode(this.#random.below(this.#supply.named));
      return { campaign, voucher, count: 1, customer, sourceId: null };
    }
    if (campaign === "once") {
      const member = `member ${this.#random.below(MEMBERS)}`;
      return { campaign, voucher: null, count: 1, customer: member, sourceId: null };
    }
    if (this.#supply.growing > 0 && this.#random.chance(0.15)) return this.#order();
    return { campaign, voucher: null, count: 1 + this.#random.below(3), customer, sourceId: null };
  }

  #order(): Request {
    const n = Math.floor((Date.now() - this.#startedAt) / ORDER_TIME) + this.#random.below(ORDERS_AT_ONCE);
    const campaign = n % 2 === 0 ? "growing" : "hot";
    return { campaign, voucher: null, count: 1 + (n % 3), customer: `buyer ${n}`, sourceId: `order ${n}` };
  }

  #nextCampaign(): CampaignName {
    const pool = this.#randomCampaign();
    if (this.#supply[pool] === 0) return "hot";
    return this.#empty.has(pool) && this.#supply.growing > 0 && !this.#random.chance(0.05) ? "growing" : pool;
  }

  #randomCampaign(): CampaignName {
    const at = this.#random.fraction();
    if (at < 0.5) return "hot";
    if (at < 0.7) return "growing";
    return at < 0.85 ? "once" : "named";
  }
}
