import type { PublicationInput, PublicationSource } from "oncecode";
import type { CustomerRow } from "./customer-rows.ts";

/**
 * A `no-retry` client sends one request. A `concurrent-retry` client sends two at the same time. A `late-retry` client loses
 * the answer, and sends the request again after all other clients. `retry` marks the second requests.
 */
type ClientBehavior = "no-retry" | "concurrent-retry" | "late-retry" | "retry";

/** The order of one customer: a code from the first source that has one. */
export interface Order {
  readonly request: Omit<PublicationInput, "voucher" | "campaign">;
  readonly sources: readonly PublicationSource[];
  readonly client: ClientBehavior;
}

export interface Offer {
  /** The campaign with the codes of the merchant. */
  readonly merchantCampaign: string;
  /** The campaign that extends itself. */
  readonly extendingCampaign: string;
  /** A code that several customers ask for by name, or null. */
  readonly popularCode: string | null;
  /** Marks the publications of this run. */
  readonly runId: string;
}

const POPULAR_ORDERS_MAX = 12;
const UNRELIABLE_EVERY = 7;

const clientOf = (i: number): ClientBehavior => {
  if (i % UNRELIABLE_EVERY !== 0) return "no-retry";
  return i % 2 === 0 ? "concurrent-retry" : "late-retry";
};

const orderOf = (customerRow: CustomerRow, i: number, asksForPopularCode: boolean, offer: Offer): Order => {
  const { source_id: id, name, email, city, tier, channel } = customerRow;
  const campaigns: readonly PublicationSource[] = [
    { campaign: offer.merchantCampaign },
    { campaign: offer.extendingCampaign },
  ];
  return {
    request: {
      // An empty cell is left out, so that it does not overwrite the customer's data.
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
      asksForPopularCode && offer.popularCode !== null ? [{ voucher: offer.popularCode }, ...campaigns] : campaigns,
    client: clientOf(i),
  };
};

/** One order per customer, in the order of the list. */
export const ordersOf = (customerRows: readonly CustomerRow[], offer: Offer): readonly Order[] => {
  const popularOrders = Math.min(POPULAR_ORDERS_MAX, Math.ceil(customerRows.length / 4));
  return customerRows.map((buyer, i) => orderOf(buyer, i, i < popularOrders, offer));
};

/**
 * The second request of a client that lost the answer. With `joinOnce`, it has a new source id, and is still answered with
 * the first publication.
 */
export const repeatOrder = (order: Order, source: PublicationSource): Order => {
  const { request } = order;
  const sourceId = request.joinOnce === true ? `${request.sourceId}-again` : request.sourceId;
  return { request: { ...request, sourceId: sourceId ?? null }, sources: [source], client: "retry" };
};
