import type { Filter } from "./domain/filters.ts";
import type {
  CampaignId,
  Customer,
  CustomerId,
  Failure,
  Instant,
  Key,
  Kind,
  Records,
  Success,
  VoucherId,
  VoucherRecord,
} from "./domain/model.ts";
import type { Query } from "./domain/pages.ts";

/**
 * A record to store, and the revision that it replaces: null for a record that is new. A write that was decided on an
 * older revision is refused as `stale`, so that no update is ever lost.
 */
export interface Write<R> {
  readonly record: R;
  readonly replaces: number | null;
}

/** The customer of a draft: one that is there already, or one to be written in the same commit. */
export type DraftCustomer =
  | { readonly type: "known"; readonly id: CustomerId }
  | { readonly type: "write"; readonly write: Write<Customer> };

/**
 * What a draft takes.
 *
 * - `voucher`: this one, if it is suitable.
 * - `campaign`: `count` suitable vouchers, as the walk along the pool meets them: those of rank `at` or more, in order of
 *   rank, and then those from rank 0. Ranks are random, and so is the choice. Drafts of one call that draw from the same
 *   campaign may share one walk, from where the first of them begins. If there are fewer, the first of `fresh` whose codes
 *   are free make up the shortfall, and up to `spares` more of them go into the pool. The campaign must still be at
 *   `revision`.
 */
export type VoucherSelection =
  | { readonly type: "voucher"; readonly voucherId: VoucherId }
  | {
      readonly type: "campaign";
      readonly campaignId: CampaignId;
      readonly revision: number;
      readonly count: number;
      /** In [0, 1): at random, or where an earlier draw ended. */
      readonly startRank: number;
      readonly fresh: readonly VoucherRecord[];
      readonly spares: number;
    };

/** A publication the engine has approved. The store only has to settle it. */
export interface Draft {
  /** The record to store, once `codes` and `voucherIds` are filled in with what was taken. */
  readonly publication: Success;
  readonly customer: DraftCustomer;
  readonly selection: VoucherSelection;
  /** Names that this publication must be the first to own. Opaque to the store, looked up in this order. */
  readonly keys: readonly Key[];
  /** A voucher is suitable if it is active, unpublished, and has no expiration date or one after `now`. */
  readonly now: Instant;
  /** The expiration date that the taken vouchers get; null to leave theirs. */
  readonly expirationDate: Instant | null;
}

/**
 * - `published`: the vouchers are the customer's, the keys the publication's, the records are stored.
 * - `owned`: a publication with this id, or one that owns one of the keys, is there already: here it is.
 * - `short`: the campaign has fewer suitable vouchers than asked, and `fresh` did not make up for it.
 * - `unsuitable`: why the named voucher cannot be given; `published` comes before `disabled` and `expired`.
 * - `stale`: what the draft was decided on has changed: the customer or the campaign has another revision, is gone, or
 *   its source id is another customer's. Decide again.
 *
 * Only `published` writes anything.
 */
export type Settlement =
  | { readonly type: "published"; readonly publication: Success; readonly vouchers: readonly VoucherRecord[] }
  | { readonly type: "owned"; readonly publication: Success }
  | { readonly type: "short" }
  | { readonly type: "unsuitable"; readonly reason: "published" | "disabled" | "expired" | "gone" }
  | { readonly type: "stale" };

/** A failed attempt to put on record. */
export interface FailedDraft {
  readonly publication: Failure;
  readonly customer: DraftCustomer;
}

/** Publishing: the one step in which a code becomes a customer's. */
export interface Publications {
  /**
   * Settles each draft as if they came one after another, in the order given: one draft's bad end does not touch its
   * neighbours.
   *
   * Checks in this order, and the first that applies is the answer: `owned` by id, `owned` by key, `stale`,
   * `unsuitable` or `short`. When published, each taken voucher gets `holderId`, `publicationId`, `updatedAt` (`now`),
   * one more `revision`, and the draft's `expirationDate` if it has one.
   */
  settle(drafts: readonly Draft[]): Promise<readonly Settlement[]>;

  /** Stores failures, which own no key. One that is there already is `recorded`. */
  record(failures: readonly FailedDraft[]): Promise<readonly ("recorded" | "stale")[]>;
}

/**
 * - `added`: this voucher is there; also when it was there before, so that a repeat is harmless.
 * - `taken`: another voucher has the code, or a voucher that was published and deleted had it.
 * - `gone`: its campaign is not there.
 */
export type AddResult = "added" | "taken" | "gone";

/** New vouchers. */
export interface Stock {
  /**
   * Adds each voucher whose code is still free. If two of one call have the same code, the first gets it. Where several
   * answers apply, the id decides first, then whether the campaign is there, and then the code.
   */
  add(vouchers: readonly VoucherRecord[]): Promise<readonly AddResult[]>;
}

/**
 * How a record is asked for: by id, or by the name that only one of its kind can have. That is a campaign's `name`, a
 * voucher's `code`, a customer's `sourceId`, and any of the keys that a publication owns.
 */
export type Ref = { readonly id: string } | { readonly name: string };

/** The kinds of records that can be changed and deleted. Publications are for good. */
export type EditableKind = "campaigns" | "vouchers" | "customers";

/** - `written`; `taken`: the id or the name is another record's; `stale`: it is no longer at the revision replaced. */
export type PutResult = "written" | "taken" | "stale";

/** Records, one by one. */
export interface Directory {
  /** Finds each record, or null. */
  find<K extends Kind>(kind: K, refs: readonly Ref[]): Promise<readonly (Records[K] | null)[]>;

  /**
   * Creates or replaces records. The first owner of a name keeps it. A voucher's code, campaign, rank, holder and
   * publication never change here, nor does a campaign's or a customer's name once set.
   *
   * To create an id that is there is `written` when `createdAt` is the same, since that is the same creation made again,
   * and otherwise `taken`. Where both apply, `stale` comes before `taken`.
   *
   * When a campaign's `startDate` or `expirationDate` changes, its unpublished vouchers get the new date in the same
   * step, with the campaign's `updatedAt` and one more `revision` each.
   */
  put<K extends EditableKind>(kind: K, writes: readonly Write<Records[K]>[]): Promise<readonly PutResult[]>;

  /**
   * Deletes each record and says whether it was there. A campaign goes with its vouchers. Publications stay, and the
   * code of a published voucher stays taken, for good.
   */
  remove(kind: EditableKind, ids: readonly string[]): Promise<readonly boolean[]>;
}

/** What to count. */
export interface CountQuery {
  readonly kind: Kind;
  readonly filter: Filter;
}

/** Records, by the page. */
export interface Listing {
  /** The records of one page. Filters mean what `matches` says; text is ordered by code point. */
  page<K extends Kind>(query: Query<K>): Promise<readonly Records[K][]>;

  /** How many records match each filter, all counted at one instant. */
  count(queries: readonly CountQuery[]): Promise<readonly number[]>;
}

/**
 * Where campaigns, vouchers, customers and publications live. Implement it to run the engine on a new store, then prove
 * it with the laws in `oncecode/conformance`.
 *
 * The engine promises: arrays are never empty and never longer than `batchMax`; no two drafts of a call have an id, a
 * key, a customer to write or a named voucher in common; no two writes of a call are of the same record, and no two refs
 * are equal. Records are complete and valid, so an adapter checks nothing.
 *
 * The adapter promises: one answer per item, in order; each item happens whole or not at all, whatever happens to its
 * neighbours; what was answered survives a crash. A rejected promise means that the outcome is unknown, but that the
 * call is over: the engine then makes the same call again, and a repeat of what took effect must answer so (`owned` by
 * its own id, `recorded`, `added`, `written` for a creation). Reject with `unchanged(cause)` where it is certain that
 * nothing was written.
 */
export interface Repository extends Publications, Stock, Directory, Listing {
  /** The most items that one call may carry. */
  readonly batchMax: number;
  /**
   * How many calls of a kind one engine should have under way at once: 1 for a store with one writer. A hint: other
   * engines and processes call at the same time, so the store must be right under any number.
   */
  readonly lanes: number;
}

/** A repository that can take part in a transaction of the host's. */
export interface Transactional<T> {
  /** The same store, seen and written inside `transaction`, each call under a savepoint of its own. */
  within(transaction: T): Repository;
}
