import {
  type CampaignId,
  type Code,
  type Draft,
  type DraftCustomer,
  type FailedDraft,
  hasExpired,
  publicationWithVouchers,
  publishedVoucher,
  type Settlement,
  type SuccessfulPublication,
  type VoucherId,
  type VoucherRecord,
} from "oncecode";
import { DeferredSelections, WrittenCustomers } from "./earlier-items.ts";
import { type Claim, DEFER, final, type Plan } from "./plan.ts";
import type { NamedVoucher, Snapshot } from "./snapshot.ts";

type SelectionOf<T extends Draft["selection"]["type"]> = Extract<Draft["selection"], { readonly type: T }>;
type DraftPlan = Plan<Settlement>;
type Allocation = Pick<Claim, "campaign" | "existing" | "fresh" | "spares" | "waitsForLocks">;

const provisional = (settlement: Settlement): DraftPlan => ({ type: "answer", answer: settlement, isFinal: false });
const STALE: DraftPlan = final({ type: "stale" });

type Unsuitable = Extract<Settlement, { readonly type: "unsuitable" }>;
const unsuitable = (reason: Unsuitable["reason"]): Settlement => ({ type: "unsuitable", reason });

/** Whether the customer has changed since the engine's decision. */
const isStale = (customer: DraftCustomer, { customers, sourceIds }: Snapshot): boolean => {
  if (customer.type === "known") return !customers.has(customer.id);
  const { record, replaces } = customer.write;
  if ((customers.get(record.id) ?? null) !== replaces) return true;
  const owner = record.sourceId === null ? undefined : sourceIds.get(record.sourceId);
  return owner !== undefined && owner !== record.id;
};

/** The publication that has the draft's id, or owns one of its keys. */
const findOwner = (
  { publication: { id }, keys }: Draft,
  { publications, owners }: Snapshot,
): SuccessfulPublication | null => {
  const sameId = publications.get(id);
  if (sameId?.result === "SUCCESS") return sameId;
  for (const key of keys) {
    const owner = owners.get(key);
    if (owner !== undefined) return owner;
  }
  return null;
};

/** Decides on the failures of one call, in order, by the snapshot. Writes nothing. */
export class FailurePlanner {
  readonly #snapshot: Snapshot;
  readonly #writtenCustomers: WrittenCustomers = new WrittenCustomers();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  plan(n: number, { publication, customer }: FailedDraft): Plan<"recorded" | "stale"> {
    if (this.#snapshot.publications.has(publication.id)) return final("recorded");
    if (this.#writtenCustomers.has(customer)) return DEFER;
    if (isStale(customer, this.#snapshot)) return final("stale");
    this.#writtenCustomers.add(customer);
    const emptyAllocation = { keys: [], campaign: null, existing: [], fresh: [], spares: [], waitsForLocks: false };
    const { createdAt: now } = publication;
    return { type: "claim", claim: { n, publication, customer, now, expirationDate: null, ...emptyAllocation } };
  }
}

/** Plans the drafts of one call, in order, by the snapshot. Writes nothing. */
export class DraftPlanner {
  readonly #snapshot: Snapshot;
  /** Vouchers that other calls have locked. A draft takes them only if no others are left. */
  readonly #contendedIds: ReadonlySet<VoucherId>;
  /** The drafts whose fresh codes are in the snapshot. */
  readonly #draftsWithLoadedCodes: ReadonlySet<number>;

  // What the earlier drafts of this call will write. Nothing of it is written yet.
  readonly #allocatedIds: Set<VoucherId> = new Set();
  readonly #newCodes: Set<Code> = new Set();
  readonly #extendedCampaigns: Set<CampaignId> = new Set();
  readonly #writtenCustomers: WrittenCustomers = new WrittenCustomers();
  readonly #deferredSelections: DeferredSelections = new DeferredSelections();

  constructor(snapshot: Snapshot, contendedIds: ReadonlySet<VoucherId>, draftsWithLoadedCodes: ReadonlySet<number>) {
    this.#snapshot = snapshot;
    this.#contendedIds = contendedIds;
    this.#draftsWithLoadedCodes = draftsWithLoadedCodes;
  }

  plan(n: number, draft: Draft): DraftPlan {
    const plan = this.#planDraft(n, draft);
    if (plan.type === "defer") {
      this.#deferredSelections.add(draft.selection);
      this.#writtenCustomers.add(draft.customer);
    }
    return plan;
  }

  #planDraft(n: number, draft: Draft): DraftPlan {
    const owner = findOwner(draft, this.#snapshot);
    if (owner !== null) return final({ type: "owned", publication: owner });
    if (this.#writtenCustomers.has(draft.customer)) return DEFER;
    if (isStale(draft.customer, this.#snapshot)) return STALE;
    if (this.#deferredSelections.mayOverlap(draft.selection)) return DEFER;
    const allocation =
      draft.selection.type === "voucher"
        ? this.#allocateNamedVoucher(draft.selection, draft)
        : this.#allocateFromPool(n, draft.selection, draft);
    return "type" in allocation ? allocation : this.#toClaim(n, draft, allocation);
  }

  #allocateNamedVoucher({ voucherId }: SelectionOf<"voucher">, { now }: Draft): Allocation | DraftPlan {
    const voucher: NamedVoucher | undefined = this.#snapshot.vouchers.get(voucherId);
    if (voucher === undefined) return final(unsuitable("gone"));
    if (voucher.isPublished) return final(unsuitable("published"));
    if (this.#allocatedIds.has(voucherId)) return provisional(unsuitable("published"));
    if (!voucher.active) return final(unsuitable("disabled"));
    if (hasExpired(voucher, now)) return final(unsuitable("expired"));
    return {
      campaign: null,
      existing: [voucher],
      fresh: [],
      spares: [],
      waitsForLocks: this.#contendedIds.has(voucherId),
    };
  }

  #allocateFromPool(n: number, selection: SelectionOf<"campaign">, draft: Draft): Allocation | DraftPlan {
    const { campaignId, revision, count } = selection;
    if (this.#snapshot.campaigns.get(campaignId) !== revision) return STALE;
    const { candidates, hasReachedEnd } = this.#snapshot.walks.get(campaignId) ?? {
      candidates: [],
      hasReachedEnd: true,
    };
    const free = candidates.filter((voucher) => !this.#allocatedIds.has(voucher.id) && !hasExpired(voucher, draft.now));
    const uncontended = free.filter(({ id }) => !this.#contendedIds.has(id));
    const campaign = { id: campaignId, revision };
    const fromPool = { campaign, fresh: [], spares: [] };
    if (uncontended.length >= count)
      return { ...fromPool, existing: uncontended.slice(0, count), waitsForLocks: false };
    if (!hasReachedEnd) return { type: "load-more", missing: "pool" };
    if (free.length >= count) return { ...fromPool, existing: free.slice(0, count), waitsForLocks: true };
    const newVouchers = this.#allocateNewVouchers(n, selection, count - free.length, draft);
    return "type" in newVouchers
      ? newVouchers
      : { campaign, existing: free, ...newVouchers, waitsForLocks: uncontended.length < free.length };
  }

  /** Chooses new vouchers for the shortfall. */
  #allocateNewVouchers(
    n: number,
    { campaignId, fresh, spares }: SelectionOf<"campaign">,
    shortfall: number,
    draft: Draft,
  ): Pick<Allocation, "fresh" | "spares"> | DraftPlan {
    if (this.#extendedCampaigns.has(campaignId)) return DEFER;
    if (fresh.length < shortfall) return provisional({ type: "short" });
    if (!this.#draftsWithLoadedCodes.has(n)) return { type: "load-more", missing: "codes" };
    const free = this.#withFreeCodes(fresh, shortfall + spares);
    if (free.length < shortfall) return provisional({ type: "short" });
    return {
      fresh: free.slice(0, shortfall).map((voucher) => publishedVoucher(draft, voucher)),
      spares: free.slice(shortfall),
    };
  }

  #withFreeCodes(fresh: readonly VoucherRecord[], limit: number): readonly VoucherRecord[] {
    const free = new Map<Code, VoucherRecord>();
    for (const voucher of fresh) {
      const { code } = voucher;
      if (free.size === limit) break;
      const isTaken = free.has(code) || this.#newCodes.has(code) || this.#snapshot.takenCodes.has(code);
      if (!isTaken) free.set(code, voucher);
    }
    return [...free.values()];
  }

  #toClaim(n: number, draft: Draft, allocation: Allocation): DraftPlan {
    const { existing, fresh, spares, campaign } = allocation;
    for (const { id } of existing) this.#allocatedIds.add(id);
    for (const { code } of [...fresh, ...spares]) this.#newCodes.add(code);
    if (campaign !== null && spares.length > 0) this.#extendedCampaigns.add(campaign.id);
    this.#writtenCustomers.add(draft.customer);
    const { keys, customer, now, expirationDate } = draft;
    const publication = publicationWithVouchers(draft, [...existing, ...fresh]);
    return { type: "claim", claim: { n, publication, customer, keys, now, expirationDate, ...allocation } };
  }
}
