import type { CampaignId, Draft, Settlement, VoucherId, VoucherRecord, VoucherSelection } from "oncecode";
import { isLive, Pool } from "./pool.ts";
import type { Store } from "./store.ts";

export type Refusal = Exclude<Settlement, { readonly type: "published" | "owned" }>;

/** What a draft gets. Nothing of it is written yet. */
export interface Allocation {
  readonly type: "taking";
  /** Of those that are there. */
  readonly present: readonly VoucherRecord[];
  /** Made for the shortfall, and for the pool. */
  readonly fresh: readonly VoucherRecord[];
  readonly spares: readonly VoucherRecord[];
}

const allocation = (
  present: readonly VoucherRecord[],
  fresh: readonly VoucherRecord[] = [],
  spares: readonly VoucherRecord[] = [],
): Allocation => ({ type: "taking", present, fresh, spares });

export const stale: Refusal = { type: "stale" };
const short: Refusal = { type: "short" };
const unsuitable = (why: "published" | "disabled" | "expired" | "gone"): Refusal => ({
  type: "unsuitable",
  reason: why,
});

/** Chooses vouchers for the drafts of one transaction, in which nobody else can change a campaign. */
export class VoucherAllocator {
  readonly #store: Store;
  readonly #pool: Pool;
  readonly #revisions: Map<CampaignId, number | null> = new Map();

  constructor(store: Store) {
    this.#store = store;
    this.#pool = new Pool(store.statements);
  }

  choose({ selection, now }: Draft): Allocation | Refusal {
    return selection.type === "voucher" ? this.#named(selection.voucherId, now) : this.#drawn(selection, now);
  }

  #named(id: VoucherId, now: Draft["now"]): Allocation | Refusal {
    const voucher = this.#store.tables.vouchers.find({ id });
    if (voucher === null) return unsuitable("gone");
    if (voucher.publicationId !== null) return unsuitable("published");
    if (!voucher.active) return unsuitable("disabled");
    return isLive(voucher, now) ? allocation([voucher]) : unsuitable("expired");
  }

  #drawn(take: Extract<VoucherSelection, { readonly type: "campaign" }>, now: Draft["now"]): Allocation | Refusal {
    const { campaignId, revision, count, startRank, spares } = take;
    if (this.#revisionOf(campaignId) !== revision) return stale;
    const drawn = this.#pool.draw({ campaignId, at: startRank, count, now });
    const shortfall = count - drawn.length;
    if (shortfall === 0) return allocation(drawn);
    const free = this.#withFreeCodes(take.fresh, shortfall + spares);
    if (free.length < shortfall) return short;
    this.#pool.refilled(campaignId);
    return allocation(drawn, free.slice(0, shortfall), free.slice(shortfall));
  }

  #revisionOf(id: CampaignId): number | null {
    const known = this.#revisions.get(id);
    const revision = known === undefined ? this.#store.tables.campaigns.revisionOf(id) : known;
    this.#revisions.set(id, revision);
    return revision;
  }

  #withFreeCodes(fresh: readonly VoucherRecord[], most: number): readonly VoucherRecord[] {
    const free = new Map<string, VoucherRecord>();
    for (const voucher of fresh) {
      if (free.size === most) break;
      if (!free.has(voucher.code) && !this.#store.tables.vouchers.isNameTaken(voucher)) free.set(voucher.code, voucher);
    }
    return [...free.values()];
  }
}
