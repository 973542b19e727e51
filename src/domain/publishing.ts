import * as E from "fp-ts/lib/Either.js";
import {
  duplicateSourceId,
  noVoucherSuitable,
  type PublishError,
  tooManyVouchersRequested,
  voucherAlreadyPublished,
  voucherCannotBePublished,
} from "../errors.ts";
import type { Draft, FailedDraft, Settlement, VoucherSelection } from "../repository.ts";
import type { ResolvedCustomer } from "./customers.ts";
import type { Campaign, Customer, Instant, Key, Origin, PublicationId, Success, VoucherRecord } from "./model.ts";
import type { PublicationRequest } from "./requests.ts";

/** Where the vouchers come from: one that was named, with its campaign if it has one, or a campaign's pool. */
export type Source =
  | { readonly type: "voucher"; readonly voucher: VoucherRecord; readonly campaign: Campaign | null }
  | { readonly type: "campaign"; readonly campaign: Campaign; readonly count: number };

/** What the store knew when the request was decided on. */
export interface PublishContext {
  readonly source: Source;
  readonly resolvedCustomer: ResolvedCustomer;
  /** The publication that has the request's source id, if any. */
  readonly sameSourceId: Success | null;
  /** What the customer got from the same campaign before; asked for only where they may join but once. */
  readonly earlierJoin: EarlierJoin;
}

/** `deleted` counts the customer's earlier publications whose vouchers have all been deleted: they bind nobody. */
export interface EarlierJoin {
  readonly publication: Success | null;
  readonly deleted: number;
}
export const NO_EARLIER_JOIN: EarlierJoin = { publication: null, deleted: 0 };

/** The host's rules. */
export interface Policy {
  readonly publicationMax: number;
  readonly sourceIdMode: "replay" | "reject";
}

/** What the engine adds to a request: an id, the time, a point to draw from, new vouchers. */
export interface PublishInputs {
  readonly id: PublicationId;
  readonly now: Instant;
  readonly startRank: number;
  /** For a campaign that may extend itself: the vouchers it would make, and how many of them beyond the shortfall. */
  readonly fresh: readonly VoucherRecord[];
  readonly spares: number;
  /** When the codes expire, if the campaign says how long they last from now. */
  readonly expirationDate: Instant | null;
}

const key = (...parts: readonly (string | number)[]): Key => JSON.stringify(parts) as Key;

/** The key of a source id: its first publication owns it, for good. */
export const sourceKey = (sourceId: string): Key => key("source", sourceId);

/** A customer joins a campaign once, or asks for a standalone voucher once. */
export const joinScope = (source: Source): string =>
  source.type === "voucher" ? (source.campaign?.id ?? source.voucher.id) : source.campaign.id;

export const joinsOnce = (request: PublicationRequest, source: Source): boolean =>
  request.joinOnce || (source.campaign?.joinOnce ?? false);

const originOf = (source: Source): Origin =>
  source.type === "voucher"
    ? { type: "voucher", voucherId: source.voucher.id }
    : { type: "campaign", campaignId: source.campaign.id, count: source.count };

const sameOrigin = (a: Origin, b: Origin): boolean => {
  switch (a.type) {
    case "voucher":
      return b.type === "voucher" && a.voucherId === b.voucherId;
    case "campaign":
      return b.type === "campaign" && a.campaignId === b.campaignId && a.count === b.count;
  }
};

const publicationOf = (
  request: PublicationRequest,
  { source, resolvedCustomer }: PublishContext,
  { id, now }: PublishInputs,
): Success => {
  const kind = source.type === "voucher" ? source.voucher : source.campaign.voucher;
  return {
    id,
    result: "SUCCESS",
    createdAt: now,
    customerId: resolvedCustomer.customer.id,
    trackingId: resolvedCustomer.customer.sourceId,
    channel: request.channel,
    metadata: request.metadata,
    sourceId: request.sourceId,
    campaignId: source.campaign?.id ?? null,
    campaign: source.campaign?.name ?? null,
    voucherType: kind.type,
    isReferralCode: kind.isReferralCode,
    origin: originOf(source),
    codes: [],
    voucherIds: [],
  };
};

/** Asked for with a used source id: the same request gets its publication again, any other is refused (contract 2.6). */
const replaySourceId = (
  owner: Success,
  sourceId: string,
  source: Source,
  customer: Customer,
  { sourceIdMode }: Policy,
): E.Either<PublishError, Success> =>
  sourceIdMode === "replay" && owner.customerId === customer.id && sameOrigin(owner.origin, originOf(source))
    ? E.right(owner)
    : E.left(duplicateSourceId(sourceId));

/** Asked for by a customer who has joined: the first publication again, unless it is of another voucher (2.4). */
const replayJoined = (owner: Success, source: Source): E.Either<PublishError, Success> =>
  source.type === "campaign" || owner.voucherIds.includes(source.voucher.id)
    ? E.right(owner)
    : E.left(voucherCannotBePublished(source.voucher.id));

export type Decision =
  | { readonly type: "replay"; readonly publication: Success }
  | { readonly type: "draft"; readonly draft: Draft };

const replayDecision = (publication: Success): Decision => ({ type: "replay", publication });

const selectionOf = (source: Source, { startRank, fresh, spares }: PublishInputs): VoucherSelection =>
  source.type === "voucher"
    ? { type: "voucher", voucherId: source.voucher.id }
    : {
        type: "campaign",
        campaignId: source.campaign.id,
        revision: source.campaign.revision,
        count: source.count,
        startRank,
        fresh,
        spares,
      };

/** Approves a request, or answers it from what is there. The order of the rules is contract 2.2's. */
export const decide = (
  request: PublicationRequest,
  context: PublishContext,
  policy: Policy,
  inputs: PublishInputs,
): E.Either<PublishError, Decision> => {
  const { source, resolvedCustomer, sameSourceId, earlierJoin } = context;
  const once = joinsOnce(request, source);
  const count = source.type === "voucher" ? 1 : source.count;
  const max = once ? 1 : policy.publicationMax;

  if (sameSourceId !== null && request.sourceId !== null)
    return E.map(replayDecision)(
      replaySourceId(sameSourceId, request.sourceId, source, resolvedCustomer.customer, policy),
    );
  if (earlierJoin.publication !== null) return E.map(replayDecision)(replayJoined(earlierJoin.publication, source));
  if (count > max) return E.left(tooManyVouchersRequested(max));

  const keys = [
    ...(request.sourceId === null ? [] : [sourceKey(request.sourceId)]),
    ...(once ? [key("once", joinScope(source), resolvedCustomer.customer.id, earlierJoin.deleted)] : []),
  ];
  return E.right({
    type: "draft",
    draft: {
      publication: publicationOf(request, context, inputs),
      customer: resolvedCustomer.draftCustomer,
      selection: selectionOf(source, inputs),
      keys,
      now: inputs.now,
      expirationDate: inputs.expirationDate,
    },
  });
};

const EXTEND_HINT = "Add vouchers to the campaign, or make it AUTO_UPDATE so that it makes the missing ones itself";
const EXHAUSTED_HINT =
  "Couldn't create new vouchers for publication: the campaign has expired, or every code of its pattern is taken";
const UNSUITABLE_HINT = {
  published: "The voucher has been published",
  disabled: "The voucher is disabled",
  expired: "The voucher has expired",
};

/**
 * Reads the store's answer to a draft. `"retry"` means that something changed since the request was decided on, so that
 * it has to be decided again. One such change is that another publication owns a key of the draft: the next decision
 * looks up that publication, and the customer whom it belongs to.
 */
export const readSettlement = (
  settlement: Settlement,
  source: Source,
  id: PublicationId,
): E.Either<PublishError, Success> | "retry" => {
  switch (settlement.type) {
    case "published":
      return E.right(settlement.publication);
    case "owned":
      return settlement.publication.id === id ? E.right(settlement.publication) : "retry";
    case "short":
      return E.left(noVoucherSuitable(source.campaign?.type === "AUTO_UPDATE" ? EXHAUSTED_HINT : EXTEND_HINT));
    case "unsuitable":
      return unsuitableError(settlement.reason, source);
    case "stale":
      return "retry";
  }
};

const unsuitableError = (
  reason: Extract<Settlement, { readonly type: "unsuitable" }>["reason"],
  source: Source,
): E.Either<PublishError, never> | "retry" => {
  if (reason === "gone") return "retry";
  return E.left(
    reason === "published" && source.type === "voucher"
      ? voucherAlreadyPublished(source.voucher.id)
      : noVoucherSuitable(UNSUITABLE_HINT[reason]),
  );
};

/** The attempt as it goes on record: with the customer, who is kept, and no code (contract 1.6). */
export const failureOf = (
  request: PublicationRequest,
  context: PublishContext,
  inputs: PublishInputs,
  error: PublishError,
): FailedDraft => ({
  publication: {
    ...publicationOf(request, context, inputs),
    result: "FAILURE",
    voucherIds: context.source.type === "voucher" ? [context.source.voucher.id] : [],
    failureCode: error.code,
    failureMessage: error.message,
  },
  customer: context.resolvedCustomer.draftCustomer,
});
