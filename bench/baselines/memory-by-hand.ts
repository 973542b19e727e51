import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type { Request, Subject, Tally, Target } from "../subjects/subject.ts";
import { noCodesLeftError } from "./draws.ts";

interface Voucher {
  readonly code: string;
  /** The index in the list of free codes; null if the code is taken. */
  freeIndex: number | null;
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
  /** Ordered by time. */
  readonly publications: Publication[];
}

class MemoryPool implements Target {
  readonly #vouchers: Map<string, Voucher> = new Map();
  readonly #free: Voucher[] = [];
  readonly #customers: Map<string, Customer> = new Map();
  readonly #publications: Map<string, Publication> = new Map();
  readonly #keys: Map<string, Publication> = new Map();

  constructor(vouchers: number) {
    while (this.#free.length < vouchers) {
      const voucher = { code: randomBytes(9).toString("base64url"), freeIndex: this.#free.length, holder: null };
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
    if (code === null ? this.#free.length < count : typeof this.#vouchers.get(code)?.freeIndex !== "number")
      throw noCodesLeftError(request);

    const now = new Date().toISOString();
    const customer = this.#findOrCreateCustomer(request.customer, now);
    const codes = Array.from({ length: count }, () => this.#take(code, customer.id));
    const id = `pub_${randomUUID()}`;
    const publication = { id, createdAt: now, customer: customer.id, codes, sourceId, channel: "API", metadata: {} };
    this.#publications.set(id, publication);
    customer.publications.push(publication);
    if (sourceId !== null) this.#keys.set(sourceId, publication);
    return codes;
  }

  #findOrCreateCustomer(sourceId: string, now: string): Customer {
    const existing = this.#customers.get(sourceId);
    if (existing !== undefined) return existing;
    const customer = { id: `cust_${randomUUID()}`, sourceId, createdAt: now, publications: [] };
    this.#customers.set(sourceId, customer);
    return customer;
  }

  /** The last free code moves into the gap. */
  #take(code: string | null, holder: string): string {
    const voucher = code === null ? this.#free[randomInt(this.#free.length)] : this.#vouchers.get(code);
    const last = this.#free.pop();
    if (voucher === undefined || voucher.freeIndex === null || last === undefined) throw new Error("No voucher left");
    if (last !== voucher) {
      this.#free[voucher.freeIndex] = last;
      last.freeIndex = voucher.freeIndex;
    }
    voucher.freeIndex = null;
    voucher.holder = holder;
    return voucher.code;
  }
}

/** An array and a few maps. It has no filters, no failed publications and no replays. */
export const memoryByHand: Subject = {
  name: "by hand",
  batchSize: 1,
  mayRepeatCodes: false,
  open: async ({ vouchers }) => new MemoryPool(vouchers),
};
