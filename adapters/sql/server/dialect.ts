import type { RawBuilder } from "kysely";
import type { CampaignId, Draft, Instant, VoucherSelection } from "oncecode";
import type { PageDialect } from "../pages.ts";
import type { VoucherRow } from "../schema.ts";
import type { Session } from "./database.ts";
import type { Claim } from "./decision.ts";
import type { ErrorRules } from "./errors.ts";
import type { Snapshot, SnapshotRequest } from "./snapshot.ts";

/** The claims that hold, by the draft's place, each with the rows of the vouchers that were there, as they are now. */
export type ClaimedVouchers = ReadonlyMap<number, readonly VoucherRow[]>;

/** A draft that takes from a pool, and its place in the call. */
export interface Draw {
  readonly n: number;
  readonly draft: Draft;
  readonly selection: Extract<VoucherSelection, { readonly type: "campaign" }>;
}

/** Where expired vouchers are to be set aside. */
export interface SetAside {
  readonly campaignId: CampaignId;
  readonly now: Instant;
}

/** All that one kind of server says or does in its own way. */
export interface ServerDialect extends PageDialect, ErrorRules {
  /** Whether a claim is one statement. */
  readonly claimsInOneStatement: boolean;
  /** The text of a statement that is run over and over. */
  compile(statement: RawBuilder<unknown>): string;
  /** The rows of `from` in which `column` is one of a `list`, found by its index: what comes after `select …`. */
  fromWhereIn(from: RawBuilder<unknown>, column: RawBuilder<unknown>): RawBuilder<unknown>;
  /** Values for `among`. */
  listParameter(values: readonly string[]): unknown;
  /** What stands at the end of a select whose rows nobody may change before we are done. */
  readonly forShare: RawBuilder<unknown>;
  /** Looks at all of it. What is owned is looked at last, unless all is seen at one instant. */
  loadSnapshot(session: Session, request: SnapshotRequest): Promise<Snapshot>;
  /**
   * Draws and writes at once, for those drafts for which it can, and writes nothing of the others: each with its vouchers
   * as they are now, in the order of the walk. Null if only a look can tell what to claim.
   */
  readonly draw: ((session: Session, draws: readonly Draw[]) => Promise<ClaimedVouchers>) | null;
  /** Writes those claims that still hold, whole, and nothing of the others. */
  claim(session: Session, claims: readonly Claim[]): Promise<ClaimedVouchers>;
  /** Inserts those vouchers of which no unique column has the value of another. */
  insertIgnoringConflicts(session: Session, vouchers: readonly VoucherRow[]): Promise<void>;
  /** Sets some of the expired vouchers of a campaign aside. */
  setAsideExpired(session: Session, setAside: SetAside): Promise<void>;
  /** What is set on a voucher's row when it is edited, so that it is set aside no longer. */
  readonly notSetAside: readonly RawBuilder<unknown>[];
  /**
   * Puts what is kept beside vouchers in line with those of a condition, by `id` or `campaign_id`: they were created,
   * edited or deleted in the transaction that is open.
   */
  syncPool(session: Session, vouchers: RawBuilder<unknown>): Promise<void>;
}
