import type { PublicationInput, PublicationSource } from "oncecode";
import type { CustomerRow } from "./customer-rows.ts";

/**
 * A `steady` client asks once, an `impatient` one twice in the same breath, a `forgetful` one loses the answer and asks
 * again when all others are done. `repeating` marks those second requests.
 */
type ClientBehavior = "steady" | "impatient" | "forgetful" | "repeating";

/** What one customer asks for: of the first source that gives. */
export interface Order {
  readonly request: Omit<PublicationInput, "voucher" | "campaign">;
  readonly sources: readonly PublicationSource[];
  readonly client: ClientBehavior;
}

export interface Offer {
  /** The merchant's own codes. */
  readonly merchantCampaign: string;
  /** The campaign that extends itself. */
  readonly extendingCampaign: string;
  /** A code that several customers ask for by name; null if there is none. */
  readonly contestedCode: string | null;
  /** Marks what this run publishes. */
  readonly runId: string;
}

const CONTESTED_ORDERS_MAX = 12;
const UNRELIABLE_EVERY = 7;

const clientOf = (i: number): ClientBehavior => {
  if (i % UNRELIABLE_EVERY !== 0) return "steady";
  return i % 2 === 0 ? "impatient" : "forgetful";
};

const orderOf = (customerRow: CustomerRow, i: number, asksForContestedCode: boolean, offer: Offer): Order => {
  const { source_id: id, name, email, city, tier, channel } = customerRow;
  const campaigns: readonly PublicationSource[] = [
    { campaign: offer.merchantCampaign },
    { campaign: offer.extendingCampaign },
  ];
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
      metadata: { ...(tier === "" ? {} : { tier }), run: offer.runId },
      sourceId: `demo-order-${id}`,
      joinOnce: tier === "gold",
    },
    sources:
      asksForContestedCode && offer.contestedCode !== null
        ? [{ voucher: offer.contestedCode }, ...campaigns]
        : campaigns,
    client: clientOf(i),
  };
};

/** Who asks for what, in the order of the list. */
export const ordersOf = (customerRows: readonly CustomerRow[], offer: Offer): readonly Order[] => {
  const contestedOrders = Math.min(CONTESTED_ORDERS_MAX, Math.ceil(customerRows.length / 4));
  return customerRows.map((buyer, i) => orderOf(buyer, i, i < contestedOrders, offer));
};

/**
 * What a client asks that lost the answer: the same. A customer who may join but once orders anew instead, and gets the
 * code they have.
 */
export const repeatOrder = (order: Order, source: PublicationSource): Order => {
  const { request } = order;
  const sourceId = request.joinOnce === true ? `${request.sourceId}-again` : request.sourceId;
  return { request: { ...request, sourceId: sourceId ?? null }, sources: [source], client: "repeating" };
};
