import type { Filter } from "./domain/filters.ts";
import type {
  CampaignId,
  Customer,
  CustomerId,
  FailedPublication,
  Instant,
  Key,
  Kind,
  Records,
  SuccessfulPublication,
  VoucherId,
  VoucherRecord,
} from "./domain/model.ts";
import type { Query } from "./domain/pages.ts";

/**
 * A record to store, and the revision that it replaces: null for a new record. If the stored record has another revision,
 * the store refuses the write as `stale`, so that no update is ever lost.
 */
export interface Write<R> {
  readonly record: R;
  readonly replaces: number | null;
}

/** The customer of a draft: an existing customer, or a customer to write in the same commit. */
export type DraftCustomer =
  | { readonly type: "known"; readonly id: CustomerId }
  | { readonly type: "write"; readonly write: Write<Customer> };

/**
 * The vouchers that a draft takes.
 *
 * - `voucher`: this voucher, if it is suitable.
 * - `campaign`: `count` random suitable vouchers of the campaign's pool. A SQL store walks through the pool in order of
 *   rank, from `startRank` to the end, and then from rank 0. Ranks are random, so the choice is random. Another store may
 *   choose at random in another way. Drafts of one call that draw from the same campaign may share one walk.
 *   If the pool has too few, the store adds vouchers from `fresh`, in order, and skips those whose code is taken. It puts
 *   up to `spares` further ones into the pool. The campaign must still have the revision `revision`.
 */
export type VoucherSelection =
  | { readonly type: "voucher"; readonly voucherId: VoucherId }
  | {
      readonly type: "campaign";
      readonly campaignId: CampaignId;
      readonly revision: number;
      readonly count: number;
      /** In [0, 1): a random rank, or the rank at which an earlier draw ended. */
      readonly startRank: number;
      readonly fresh: readonly VoucherRecord[];
      readonly spares: number;
    };

/** A publication that the engine has approved. The store only has to settle it. */
export interface Draft {
  /** The record to store. The store fills in `codes` and `voucherIds` of the vouchers that it took. */
  readonly publication: SuccessfulPublication;
  readonly customer: DraftCustomer;
  readonly selection: VoucherSelection;
  /** Names that no other publication may own. The store looks them up in this order. To the store they are opaque. */
  readonly keys: readonly Key[];
  /** A voucher is suitable if it is active, unpublished, and has no expiration date or one after `now`. */
  readonly now: Instant;
  /** The new expiration date of the vouchers; null keeps the one that each voucher has. */
  readonly expirationDate: Instant | null;
}

/**
 * The store's answer to a draft.
 *
 * - `published`: the store has given the vouchers to the customer and the keys to the publication, and stored the records.
 * - `owned`: this publication exists already: it has the draft's id, or owns one of the draft's keys.
 * - `short`: the campaign has fewer suitable vouchers than the draft needs, and `fresh` has too few free codes.
 * - `unsuitable`: the named voucher cannot be published, for this reason. `published` comes before `disabled` and `expired`.
 *   `gone`: no voucher has this id.
 * - `stale`: the customer or the campaign has another revision or is deleted, or another customer has the source id. The
 *   engine must decide again.
 *
 * Only `published` writes anything.
 */
export type Settlement =
  | {
      readonly type: "published";
      readonly publication: SuccessfulPublication;
      readonly vouchers: readonly VoucherRecord[];
    }
  | { readonly type: "owned"; readonly publication: SuccessfulPublication }
  | { readonly type: "short" }
  | { readonly type: "unsuitable"; readonly reason: "published" | "disabled" | "expired" | "gone" }
  | { readonly type: "stale" };

/** A failed publication, to be stored. */
export interface FailedDraft {
  readonly publication: FailedPublication;
  readonly customer: DraftCustomer;
}

/** Publishing: the one step that gives a code to a customer. */
export interface Publications {
  /**
   * Settles the drafts as if they came one after another, in this order. A draft that fails does not touch the others.
   *
   * The store checks in this order, and the first match is the answer: `owned` by id, `owned` by key, `stale`,
   * `unsuitable` or `short`. Each published voucher gets `holderId`, `publicationId`, `updatedAt` (`now`), the next
   * `revision`, and the draft's `expirationDate` if the draft has one.
   */
  settle(drafts: readonly Draft[]): Promise<readonly Settlement[]>;

  /** Stores failed publications. A failed publication owns no key. If it is stored already, the answer is `recorded`. */
  record(failures: readonly FailedDraft[]): Promise<readonly ("recorded" | "stale")[]>;
}

/**
 * The store's answer to a new voucher.
 *
 * - `added`: the voucher is stored. The answer is the same if an earlier call stored it, so that a repeat is harmless.
 * - `taken`: another voucher has the code, or a voucher that was published and then deleted had it.
 * - `gone`: the campaign does not exist.
 */
export type AddResult = "added" | "taken" | "gone";

/** New vouchers. */
export interface Stock {
  /**
   * Adds each voucher whose code is free. If two vouchers of one call have the same code, the first one gets it. The
   * store checks the id first, then the campaign, then the code.
   */
  add(vouchers: readonly VoucherRecord[]): Promise<readonly AddResult[]>;
}

/**
 * A reference to a record: its id, or its unique name. The name is a campaign's `name`, a voucher's `code`, a customer's
 * `sourceId`, or a key that a publication owns.
 */
export type Ref = { readonly id: string } | { readonly name: string };

/** The kinds of records that can be changed and deleted. A publication never changes. */
export type EditableKind = "campaigns" | "vouchers" | "customers";

/** `taken`: another record has the id or the name. `stale`: the record no longer has the revision that the write replaces. */
export type PutResult = "written" | "taken" | "stale";

/** Single records. */
export interface Directory {
  /** Finds each record; null where there is none. */
  find<K extends Kind>(kind: K, refs: readonly Ref[]): Promise<readonly (Records[K] | null)[]>;

  /**
   * Creates or replaces records. The first owner of a name keeps it. The engine never changes a voucher's code, campaign,
   * rank, holder or publication here. It never changes a campaign's name, or a customer's source id that is set.
   *
   * A creation whose id exists is `written` if `createdAt` is the same, because then it repeats the creation of that
   * record. Otherwise it is `taken`. If a write is both `stale` and `taken`, the answer is `stale`.
   *
   * When a campaign's `startDate` or `expirationDate` changes, its unpublished vouchers get the new date in the same
   * commit, with the campaign's `updatedAt` and the next `revision`.
   */
  put<K extends EditableKind>(kind: K, writes: readonly Write<Records[K]>[]): Promise<readonly PutResult[]>;

  /**
   * Deletes each record; false where there was none. The vouchers of a deleted campaign are deleted, too. Publications
   * stay, and the code of a published voucher stays taken forever.
   */
  remove(kind: EditableKind, ids: readonly string[]): Promise<readonly boolean[]>;
}

/** A kind of record, and the filter for the records to count. */
export interface CountQuery {
  readonly kind: Kind;
  readonly filter: Filter;
}

/** Lists of records. */
export interface Listing {
  /** The records of one page. `matches` defines what a filter means. Text is ordered by code point. */
  page<K extends Kind>(query: Query<K>): Promise<readonly Records[K][]>;

  /** The number of records that match each filter, all counted at one instant. */
  count(queries: readonly CountQuery[]): Promise<readonly number[]>;
}

/**
 * The port: a store of campaigns, vouchers, customers and publications. Implement it to run the engine on a new store,
 * then prove the store with the laws in `oncecode/conformance`.
 *
 * The engine promises:
 * - An array is never empty, and never longer than `batchMax`.
 * - No two drafts of a call share an id, a key, a customer to write or a named voucher. No two writes of a call change
 *   the same record. No two refs of a call are equal.
 * - Records are complete and valid, so an adapter checks nothing.
 *
 * The adapter promises:
 * - It gives one answer per item, in order.
 * - It writes each item whole or not at all, whatever happens to the other items.
 * - What it has answered survives a crash.
 * - A rejected promise means that the outcome is unknown. The adapter does nothing more for this call, but the database may
 *   still finish its last statement. The engine then repeats the call. The repeat of an item that took effect must answer as follows: `owned` with its own id, `recorded`, `added`, or `written` for a
 *   creation.
 * - It rejects with `unchanged(cause)` if it is certain that nothing was written.
 */
export interface Repository extends Publications, Stock, Directory, Listing {
  /** The largest number of items in one call. */
  readonly batchMax: number;
  /**
   * How many calls of `settle`, of `record`, and of `find` per kind of record an engine should make at the same time: 1 for
   * a store with one writer. The number is a hint. Other engines and processes call at the same time, so the store must be correct under any number.
   */
  readonly lanes: number;
}

/** A repository that can take part in a transaction of the host. */
export interface Transactional<T> {
  /** The same store, read and written inside `transaction`. Each call that writes has its own savepoint. */
  within(transaction: T): Repository;
}
