import type { CampaignId, Code, Draft, DraftCustomer, VoucherId } from "oncecode";

/** The customers that earlier items of the call write. */
export class WrittenCustomers {
  readonly #keys: Set<string> = new Set();

  has(customer: DraftCustomer): boolean {
    return customerIdentities(customer).some((key) => this.#keys.has(key));
  }

  add(customer: DraftCustomer): void {
    if (customer.type === "write") for (const key of customerIdentities(customer)) this.#keys.add(key);
  }
}

/** A source id becomes JSON text, which never equals an id. */
const customerIdentities = (customer: DraftCustomer): readonly string[] => {
  if (customer.type === "known") return [customer.id];
  const { id, sourceId } = customer.write.record;
  return sourceId === null ? [id] : [id, JSON.stringify([sourceId])];
};

/** The selections of deferred drafts. A later draft must not take their vouchers, because the deferred drafts come first. */
export class DeferredSelections {
  readonly #pools: Set<CampaignId> = new Set();
  readonly #vouchers: Set<VoucherId> = new Set();
  readonly #codes: Set<Code> = new Set();

  add(selection: Draft["selection"]): void {
    if (selection.type === "voucher") {
      this.#vouchers.add(selection.voucherId);
      return;
    }
    this.#pools.add(selection.campaignId);
    for (const { code } of selection.fresh) this.#codes.add(code);
  }

  /** Whether a deferred draft may need the same voucher or code. A named voucher may be in any of the pools. */
  mayOverlap(selection: Draft["selection"]): boolean {
    if (selection.type === "voucher") return this.#vouchers.has(selection.voucherId) || this.#pools.size > 0;
    const mayWantSameVoucher = this.#vouchers.size > 0 || this.#pools.has(selection.campaignId);
    return mayWantSameVoucher || (this.#codes.size > 0 && selection.fresh.some(({ code }) => this.#codes.has(code)));
  }
}
