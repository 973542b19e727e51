import type { PublicationId } from "./domain/model.ts";

/**
 * Everything that can go wrong, as values. Switch on `code`: it is stable, `message` is for people and may change.
 *
 * Where two apply, the one listed first is given: the input's shape, what it names, the keys, the limits, the vouchers,
 * and then the store.
 */
export type EngineError =
  | InputError
  | NotFound
  | DuplicateFound
  | PublishError
  | Aborted
  | StorageFailed
  | OutcomeUnknown;

/** Codes of errors about what the caller handed in. */
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

/** The input is not what the operation takes. Nothing was changed, but for what `done` says. */
export interface InputError {
  readonly code: InputErrorCode;
  readonly message: string;
  /** The field, from the operation's argument: `campaign.count`, `codes[3]`; empty for the argument itself. */
  readonly path: string;
  /** What the field must be. */
  readonly expected: string;
  /** Where many vouchers were to be made or imported: how many had been, and stay. */
  readonly done?: number;
}

/** What an error is about. */
export type Resource = "campaign" | "voucher" | "customer";

/** The input names something that is not there. Nothing was changed, but for what `done` says. */
export interface NotFound {
  readonly code: "not_found";
  readonly message: string;
  readonly resource: Resource;
  /** As the caller gave it. */
  readonly id: string;
  /** Where many vouchers were to be made or imported: how many had been, and stay. */
  readonly done?: number;
}

/** Something else has that name already. Nothing was changed, but for what `done` says. */
export interface DuplicateFound {
  readonly code: "duplicate_found";
  readonly message: string;
  readonly resource: Resource;
  readonly path: string;
  /** The name, code or source id that is taken. */
  readonly id: string;
  /** Where many vouchers were to be added: how many had been, and stay, when another call took this code. */
  readonly done?: number;
}

/** Why nothing was published. These are stored as failures, too. */
export type PublishError =
  | { readonly code: "duplicate_source_id"; readonly message: string; readonly sourceId: string }
  | { readonly code: "voucher_cannot_be_published"; readonly message: string; readonly voucherId: string }
  | { readonly code: "too_many_vouchers_requested"; readonly message: string; readonly max: number }
  | { readonly code: "voucher_already_published"; readonly message: string; readonly voucherId: string }
  | {
      readonly code: "no_voucher_suitable_for_publication";
      readonly message: string;
      /** What could be done about it. */
      readonly details: string;
    };

/** The signal fired. `done` says how much had been done by then, and stays done. */
export interface Aborted {
  readonly code: "aborted";
  readonly message: string;
  readonly done: number;
}

/** The store could not do it, and nothing was written, but for the `done` that were before. Trying again is safe. */
export interface StorageFailed {
  readonly code: "storage_failed";
  readonly message: string;
  readonly cause: unknown;
  readonly done?: number;
}

/** The store did not answer, so this may or may not have happened. */
export interface OutcomeUnknown {
  readonly code: "outcome_unknown";
  readonly message: string;
  /** Ask `publications.resolve` with this id, later. Null for other operations. */
  readonly publicationId: PublicationId | null;
  readonly cause: unknown;
  /** Of many things to do, how many were certainly done. */
  readonly done?: number;
}

export const inputError = (code: InputErrorCode, path: string, expected: string): InputError => ({
  code,
  message: path === "" ? `The argument must be ${expected}` : `Property .${path} must be ${expected}`,
  path,
  expected,
});

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

export const duplicateFound = (resource: Resource, path: string, id: string): DuplicateFound => ({
  code: "duplicate_found",
  message: `There is a ${resource} ${id} already`,
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
  message: `Stopped by its signal, ${done} done`,
  done,
});

export const storageFailed = (cause: unknown): StorageFailed => ({
  code: "storage_failed",
  message: "The store refused, and nothing was written",
  cause,
});

export const outcomeUnknown = (cause: unknown, publicationId: PublicationId | null = null): OutcomeUnknown => ({
  code: "outcome_unknown",
  message:
    publicationId === null
      ? "The store did not answer: look whether it was done before trying again"
      : `The store did not answer: publication ${publicationId} may be there or not, ask publications.resolve`,
  publicationId,
  cause,
});
