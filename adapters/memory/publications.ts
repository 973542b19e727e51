import {
  type Draft,
  type DraftCustomer,
  type FailedDraft,
  hasExpired,
  type Publications,
  publicationWithVouchers,
  publishedVoucher,
  type Settlement,
  type SuccessfulPublication,
  type VoucherRecord,
} from "oncecode";
import { isCurrent, type Store } from "./store.ts";

type Refusal = Exclude<Settlement, { readonly type: "published" | "owned" }>;

/** The vouchers of a draft, and the new vouchers that it adds to the pool. */
interface Allocation {
  readonly type: "allocation";
  readonly vouchers: readonly VoucherRecord[];
  readonly spares: readonly VoucherRecord[];
}

const allocation = (vouchers: readonly VoucherRecord[], spares: readonly VoucherRecord[] = []): Allocation => ({
  type: "allocation",
  vouchers,
  spares,
});

const uniqueByCode = (vouchers: readonly VoucherRecord[]): readonly VoucherRecord[] => {
  const codes = new Set<string>();
  return vouchers.filter(({ code }) => !codes.has(code) && codes.add(code));
};

const stale: Refusal = { type: "stale" };
const short: Refusal = { type: "short" };
const unsuitable = (reason: "published" | "disabled" | "expired" | "gone"): Refusal => ({
  type: "unsuitable",
  reason,
});

export const publications = (store: Store): Publications => {
  const findOwner = ({ publication: { id }, keys }: Draft): SuccessfulPublication | undefined => {
    const sameId = store.publications.get(id);
    if (sameId?.result === "SUCCESS") return sameId;
    for (const key of keys) {
      const owner = store.publications.getByName(key);
      if (owner?.result === "SUCCESS") return owner;
    }
    return undefined;
  };

  const isStale = (customer: DraftCustomer): boolean =>
    customer.type === "known"
      ? store.customers.get(customer.id) === undefined
      : !isCurrent(customer.write, store.customers) || store.customers.isNameTaken(customer.write.record);

  const allocateNamedVoucher = (id: VoucherRecord["id"], { now }: Draft): Allocation | Refusal => {
    const voucher = store.vouchers.get(id);
    if (voucher === undefined) return unsuitable("gone");
    if (voucher.publicationId !== null) return unsuitable("published");
    if (!voucher.active) return unsuitable("disabled");
    return hasExpired(voucher, now) ? unsuitable("expired") : allocation([voucher]);
  };

  const allocateFromPool = (
    selection: Extract<Draft["selection"], { readonly type: "campaign" }>,
    { now }: Draft,
  ): Allocation | Refusal => {
    if (store.campaigns.get(selection.campaignId)?.revision !== selection.revision) return stale;
    const poolVouchers = store.poolOf(selection.campaignId).candidates(selection.startRank, selection.count, now);
    const shortfall = selection.count - poolVouchers.length;
    if (shortfall === 0) return allocation(poolVouchers);
    const usableFresh = uniqueByCode(selection.fresh).filter((voucher) => !store.vouchers.isNameTaken(voucher));
    if (usableFresh.length < shortfall) return short;
    return allocation(
      [...poolVouchers, ...usableFresh.slice(0, shortfall)],
      usableFresh.slice(shortfall, shortfall + selection.spares),
    );
  };

  const publish = (draft: Draft, { vouchers, spares }: Allocation): Settlement => {
    const publication = publicationWithVouchers(draft, vouchers);
    const publishedVouchers = vouchers.map((voucher) => publishedVoucher(draft, voucher));
    if (draft.customer.type === "write") store.customers.set(draft.customer.write.record);
    for (const voucher of publishedVouchers) store.setVoucher(voucher);
    for (const voucher of spares) store.setVoucher(voucher);
    for (const key of draft.keys) store.publications.setNameOwner(key, publication);
    store.publications.set(publication);
    return { type: "published", publication, vouchers: publishedVouchers };
  };

  const settle = (draft: Draft): Settlement => {
    const publication = findOwner(draft);
    if (publication !== undefined) return { type: "owned", publication };
    if (isStale(draft.customer)) return stale;
    const result =
      draft.selection.type === "voucher"
        ? allocateNamedVoucher(draft.selection.voucherId, draft)
        : allocateFromPool(draft.selection, draft);
    return result.type === "allocation" ? publish(draft, result) : result;
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
