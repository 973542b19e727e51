import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { Publication } from "../api/publications.ts";
import { addDuration } from "../domain/durations.ts";
import type { Customer, SuccessfulPublication, VoucherRecord } from "../domain/model.ts";
import { decide, failureOf, type PublishContext, type PublishInputs, readSettlement } from "../domain/publishing.ts";
import type { PublicationRequest } from "../domain/requests.ts";
import { type EngineError, type PublishError, storageFailed } from "../errors.ts";
import { decodePublication } from "../input/publications.ts";
import { createExtension } from "./extension.ts";
import { type Lookup, loadContext } from "./publish-context.ts";
import { checkMetadataSchema } from "./record-validation.ts";
import type { Runtime } from "./runtime.ts";
import { settleDraft } from "./settle-draft.ts";
import { read, TRIES_MAX, write } from "./storage.ts";
import { loadPublicationView, publicationView } from "./views.ts";

/** The answer to the caller, or `"retry"`: something changed meanwhile, so the request has to be decided again. */
type PublishResult = E.Either<EngineError, Publication> | "retry";

/** Publishes: decode, load the context, decide, settle. It repeats the last three until nothing changes in between. */
export const publish =
  (runtime: Runtime) =>
  (input: unknown): TE.TaskEither<EngineError, Publication> =>
  async () => {
    const request = decodePublication(input);
    if (E.isLeft(request)) return request;
    const id = runtime.ids.publication();
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      // Most source ids are new. The first try saves the look-up; if the store finds an owner, the next try looks it up.
      const lookup = tries === 0 && request.right.sourceId !== null ? "assume-new" : "full";
      const context = await loadContext(runtime, request.right, lookup);
      if (E.isLeft(context)) return context;
      const result = await tryOnce(runtime, request.right, context.right, lookup, id);
      if (result !== "retry") return result;
    }
    return E.left(
      storageFailed(
        new Error(`The customer or the campaign changed during each of ${TRIES_MAX} tries: try again later`),
      ),
    );
  };

/** One try, on one context. If the pool has too few vouchers, the store gets one batch of fresh vouchers after another. */
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
    if (lookup === "assume-new" && !isDraft) return "retry";
    if (E.isLeft(decision)) return recordFailure(runtime, request, context, inputs, decision.left);
    if (decision.right.type === "replay") return loadReplay(runtime, decision.right.publication);
    const validRequest = checkMetadataSchema(runtime, "publications")(request);
    if (E.isLeft(validRequest)) return lookup === "assume-new" ? "retry" : validRequest;

    const { draft } = decision.right;
    const settlement = await settleDraft(runtime, draft, lookup);
    if (E.isLeft(settlement)) return settlement;
    if (settlement.right.type === "short" && fresh !== null) {
      const shouldRetry = await extension.shouldRetry(fresh);
      if (E.isLeft(shouldRetry)) return shouldRetry;
      if (shouldRetry.right) continue;
    }
    const outcome = readSettlement(settlement.right, context.source, id);
    if (outcome === "retry") return "retry";
    if (E.isLeft(outcome)) return recordFailure(runtime, request, context, inputs, outcome.left);
    const { customer } = context.resolvedCustomer;
    return settlement.right.type === "published"
      ? E.right(viewOf(outcome.right, customer, settlement.right.vouchers))
      : E.right(await loadViewOrFallback(runtime, outcome.right, customer));
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
    expirationDate: lifetime === null ? null : addDuration(now, lifetime),
  };
};

const loadReplay = (runtime: Runtime, publication: SuccessfulPublication): Promise<PublishResult> =>
  read(() => loadPublicationView(runtime)(publication))();

/** The publication is stored, so the caller gets it even if the store cannot be asked about its voucher any more. */
const loadViewOrFallback = async (
  runtime: Runtime,
  publication: SuccessfulPublication,
  customer: Customer,
): Promise<Publication> => {
  const view = await read(() => loadPublicationView(runtime)(publication))();
  return E.isRight(view) ? view.right : publicationView(publication, customer, null);
};

const viewOf = (
  publication: SuccessfulPublication,
  customer: Customer,
  vouchers: readonly VoucherRecord[],
): Publication => {
  const [voucher, ...more] = vouchers;
  return publicationView(publication, customer, voucher !== undefined && more.length === 0 ? voucher : null);
};

/** Stores the failed publication, unless the host has switched that off. If the store fails here, the caller's answer stays. */
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
  return E.isRight(recordResult) && recordResult.right === "stale" ? "retry" : E.left(error);
};
