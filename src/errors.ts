import type { PublicationId } from "./domain/model.ts";

/**
 * All errors of the engine, as values. Switch on `code`: it is stable. `message` is for people and may change.
 *
 * If several errors apply, the engine returns the first in this order: the form of the input, records that it names,
 * keys, limits, vouchers, the store.
 */
export type EngineError =
  | InputError
  | NotFound
  | DuplicateFound
  | PublishError
  | Aborted
  | StorageFailed
  | OutcomeUnknown;

/** Codes of errors about the input. */
export type InputErrorCode =
  | "invalid_payload"
  | "missing_vouchers"
  | "missing_customer"
  | "invalid_customer"
  | "invalid_campaign"
  | "invalid_voucher"
  | "invalid_code_config"
  | "metadata_validation_failed"
  | "invalid_query_params"
  | "page_over_limit"
  | "query_too_large";

/** The input is wrong. Nothing was changed, except for the `done` items. */
export interface InputError {
  readonly code: InputErrorCode;
  readonly message: string;
  /** The field of the input object (`campaign.count`, `codes[3]`), or the name of another argument; empty for the input object. */
  readonly path: string;
  /** The accepted values, as the end of the sentence "must be …". */
  readonly expected: string;
  /** How many vouchers were created or imported before the error. They stay. */
  readonly done?: number;
}

/** The kind of record that an error is about. */
export type Resource = "campaign" | "voucher" | "customer";

/** The input names a record that does not exist. Nothing was changed, except for the `done` items. */
export interface NotFound {
  readonly code: "not_found";
  readonly message: string;
  readonly resource: Resource;
  /** The id or name from the input. */
  readonly id: string;
  /** How many vouchers were created or imported before the error. They stay. */
  readonly done?: number;
}

/** Another record has this name. Nothing was changed, except for the `done` items. */
export interface DuplicateFound {
  readonly code: "duplicate_found";
  readonly message: string;
  readonly resource: Resource;
  readonly path: string;
  /** The name, code or source id that another record has. */
  readonly id: string;
  /** How many vouchers were added before another call took this code. They stay. */
  readonly done?: number;
}

/** The reason why nothing was published. The engine stores such an error as a failed publication, unless `recordFailures` is false. */
export type PublishError =
  | { readonly code: "duplicate_source_id"; readonly message: string; readonly sourceId: string }
  | { readonly code: "voucher_cannot_be_published"; readonly message: string; readonly voucherId: string }
  | { readonly code: "too_many_vouchers_requested"; readonly message: string; readonly max: number }
  | { readonly code: "voucher_already_published"; readonly message: string; readonly voucherId: string }
  | {
      readonly code: "no_voucher_suitable_for_publication";
      readonly message: string;
      /** The reason, or what the host can do. */
      readonly details: string;
    };

/** The caller's signal stopped the operation. The first `done` items are done, and stay. */
export interface Aborted {
  readonly code: "aborted";
  readonly message: string;
  readonly done: number;
}

/** The store refused. Nothing was written, except for the `done` items. A retry is safe. */
export interface StorageFailed {
  readonly code: "storage_failed";
  readonly message: string;
  readonly cause: unknown;
  readonly done?: number;
}

/** The store did not answer. The change may have been made or not. */
export interface OutcomeUnknown {
  readonly code: "outcome_unknown";
  readonly message: string;
  /** Pass this id to `publications.resolve` some seconds later. Null for other operations. */
  readonly publicationId: PublicationId | null;
  readonly cause: unknown;
  /** How many items were certainly done. */
  readonly done?: number;
}

export const inputError = (code: InputErrorCode, path: string, expected: string): InputError => ({
  code,
  message: path === "" ? `The argument must be ${expected}` : `Property .${path} must be ${expected}`,
  path,
  expected,
});

/** What is expected of a property whose getter, or whose proxy, has thrown an error. */
export const READABLE = "readable: its getter or proxy threw an error";

export const missingVouchers = (): InputError => ({
  code: "missing_vouchers",
  message: "Either campaign or voucher is required",
  path: "campaign",
  expected: "a campaign to publish from, or a voucher",
});

export const missingCustomer = (): InputError => ({
  code: "missing_customer",
  message: "A publication needs a customer",
  path: "customer",
  expected: "an id, a source id, or a customer with at least one property",
});

export const notFound = (resource: Resource, id: string): NotFound => ({
  code: "not_found",
  message: `Cannot find ${resource} with id ${id}`,
  resource,
  id,
});

const UNIQUE_NAMES: Readonly<Record<Resource, string>> = { campaign: "name", voucher: "code", customer: "source id" };

export const duplicateFound = (resource: Resource, path: string, id: string): DuplicateFound => ({
  code: "duplicate_found",
  message: `Another ${resource} has the ${UNIQUE_NAMES[resource]} ${id}`,
  resource,
  path,
  id,
});

export const duplicateSourceId = (sourceId: string): PublishError => ({
  code: "duplicate_source_id",
  message: `Publication with source_id: '${sourceId}' already exists`,
  sourceId,
});

export const voucherCannotBePublished = (voucherId: string): PublishError => ({
  code: "voucher_cannot_be_published",
  message: "Voucher cannot be published. Customer already joined program.",
  voucherId,
});

export const tooManyVouchersRequested = (max: number): PublishError => ({
  code: "too_many_vouchers_requested",
  message: `Only up to ${max} can be published`,
  max,
});

export const voucherAlreadyPublished = (voucherId: string): PublishError => ({
  code: "voucher_already_published",
  message: `Voucher '${voucherId}' has already been published`,
  voucherId,
});

export const noVoucherSuitable = (details: string): PublishError => ({
  code: "no_voucher_suitable_for_publication",
  message: "Couldn't find any voucher suitable for publication",
  details,
});

export const aborted = (done: number): Aborted => ({
  code: "aborted",
  message: `The signal stopped the operation after ${done} items`,
  done,
});

export const storageFailed = (cause: unknown): StorageFailed => ({
  code: "storage_failed",
  message: "The store refused the call, which wrote nothing: see `cause`, and try again",
  cause,
});

export const outcomeUnknown = (cause: unknown, publicationId: PublicationId | null = null): OutcomeUnknown => ({
  code: "outcome_unknown",
  message:
    publicationId === null
      ? "The store did not answer: check whether the change was made before you try again"
      : `The store did not answer: ask publications.resolve whether publication ${publicationId} exists`,
  publicationId,
  cause,
});
