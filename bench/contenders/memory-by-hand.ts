import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Contender, Opened, Request, Tally } from "./contender.ts";
import { noneLeft } from "./drawing.ts";

interface Voucher {
  readonly code: string;
  /** Where it stands among the free ones; null once it is taken. */
  place: number | null;
  holder: string | null;
}

interface Publication {
  readonly id: string;
  readonly createdAt: string;
  readonly customer: string;
  readonly codes: readonly string[];
  readonly sourceId: string | null;
  readonly channel: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Customer {
  readonly id: string;
  readonly sourceId: string;
  readonly createdAt: string;
  /** In the order of time. */
  readonly publications: Publication[];
}

class Pool implements Opened {
  readonly #vouchers: Map<string, Voucher> = new Map();
  readonly #free: Voucher[] = [];
  readonly #customers: Map<string, Customer> = new Map();
  readonly #publications: Map<string, Publication> = new Map();
  readonly #keys: Map<string, Publication> = new Map();

  constructor(vouchers: number) {
    while (this.#free.length < vouchers) {
      const voucher = { code: randomBytes(9).toString("base64url"), place: this.#free.length, holder: null };
      this.#vouchers.set(voucher.code, voucher);
      this.#free.push(voucher);
    }
  }

  async codes(count: number): Promise<readonly string[]> {
    return this.#free.slice(0, count).map(({ code }) => code);
  }

  async publish(requests: readonly Request[]): Promise<readonly (readonly string[])[]> {
    return requests.map((request) => this.#publishOne(request));
  }

  async tally(): Promise<Tally> {
    const codes = [...this.#publications.values()].flatMap((publication) => publication.codes);
    return { published: codes.length, distinct: new Set(codes).size, left: this.#free.length };
  }

  async close(): Promise<void> {}

  #publishOne(request: Request): readonly string[] {
    const { sourceId, count, code } = request;
    if (sourceId !== null && this.#keys.has(sourceId)) throw new Error(`${sourceId} is published already`);
    if (code === null ? this.#free.length < count : typeof this.#vouchers.get(code)?.place !== "number")
      throw noneLeft(request);

    const now = new Date().toISOString();
    const customer = this.#customerOf(request.customer, now);
    const codes = Array.from({ length: count }, () => this.#take(code, customer.id));
    const id = `pub_${randomUUID()}`;
    const publication = { id, createdAt: now, customer: customer.id, codes, sourceId, channel: "API", metadata: {} };
    this.#publications.set(id, publication);
    customer.publications.push(publication);
    if (sourceId !== null) this.#keys.set(sourceId, publication);
    return codes;
  }

  #customerOf(sourceId: string, now: string): Customer {
    const known = this.#customers.get(sourceId);
    if (known !== undefined) return known;
    const customer = { id: `cust_${randomUUID()}`, sourceId, createdAt: now, publications: [] };
    this.#customers.set(sourceId, customer);
    return customer;
  }

  /** The last one fills the gap. */
  #take(code: string | null, holder: string): string {
    const taken = code === null ? this.#free[randomInt(this.#free.length)] : this.#vouchers.get(code);
    const last = this.#free.pop();
    if (taken === undefined || taken.place === null || last === undefined) throw new Error("No voucher left");
    if (last !== taken) {
      this.#free[taken.place] = last;
      last.place = taken.place;
    }
    taken.place = null;
    taken.holder = holder;
    return taken.code;
  }
}

/** An array and a few maps, gone with the process. No filters, no failures on record, no replay of answers. */
export const memoryByHand: Contender = {
  name: "by hand",
  batch: 1,
  givesTwice: false,
  open: async ({ vouchers }) => new Pool(vouchers),
};
