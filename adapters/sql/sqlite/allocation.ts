import {
  type CampaignId,
  type Draft,
  hasExpired,
  type Settlement,
  type VoucherId,
  type VoucherRecord,
  type VoucherSelection,
} from "oncecode";
import { Pool } from "./pool.ts";
import type { Store } from "./store.ts";

export type Refusal = Exclude<Settlement, { readonly type: "published" | "owned" }>;

/** The vouchers of one draft. None of them is written yet. */
export interface Allocation {
  readonly type: "allocation";
  /** Vouchers that the store holds. */
  readonly existing: readonly VoucherRecord[];
  /** New vouchers for the draft. */
  readonly fresh: readonly VoucherRecord[];
  /** New vouchers for the pool. */
  readonly spares: readonly VoucherRecord[];
}

const allocation = (
  existing: readonly VoucherRecord[],
  fresh: readonly VoucherRecord[] = [],
  spares: readonly VoucherRecord[] = [],
): Allocation => ({ type: "allocation", existing, fresh, spares });

export const stale: Refusal = { type: "stale" };
const short: Refusal = { type: "short" };
const unsuitable = (reason: "published" | "disabled" | "expired" | "gone"): Refusal => ({ type: "unsuitable", reason });

/** Allocates vouchers to the drafts of one transaction. Meanwhile no other transaction can change a campaign. */
export class VoucherAllocator {
  readonly #store: Store;
  readonly #pool: Pool;
  readonly #revisions: Map<CampaignId, number | null> = new Map();

  constructor(store: Store) {
    this.#store = store;
    this.#pool = new Pool(store.statements);
  }

  allocate({ selection, now }: Draft): Allocation | Refusal {
    return selection.type === "voucher"
      ? this.#allocateNamedVoucher(selection.voucherId, now)
      : this.#allocateFromPool(selection, now);
  }

  #allocateNamedVoucher(id: VoucherId, now: Draft["now"]): Allocation | Refusal {
    const voucher = this.#store.tables.vouchers.find({ id });
    if (voucher === null) return unsuitable("gone");
    if (voucher.publicationId !== null) return unsuitable("published");
    if (!voucher.active) return unsuitable("disabled");
    return hasExpired(voucher, now) ? unsuitable("expired") : allocation([voucher]);
  }

  #allocateFromPool(
    selection: Extract<VoucherSelection, { readonly type: "campaign" }>,
    now: Draft["now"],
  ): Allocation | Refusal {
    const { campaignId, revision, count, startRank, spares } = selection;
    if (this.#revisionOf(campaignId) !== revision) return stale;
    const poolVouchers = this.#pool.candidates({ campaignId, startRank, count, now });
    const shortfall = count - poolVouchers.length;
    if (shortfall === 0) return allocation(poolVouchers);
    const fresh = this.#withFreeCodes(selection.fresh, shortfall + spares);
    if (fresh.length < shortfall) return short;
    this.#pool.markRefilled(campaignId);
    return allocation(poolVouchers, fresh.slice(0, shortfall), fresh.slice(shortfall));
  }

  #revisionOf(id: CampaignId): number | null {
    const known = this.#revisions.get(id);
    const revision = known === undefined ? this.#store.tables.campaigns.revisionOf(id) : known;
    this.#revisions.set(id, revision);
    return revision;
  }

  /** Up to `max` of the vouchers, without those whose code exists. */
  #withFreeCodes(vouchers: readonly VoucherRecord[], max: number): readonly VoucherRecord[] {
    const free = new Map<string, VoucherRecord>();
    for (const voucher of vouchers) {
      if (free.size === max) break;
      if (!free.has(voucher.code) && !this.#store.tables.vouchers.isNameTaken(voucher)) free.set(voucher.code, voucher);
    }
    return [...free.values()];
  }
}
