import type { RawBuilder } from "kysely";
import type { CampaignId, Draft, Instant, VoucherSelection } from "oncecode";
import type { PageDialect } from "../pages.ts";
import type { VoucherRow } from "../schema.ts";
import type { Session } from "./database.ts";
import type { ErrorRules } from "./errors.ts";
import type { Claim } from "./plan.ts";
import type { Snapshot, SnapshotRequest } from "./snapshot.ts";

/** The written claims, by position of the draft. Each has the new rows of the vouchers that existed before. */
export type ClaimedVouchers = ReadonlyMap<number, readonly VoucherRow[]>;

/** A draft that takes from a pool, with its position in the call. */
export interface Draw {
  readonly n: number;
  readonly draft: Draft;
  readonly selection: Extract<VoucherSelection, { readonly type: "campaign" }>;
}

/** The campaign whose expired vouchers are to be set aside. */
export interface SetAsideRequest {
  readonly campaignId: CampaignId;
  readonly now: Instant;
}

/** The statements and rules that differ between kinds of servers. */
export interface ServerDialect extends PageDialect, ErrorRules {
  /** Whether a claim is a single statement. */
  readonly claimsInOneStatement: boolean;
  /** Compiles the text of a statement. */
  compile(statement: RawBuilder<unknown>): string;
  /** The part after `select …`: the rows of `from` in which `column` has a value of the list, found by an index. */
  fromWhereIn(from: RawBuilder<unknown>, column: RawBuilder<unknown>): RawBuilder<unknown>;
  /** The parameter for the list of `fromWhereIn`. */
  listParameter(values: readonly string[]): unknown;
  /** The locking clause of a select whose rows must not change before our transaction ends. */
  readonly forShare: RawBuilder<unknown>;
  /** Loads a snapshot. If it takes several statements, the owners of keys come last. */
  loadSnapshot(session: Session, request: SnapshotRequest): Promise<Snapshot>;
  /**
   * The fast path: draws and claims in one step, for as many drafts as possible, and writes nothing for the others.
   * Returns the vouchers of each settled draft in the order of the walk. Null if the dialect has no fast path.
   */
  readonly draw: ((session: Session, draws: readonly Draw[]) => Promise<ClaimedVouchers>) | null;
  /** Writes those claims whose snapshot still holds, each of them whole, and nothing of the others. */
  claim(session: Session, claims: readonly Claim[]): Promise<ClaimedVouchers>;
  /** Inserts vouchers, and skips those whose id or code exists. */
  insertIgnoringConflicts(session: Session, vouchers: readonly VoucherRow[]): Promise<void>;
  /** Sets expired vouchers of a campaign aside, at most `SET_ASIDE_MAX`. */
  setAsideExpired(session: Session, setAside: SetAsideRequest): Promise<void>;
  /** Assignments for an edit of a voucher, so that the voucher is no longer set aside. */
  readonly setAsideReset: readonly RawBuilder<unknown>[];
  /**
   * Updates the pool table for the vouchers of a condition on `id` or `campaign_id`, after the open transaction has
   * created, edited or deleted them.
   */
  syncPool(session: Session, vouchers: RawBuilder<unknown>): Promise<void>;
}
