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
  readonly party: ResolvedCustomer;
  /** The publication that has the request's source id, if any. */
  readonly sameSourceId: Success | null;
  /** What the customer got from the same campaign before; asked for only where they may join but once. */
  readonly joined: Joined;
}

/** `deleted` counts the customer's earlier publications whose vouchers have all been deleted: they bind nobody. */
export interface Joined {
  readonly publication: Success | null;
  readonly deleted: number;
}
export const NEVER_JOINED: Joined = { publication: null, deleted: 0 };

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
  { source, party }: PublishContext,
  { id, now }: PublishInputs,
): Success => {
  const kind = source.type === "voucher" ? source.voucher : source.campaign.voucher;
  return {
    id,
    result: "SUCCESS",
    createdAt: now,
    customerId: party.customer.id,
    trackingId: party.customer.sourceId,
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

const replay = (publication: Success): Decision => ({ type: "replay", publication });

const takeOf = (source: Source, { startRank, fresh, spares }: PublishInputs): VoucherSelection =>
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
  situation: PublishContext,
  policy: Policy,
  means: PublishInputs,
): E.Either<PublishError, Decision> => {
  const { source, party, sameSourceId, joined } = situation;
  const once = joinsOnce(request, source);
  const count = source.type === "voucher" ? 1 : source.count;
  const max = once ? 1 : policy.publicationMax;

  if (sameSourceId !== null && request.sourceId !== null)
    return E.map(replay)(replaySourceId(sameSourceId, request.sourceId, source, party.customer, policy));
  if (joined.publication !== null) return E.map(replay)(replayJoined(joined.publication, source));
  if (count > max) return E.left(tooManyVouchersRequested(max));

  const keys = [
    ...(request.sourceId === null ? [] : [sourceKey(request.sourceId)]),
    ...(once ? [key("once", joinScope(source), party.customer.id, joined.deleted)] : []),
  ];
  return E.right({
    type: "draft",
    draft: {
      publication: publicationOf(request, situation, means),
      customer: party.write,
      selection: takeOf(source, means),
      keys,
      now: means.now,
      expirationDate: means.expirationDate,
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

/** What ends a request, one way or the other. */
export type Final =
  | { readonly type: "done"; readonly publication: Success }
  | { readonly type: "short" }
  | { readonly type: "unsuitable"; readonly why: "published" | "disabled" | "expired" };

/**
 * Reads the store's answer; null when the request has to be decided again, on what is so now. That is also when another
 * publication was first to own a key: whether it is this customer's can only be told once the customer is known.
 */
export const finalOf = (settlement: Settlement, id: PublicationId): Final | null => {
  switch (settlement.type) {
    case "published":
      return { type: "done", publication: settlement.publication };
    case "owned":
      return settlement.publication.id === id ? { type: "done", publication: settlement.publication } : null;
    case "short":
      return settlement;
    case "unsuitable":
      return settlement.reason === "gone" ? null : { type: "unsuitable", why: settlement.reason };
    case "stale":
      return null;
  }
};

/** The final word to the caller. */
export const conclude = (final: Final, source: Source): E.Either<PublishError, Success> => {
  switch (final.type) {
    case "done":
      return E.right(final.publication);
    case "short":
      return E.left(noVoucherSuitable(source.campaign?.type === "AUTO_UPDATE" ? EXHAUSTED_HINT : EXTEND_HINT));
    case "unsuitable":
      return E.left(
        final.why === "published" && source.type === "voucher"
          ? voucherAlreadyPublished(source.voucher.id)
          : noVoucherSuitable(UNSUITABLE_HINT[final.why]),
      );
  }
};

/** The attempt as it goes on record: with the customer, who is kept, and no code (contract 1.6). */
export const failureOf = (
  request: PublicationRequest,
  situation: PublishContext,
  means: PublishInputs,
  error: PublishError,
): FailedDraft => ({
  publication: {
    ...publicationOf(request, situation, means),
    result: "FAILURE",
    voucherIds: situation.source.type === "voucher" ? [situation.source.voucher.id] : [],
    failureCode: error.code,
    failureMessage: error.message,
  },
  customer: situation.party.write,
});
