import type { PublicationInput, PublicationSource } from "oncecode";
import type { Buyer } from "./customer-rows.ts";

/**
 * A `steady` client asks once, an `impatient` one twice in the same breath, a `forgetful` one loses the answer and asks
 * again when all others are done. `repeating` marks those second requests.
 */
type Client = "steady" | "impatient" | "forgetful" | "repeating";

/** What one customer asks for: of the first source that gives. */
export interface Order {
  readonly request: Omit<PublicationInput, "voucher" | "campaign">;
  readonly sources: readonly PublicationSource[];
  readonly client: Client;
}

export interface Offer {
  /** The merchant's own codes. */
  readonly own: string;
  /** The campaign that extends itself. */
  readonly extending: string;
  /** A code that several customers ask for by name; null if there is none. */
  readonly coveted: string | null;
  /** Marks what this run publishes. */
  readonly run: string;
}

const COVETERS = 12;
const SHAKY_EACH = 7;

const clientOf = (i: number): Client => {
  if (i % SHAKY_EACH !== 0) return "steady";
  return i % 2 === 0 ? "impatient" : "forgetful";
};

const orderOf = (buyer: Buyer, i: number, covets: boolean, offer: Offer): Order => {
  const { source_id: id, name, email, city, tier, channel } = buyer;
  const pools: readonly PublicationSource[] = [{ campaign: offer.own }, { campaign: offer.extending }];
  return {
    request: {
      // What the list does not say is left out, so that it stays as it is.
      customer: {
        sourceId: id,
        ...(name === "" ? {} : { name }),
        ...(email === "" ? {} : { email }),
        ...(city === "" ? {} : { address: { city } }),
        ...(tier === "" ? {} : { metadata: { tier } }),
      },
      channel: channel || "demo",
      metadata: { ...(tier === "" ? {} : { tier }), run: offer.run },
      sourceId: `demo-order-${id}`,
      joinOnce: tier === "gold",
    },
    sources: covets && offer.coveted !== null ? [{ voucher: offer.coveted }, ...pools] : pools,
    client: clientOf(i),
  };
};

/** Who asks for what, in the order of the list. */
export const ordersOf = (buyers: readonly Buyer[], offer: Offer): readonly Order[] => {
  const coveters = Math.min(COVETERS, Math.ceil(buyers.length / 4));
  return buyers.map((buyer, i) => orderOf(buyer, i, i < coveters, offer));
};

/**
 * What a client asks that lost the answer: the same. A customer who may join but once orders anew instead, and gets the
 * code they have.
 */
export const repeated = (order: Order, source: PublicationSource): Order => {
  const { request } = order;
  const sourceId = request.joinOnce === true ? `${request.sourceId}-again` : request.sourceId;
  return { request: { ...request, sourceId: sourceId ?? null }, sources: [source], client: "repeating" };
};
