import type { Draft, DraftCustomer, FailedDraft, Publications, Settlement, Success, VoucherRecord } from "oncecode";
import { isLive } from "./pool.ts";
import { isCurrent, type Store } from "./store.ts";

type Refusal = Exclude<Settlement, { readonly type: "published" | "owned" }>;

/** What a draft gets: vouchers for its customer, and new ones for the pool. */
interface Taking {
  readonly type: "taking";
  readonly vouchers: readonly VoucherRecord[];
  readonly spares: readonly VoucherRecord[];
}

const taking = (vouchers: readonly VoucherRecord[], spares: readonly VoucherRecord[] = []): Taking => ({
  type: "taking",
  vouchers,
  spares,
});

const uniqueByCode = (vouchers: readonly VoucherRecord[]): readonly VoucherRecord[] => {
  const codes = new Set<string>();
  return vouchers.filter(({ code }) => !codes.has(code) && codes.add(code));
};

const stale: Refusal = { type: "stale" };
const short: Refusal = { type: "short" };
const unsuitable = (why: "published" | "disabled" | "expired" | "gone"): Refusal => ({
  type: "unsuitable",
  reason: why,
});

export const publications = (store: Store): Publications => {
  const ownerOf = ({ publication: { id }, keys }: Draft): Success | undefined => {
    const own = store.publications.get(id);
    if (own?.result === "SUCCESS") return own;
    for (const key of keys) {
      const owner = store.publications.named(key);
      if (owner?.result === "SUCCESS") return owner;
    }
    return undefined;
  };

  const isStale = (customer: DraftCustomer): boolean =>
    customer.type === "known"
      ? store.customers.get(customer.id) === undefined
      : !isCurrent(customer.write, store.customers) || store.customers.isNameTaken(customer.write.record);

  const takeNamed = (id: VoucherRecord["id"], { now }: Draft): Taking | Refusal => {
    const voucher = store.vouchers.get(id);
    if (voucher === undefined) return unsuitable("gone");
    if (voucher.publicationId !== null) return unsuitable("published");
    if (!voucher.active) return unsuitable("disabled");
    return isLive(voucher, now) ? taking([voucher]) : unsuitable("expired");
  };

  const takeAny = (
    take: Extract<Draft["selection"], { readonly type: "campaign" }>,
    { now }: Draft,
  ): Taking | Refusal => {
    if (store.campaigns.get(take.campaignId)?.revision !== take.revision) return stale;
    const chosen = store.poolOf(take.campaignId).choose(take.startRank, take.count, now);
    const shortfall = take.count - chosen.length;
    if (shortfall === 0) return taking(chosen);
    const free = uniqueByCode(take.fresh).filter((voucher) => !store.vouchers.isNameTaken(voucher));
    if (free.length < shortfall) return short;
    return taking([...chosen, ...free.slice(0, shortfall)], free.slice(shortfall, shortfall + take.spares));
  };

  const publish = (draft: Draft, { vouchers, spares }: Taking): Settlement => {
    const publication: Success = {
      ...draft.publication,
      codes: vouchers.map(({ code }) => code),
      voucherIds: vouchers.map(({ id }) => id),
    };
    const published = vouchers.map((voucher) => ({
      ...voucher,
      holderId: publication.customerId,
      publicationId: publication.id,
      expirationDate: draft.expirationDate ?? voucher.expirationDate,
      updatedAt: draft.now,
      revision: voucher.revision + 1,
    }));
    if (draft.customer.type === "write") store.customers.set(draft.customer.write.record);
    for (const voucher of published) store.setVoucher(voucher);
    for (const voucher of spares) store.setVoucher(voucher);
    for (const key of draft.keys) store.publications.own(key, publication);
    store.publications.set(publication);
    return { type: "published", publication, vouchers: published };
  };

  const settle = (draft: Draft): Settlement => {
    const publication = ownerOf(draft);
    if (publication !== undefined) return { type: "owned", publication };
    if (isStale(draft.customer)) return stale;
    const taken =
      draft.selection.type === "voucher"
        ? takeNamed(draft.selection.voucherId, draft)
        : takeAny(draft.selection, draft);
    return taken.type === "taking" ? publish(draft, taken) : taken;
  };

  const record = ({ publication, customer }: FailedDraft): "recorded" | "stale" => {
    if (store.publications.get(publication.id) !== undefined) return "recorded";
    if (isStale(customer)) return "stale";
    if (customer.type === "write") store.customers.set(customer.write.record);
    store.publications.set(publication);
    return "recorded";
  };

  return {
    settle: async (drafts) => drafts.map(settle),
    record: async (failures) => failures.map(record),
  };
};
