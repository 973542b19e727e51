import type { CampaignId, Draft, DraftCustomer, Instant, PublicationRecord, VoucherRecord } from "oncecode";
import type { Candidate } from "./snapshot.ts";

/** What is to be written for one draft or failure: all of it, or nothing. */
export interface Claim {
  /** The draft's place in the call. */
  readonly n: number;
  readonly publication: PublicationRecord;
  readonly customer: DraftCustomer;
  readonly keys: Draft["keys"];
  /** Must still be at this revision. */
  readonly campaign: { readonly id: CampaignId; readonly revision: number } | null;
  readonly now: Instant;
  readonly expirationDate: Instant | null;
  /** Vouchers that are there: each must still be as it was seen. */
  readonly existing: readonly Candidate[];
  /** Vouchers made for the shortfall, as they are once they are published. */
  readonly fresh: readonly VoucherRecord[];
  /** Vouchers made for the pool. */
  readonly spares: readonly VoucherRecord[];
  /** Whether it takes a voucher that somebody else may be about to take, and so has to wait for them. */
  readonly waitsForLocks: boolean;
}

/**
 * What becomes of a draft or a failure.
 *
 * - `answer`: this. If it is `firm`, it does not lean on what the drafts before it take.
 * - `claim`: it is to be written.
 * - `later`: it depends on what a draft before it writes, so that has to be there first.
 * - `look`: more has to be seen, of the pool or of the codes.
 */
export type Decision<Answer> =
  | { readonly type: "answer"; readonly answer: Answer; readonly isFinal: boolean }
  | { readonly type: "claim"; readonly claim: Claim }
  | { readonly type: "defer" }
  | { readonly type: "load-more"; readonly source: "pool" | "codes" };

export const DEFER: Decision<never> = { type: "defer" };
export const final = <Answer>(answer: Answer): Decision<Answer> => ({ type: "answer", answer, isFinal: true });
