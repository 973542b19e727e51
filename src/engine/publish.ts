import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import { after } from "../domain/duration.ts";
import type { Customer, Success, VoucherRecord } from "../domain/model.ts";
import {
  conclude,
  decide,
  failureOf,
  finalOf,
  type PublishContext,
  type PublishInputs,
  sourceKey,
} from "../domain/publishing.ts";
import type { PublicationRequest } from "../domain/requests.ts";
import {
  type EngineError,
  type OutcomeUnknown,
  type PublishError,
  type StorageFailed,
  storageFailed,
} from "../errors.ts";
import type { Publication } from "../face.ts";
import { decodePublication } from "../input/publications.ts";
import type { Ref, Settlement } from "../repository.ts";
import { createExtension } from "./extension.ts";
import { type Lookup, loadContext } from "./publish-context.ts";
import { findSuccess } from "./record-lookup.ts";
import { checkMetadataSchema } from "./record-validation.ts";
import type { Runtime } from "./runtime.ts";
import { DECISIONS_MAX, read, write } from "./storage.ts";
import { loadPublicationView, publicationView } from "./views.ts";

/** What came of a round. Without an outcome, the request has to be decided again. */
type PublishResult = E.Either<EngineError, Publication> | null;

/** Decode, then decide and settle until it holds. */
export const publish =
  (runtime: Runtime) =>
  (input: unknown): TE.TaskEither<EngineError, Publication> =>
  async () => {
    const request = decodePublication(input);
    if (E.isLeft(request)) return request;
    const id = runtime.ids.publication();
    for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
      // The first round takes a source id to be new. The store refuses one that is not, and the next round looks it up.
      const lookup = decisions === 0 && request.right.sourceId !== null ? "fresh" : "full";
      const context = await loadContext(runtime, request.right, lookup);
      if (E.isLeft(context)) return context;
      const result = await tryOnce(runtime, request.right, context.right, lookup, id);
      if (result !== null) return result;
    }
    return E.left(
      storageFailed(new Error(`The customer or the campaign was changed ${DECISIONS_MAX} times meanwhile`)),
    );
  };

/** One round: on what is known now. A dry pool is asked again with other codes, as long as there are any. */
const tryOnce = async (
  runtime: Runtime,
  request: PublicationRequest,
  context: PublishContext,
  lookup: Lookup,
  id: PublishInputs["id"],
): Promise<PublishResult> => {
  const { policy } = runtime;
  const extension = createExtension(runtime, context.source);
  for (let fresh = extension.nextBatch(); ; fresh = extension.nextBatch()) {
    const inputs = publishInputs(runtime, context, id, fresh ?? []);
    const decision = decide(request, context, policy, inputs);
    const isDraft = E.isRight(decision) && decision.right.type !== "replay";
    if (lookup === "fresh" && !isDraft) return null;
    if (E.isLeft(decision)) return recordFailure(runtime, request, context, inputs, decision.left);
    if (decision.right.type === "replay") return loadReplay(runtime, decision.right.publication);
    const validRequest = checkMetadataSchema(runtime, "publications")(request);
    if (E.isLeft(validRequest)) return lookup === "fresh" ? null : validRequest;

    const { draft } = decision.right;
    const settlementOrError = await write(() => runtime.settle(draft), id)();
    const settlement = E.isLeft(settlementOrError)
      ? await recoverSettlement(runtime, request, lookup, id, settlementOrError)
      : settlementOrError;
    if (E.isLeft(settlement)) return settlement;
    const final = finalOf(settlement.right, id);
    if (final === null) return null;
    if (final.type === "short" && fresh !== null) {
      const shouldRetry = await extension.shouldRetry(fresh);
      if (E.isLeft(shouldRetry)) return shouldRetry;
      if (shouldRetry.right) continue;
    }
    const concluded = conclude(final, context.source);
    if (E.isLeft(concluded)) return recordFailure(runtime, request, context, inputs, concluded.left);
    const { customer } = context.party;
    return settlement.right.type === "published"
      ? E.right(viewOf(concluded.right, customer, settlement.right.vouchers))
      : E.right(await loadViewOrFallback(runtime, concluded.right, customer));
  }
};

const publishInputs = (
  runtime: Runtime,
  { source }: PublishContext,
  id: PublishInputs["id"],
  fresh: readonly VoucherRecord[],
): PublishInputs => {
  const now = runtime.now();
  const lifetime = source.campaign?.activityDurationAfterPublishing ?? null;
  return {
    id,
    now,
    startRank: runtime.random.fraction(),
    fresh,
    spares: source.type === "voucher" ? 0 : Math.max(0, (runtime.options.extendBy ?? 0) - source.count),
    expirationDate: lifetime === null ? null : after(now, lifetime),
  };
};

/** If the store fails a draft, or has gone silent about it, its id tells whether it was done, and the source id whether it was before. */
const recoverSettlement = async (
  runtime: Runtime,
  { sourceId }: PublicationRequest,
  lookup: Lookup,
  id: PublishInputs["id"],
  failure: E.Left<StorageFailed | OutcomeUnknown>,
): Promise<E.Either<EngineError, Settlement>> => {
  const isSilent = failure.left.code === "outcome_unknown";
  const ownPublication = isSilent ? await findOwner(runtime, { id }) : null;
  const sourceIdRef =
    ownPublication === null && lookup === "fresh" && sourceId !== null ? { name: sourceKey(sourceId) } : null;
  const publication = sourceIdRef === null ? ownPublication : await findOwner(runtime, sourceIdRef);
  return publication === null ? failure : E.right({ type: "owned", publication });
};

/** Null, too, if the store cannot be asked. */
const findOwner = async (runtime: Runtime, ref: Ref): Promise<Success | null> => {
  const found = await read(() => findSuccess(runtime, ref))();
  return E.isRight(found) ? found.right : null;
};

const loadReplay = (runtime: Runtime, publication: Success): Promise<PublishResult> =>
  read(() => loadPublicationView(runtime)(publication))();

/** What a repeat found done is the caller's, also if the store can no longer be asked how the voucher is now. */
const loadViewOrFallback = async (runtime: Runtime, publication: Success, customer: Customer): Promise<Publication> => {
  const view = await read(() => loadPublicationView(runtime)(publication))();
  return E.isRight(view) ? view.right : publicationView(publication, customer, null);
};

const viewOf = (publication: Success, customer: Customer, vouchers: readonly VoucherRecord[]): Publication => {
  const [voucher, ...more] = vouchers;
  return publicationView(publication, customer, voucher !== undefined && more.length === 0 ? voucher : null);
};

/** Puts the failure on record, unless the host does not want it. That the store cannot do it does not change the answer. */
const recordFailure = async (
  runtime: Runtime,
  request: PublicationRequest,
  context: PublishContext,
  inputs: PublishInputs,
  error: PublishError,
): Promise<PublishResult> => {
  if (runtime.options.recordFailures === false) return E.left(error);
  const failure = failureOf(request, context, { ...inputs, id: runtime.ids.publication() }, error);
  const recordResult = await write(() => runtime.record(failure))();
  return E.isRight(recordResult) && recordResult.right === "stale" ? null : E.left(error);
};
