import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import { after } from "../domain/duration.ts";
import type { Customer, Success, VoucherRecord } from "../domain/model.ts";
import { conclude, decide, failureOf, finalOf, type Means, type Situation, sourceKey } from "../domain/publishing.ts";
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
import { conforming } from "./conforming.ts";
import { extensionOf } from "./extending.ts";
import { findSuccess } from "./finding.ts";
import type { Runtime } from "./runtime.ts";
import { look, type Sight } from "./situation.ts";
import { ROUNDS, read, write } from "./storage.ts";
import { publicationView, showPublication } from "./views.ts";

/** What came of a round. Without an outcome, the request has to be decided again. */
type Round = E.Either<EngineError, Publication> | null;

/** Decode, then decide and settle until it holds. */
export const publish =
  (runtime: Runtime) =>
  (input: unknown): TE.TaskEither<EngineError, Publication> =>
  async () => {
    const request = decodePublication(input);
    if (E.isLeft(request)) return request;
    const id = runtime.ids.publication();
    for (let round = 0; round < ROUNDS; round++) {
      // The first round takes a source id to be new. The store refuses one that is not, and the next round looks it up.
      const sight = round === 0 && request.right.sourceId !== null ? "fresh" : "full";
      const situation = await look(runtime, request.right, sight);
      if (E.isLeft(situation)) return situation;
      const outcome = await attempt(runtime, request.right, situation.right, sight, id);
      if (outcome !== null) return outcome;
    }
    return E.left(storageFailed(new Error(`The customer or the campaign was changed ${ROUNDS} times meanwhile`)));
  };

/** One round: on what is known now. A dry pool is asked again with other codes, as long as there are any. */
const attempt = async (
  runtime: Runtime,
  request: PublicationRequest,
  situation: Situation,
  sight: Sight,
  id: Means["id"],
): Promise<Round> => {
  const { policy } = runtime;
  const extension = extensionOf(runtime, situation.source);
  for (let fresh = extension.next(); ; fresh = extension.next()) {
    const means = meansOf(runtime, situation, id, fresh ?? []);
    const decision = decide(request, situation, policy, means);
    const isToPublish = E.isRight(decision) && decision.right.type !== "replay";
    if (sight === "fresh" && !isToPublish) return null;
    if (E.isLeft(decision)) return refused(runtime, request, situation, means, decision.left);
    if (decision.right.type === "replay") return replayed(runtime, decision.right.publication);
    const conformed = conforming(runtime, "publications")(request);
    if (E.isLeft(conformed)) return sight === "fresh" ? null : conformed;

    const { draft } = decision.right;
    const told = await write(() => runtime.settle(draft), id)();
    const settlement = E.isLeft(told) ? await lookAgain(runtime, request, sight, id, told) : told;
    if (E.isLeft(settlement)) return settlement;
    const final = finalOf(settlement.right, id);
    if (final === null) return null;
    if (final.type === "short" && fresh !== null) {
      const goesOn = await extension.goesOn(fresh);
      if (E.isLeft(goesOn)) return goesOn;
      if (goesOn.right) continue;
    }
    const concluded = conclude(final, situation.source);
    if (E.isLeft(concluded)) return refused(runtime, request, situation, means, concluded.left);
    const { customer } = situation.party;
    return settlement.right.type === "published"
      ? E.right(shown(concluded.right, customer, settlement.right.vouchers))
      : E.right(await shownAgain(runtime, concluded.right, customer));
  }
};

const meansOf = (runtime: Runtime, { source }: Situation, id: Means["id"], fresh: readonly VoucherRecord[]): Means => {
  const now = runtime.now();
  const lasts = source.campaign?.activityDurationAfterPublishing ?? null;
  return {
    id,
    now,
    at: runtime.random.fraction(),
    fresh,
    spares: source.type === "voucher" ? 0 : Math.max(0, (runtime.options.extendBy ?? 0) - source.count),
    expirationDate: lasts === null ? null : after(now, lasts),
  };
};

/** If the store fails a draft, or has gone silent about it, its id tells whether it was done, and the source id whether it was before. */
const lookAgain = async (
  runtime: Runtime,
  { sourceId }: PublicationRequest,
  sight: Sight,
  id: Means["id"],
  failed: E.Left<StorageFailed | OutcomeUnknown>,
): Promise<E.Either<EngineError, Settlement>> => {
  const isSilent = failed.left.code === "outcome_unknown";
  const done = isSilent ? await ownerOf(runtime, { id }) : null;
  const before = done === null && sight === "fresh" && sourceId !== null ? { name: sourceKey(sourceId) } : null;
  const publication = before === null ? done : await ownerOf(runtime, before);
  return publication === null ? failed : E.right({ type: "owned", publication });
};

/** Null, too, if the store cannot be asked. */
const ownerOf = async (runtime: Runtime, ref: Ref): Promise<Success | null> => {
  const found = await read(() => findSuccess(runtime, ref))();
  return E.isRight(found) ? found.right : null;
};

const replayed = (runtime: Runtime, publication: Success): Promise<Round> =>
  read(() => showPublication(runtime)(publication))();

/** What a repeat found done is the caller's, also if the store can no longer be asked how the voucher is now. */
const shownAgain = async (runtime: Runtime, publication: Success, customer: Customer): Promise<Publication> => {
  const asked = await read(() => showPublication(runtime)(publication))();
  return E.isRight(asked) ? asked.right : publicationView(publication, customer, null);
};

const shown = (publication: Success, customer: Customer, vouchers: readonly VoucherRecord[]): Publication => {
  const [voucher, ...more] = vouchers;
  return publicationView(publication, customer, voucher !== undefined && more.length === 0 ? voucher : null);
};

/** Puts the failure on record, unless the host does not want it. That the store cannot do it does not change the answer. */
const refused = async (
  runtime: Runtime,
  request: PublicationRequest,
  situation: Situation,
  means: Means,
  error: PublishError,
): Promise<Round> => {
  if (runtime.options.recordFailures === false) return E.left(error);
  const failure = failureOf(request, situation, { ...means, id: runtime.ids.publication() }, error);
  const recorded = await write(() => runtime.record(failure))();
  return E.isRight(recorded) && recorded.right === "stale" ? null : E.left(error);
};
