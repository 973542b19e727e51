import type { CampaignId, Draft, DraftCustomer, Instant, PublicationRecord, VoucherRecord } from "oncecode";
import type { Candidate } from "./snapshot.ts";

/** The writes for one draft or failure. The dialect writes all of them, or none. */
export interface Claim {
  /** The position of the draft in the call. */
  readonly n: number;
  readonly publication: PublicationRecord;
  readonly customer: DraftCustomer;
  readonly keys: Draft["keys"];
  /** The campaign must still have this revision. */
  readonly campaign: { readonly id: CampaignId; readonly revision: number } | null;
  readonly now: Instant;
  readonly expirationDate: Instant | null;
  /** Vouchers that exist. Each must still be as in the snapshot. */
  readonly existing: readonly Candidate[];
  /** New vouchers for the shortfall, in their published form. */
  readonly fresh: readonly VoucherRecord[];
  /** New vouchers for the pool. */
  readonly spares: readonly VoucherRecord[];
  /** Whether the claim takes a voucher that another call has locked, so that it must wait for that lock. */
  readonly waitsForLocks: boolean;
}

/**
 * The plan for a draft or a failure.
 *
 * - `answer`: the answer. `isFinal` is false if the answer depends on vouchers that earlier drafts of the call take.
 * - `claim`: the writes to make.
 * - `defer`: the plan depends on the writes of an earlier draft, which must be stored first.
 * - `load-more`: the snapshot must show more of the pool or of the codes.
 */
export type Plan<Answer> =
  | { readonly type: "answer"; readonly answer: Answer; readonly isFinal: boolean }
  | { readonly type: "claim"; readonly claim: Claim }
  | { readonly type: "defer" }
  | { readonly type: "load-more"; readonly missing: "pool" | "codes" };

export const DEFER: Plan<never> = { type: "defer" };
export const final = <Answer>(answer: Answer): Plan<Answer> => ({ type: "answer", answer, isFinal: true });
