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
import type {
  Campaign,
  Customer,
  Instant,
  Key,
  Origin,
  PublicationId,
  SuccessfulPublication,
  VoucherRecord,
} from "./model.ts";
import type { PublicationRequest } from "./requests.ts";

/** The source of the vouchers: a named voucher with its campaign, if it has one, or the pool of a campaign. */
export type VoucherSource =
  | { readonly type: "voucher"; readonly voucher: VoucherRecord; readonly campaign: Campaign | null }
  | { readonly type: "campaign"; readonly campaign: Campaign; readonly count: number };

/** The records that a decision needs, as the store had them. */
export interface PublishContext {
  readonly source: VoucherSource;
  readonly resolvedCustomer: ResolvedCustomer;
  /** The publication that has the request's source id, if any. */
  readonly sameSourceId: SuccessfulPublication | null;
  /** The customer's earlier publication of the same campaign. The engine loads it only for requests with `joinOnce`. */
  readonly earlierJoin: EarlierJoin;
}

/** `deletedCount` counts earlier publications whose vouchers are all deleted. After these, the customer may join again. */
export interface EarlierJoin {
  readonly publication: SuccessfulPublication | null;
  readonly deletedCount: number;
}
export const NO_EARLIER_JOIN: EarlierJoin = { publication: null, deletedCount: 0 };

/** The host's settings for publications. */
export interface Policy {
  readonly publicationMax: number;
  readonly sourceIdMode: "replay" | "reject";
}

/** The data that the engine adds to a request: an id, the time, a random start rank and new vouchers. */
export interface PublishInputs {
  readonly id: PublicationId;
  readonly now: Instant;
  readonly startRank: number;
  /** For a campaign that may extend itself: new vouchers. Up to `spares` of them go into the pool after the shortfall is met. */
  readonly fresh: readonly VoucherRecord[];
  readonly spares: number;
  /** The expiration date of the codes, if the campaign has `activityDurationAfterPublishing`. */
  readonly expirationDate: Instant | null;
}

const key = (...parts: readonly (string | number)[]): Key => JSON.stringify(parts) as Key;

/** The key of a source id. The first publication with this source id owns the key forever. */
export const sourceKey = (sourceId: string): Key => key("source", sourceId);

/** A customer joins once per campaign, or once per voucher without a campaign. */
export const joinScope = (source: VoucherSource): string =>
  source.type === "voucher" ? (source.campaign?.id ?? source.voucher.id) : source.campaign.id;

export const joinsOnce = (request: PublicationRequest, source: VoucherSource): boolean =>
  request.joinOnce || (source.campaign?.joinOnce ?? false);

const originOf = (source: VoucherSource): Origin =>
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
): SuccessfulPublication => {
  const template = source.type === "voucher" ? source.voucher : source.campaign.voucher;
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
    voucherType: template.type,
    isReferralCode: template.isReferralCode,
    origin: originOf(source),
    codes: [],
    voucherIds: [],
  };
};

/**
 * A repeated source id. In the mode `replay`, the same request gets its publication again, and any other request is refused.
 * In the mode `reject`, each request is refused (contract 2.6).
 */
const replaySourceId = (
  owner: SuccessfulPublication,
  sourceId: string,
  source: VoucherSource,
  customer: Customer,
  { sourceIdMode }: Policy,
): E.Either<PublishError, SuccessfulPublication> =>
  sourceIdMode === "replay" && owner.customerId === customer.id && sameOrigin(owner.origin, originOf(source))
    ? E.right(owner)
    : E.left(duplicateSourceId(sourceId));

/** The customer has joined: the answer is the first publication, unless the request names another voucher (2.4). */
const replayJoined = (
  owner: SuccessfulPublication,
  source: VoucherSource,
): E.Either<PublishError, SuccessfulPublication> =>
  source.type === "campaign" || owner.voucherIds.includes(source.voucher.id)
    ? E.right(owner)
    : E.left(voucherCannotBePublished(source.voucher.id));

export type Decision =
  | { readonly type: "replay"; readonly publication: SuccessfulPublication }
  | { readonly type: "draft"; readonly draft: Draft };

const replayDecision = (publication: SuccessfulPublication): Decision => ({ type: "replay", publication });

const selectionOf = (source: VoucherSource, { startRank, fresh, spares }: PublishInputs): VoucherSelection =>
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

/** Decides on a request: a draft, a replay of an earlier publication, or an error. Contract 2.2 gives the order of the rules. */
export const decide = (
  request: PublicationRequest,
  context: PublishContext,
  policy: Policy,
  inputs: PublishInputs,
): E.Either<PublishError, Decision> => {
  const { source, resolvedCustomer, sameSourceId, earlierJoin } = context;
  const isJoinOnce = joinsOnce(request, source);
  const count = source.type === "voucher" ? 1 : source.count;
  const max = isJoinOnce ? 1 : policy.publicationMax;

  if (sameSourceId !== null && request.sourceId !== null)
    return E.map(replayDecision)(
      replaySourceId(sameSourceId, request.sourceId, source, resolvedCustomer.customer, policy),
    );
  if (earlierJoin.publication !== null) return E.map(replayDecision)(replayJoined(earlierJoin.publication, source));
  if (count > max) return E.left(tooManyVouchersRequested(max));

  const keys = [
    ...(request.sourceId === null ? [] : [sourceKey(request.sourceId)]),
    ...(isJoinOnce ? [key("once", joinScope(source), resolvedCustomer.customer.id, earlierJoin.deletedCount)] : []),
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

const EXTEND_HINT = "Add vouchers to the campaign, or change its type to AUTO_UPDATE, which creates missing vouchers";
const EXHAUSTED_HINT =
  "Couldn't create new vouchers for publication: move the campaign's expiration date, or set a longer pattern for its codes";
const UNSUITABLE_HINT = {
  published: "The voucher was published: publish another voucher",
  disabled: "The voucher is disabled: enable it, or publish another voucher",
  expired: "The voucher has expired: change its expiration date, or publish another voucher",
};

/**
 * Reads the store's answer to a draft. `"retry"` means that a record has changed since the decision, so that the engine
 * must decide again. For example, another publication now owns a key of the draft. The next decision then loads that
 * publication and its customer.
 */
export const readSettlement = (
  settlement: Settlement,
  source: VoucherSource,
  id: PublicationId,
): E.Either<PublishError, SuccessfulPublication> | "retry" => {
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
  source: VoucherSource,
): E.Either<PublishError, never> | "retry" => {
  if (reason === "gone") return "retry";
  return E.left(
    reason === "published" && source.type === "voucher"
      ? voucherAlreadyPublished(source.voucher.id)
      : noVoucherSuitable(UNSUITABLE_HINT[reason]),
  );
};

/** The record of a failed publication: it has no code, and its customer is stored (contract 1.6). */
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
