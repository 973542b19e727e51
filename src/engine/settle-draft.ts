import * as E from "fp-ts/lib/Either.js";
import type { SuccessfulPublication } from "../domain/model.ts";
import { sourceKey } from "../domain/publishing.ts";
import type { EngineError, OutcomeUnknown, StorageFailed } from "../errors.ts";
import type { Draft, Ref, Settlement } from "../repository.ts";
import type { Lookup } from "./publish-context.ts";
import { findSuccess } from "./record-lookup.ts";
import type { Runtime } from "./runtime.ts";
import { read, write } from "./storage.ts";

/** Settles a draft. If the outcome is unknown, looks up whether the draft was published. */
export const settleDraft = async (
  runtime: Runtime,
  draft: Draft,
  lookup: Lookup,
): Promise<E.Either<EngineError, Settlement>> => {
  const settlement = await write(() => runtime.settle(draft), draft.publication.id)();
  return E.isLeft(settlement) ? recoverSettlement(runtime, draft, lookup, settlement) : settlement;
};

/** A publication with the draft's id is this draft. A publication with its source id is an earlier one. */
const recoverSettlement = async (
  runtime: Runtime,
  { publication: { id, sourceId } }: Draft,
  lookup: Lookup,
  failure: E.Left<StorageFailed | OutcomeUnknown>,
): Promise<E.Either<EngineError, Settlement>> => {
  const own = failure.left.code === "outcome_unknown" ? await findStoredPublication(runtime, { id }) : null;
  const isSourceIdUnread = lookup === "assume-new" && sourceId !== null;
  const publication =
    own ?? (isSourceIdUnread ? await findStoredPublication(runtime, { name: sourceKey(sourceId) }) : null);
  return publication === null ? failure : E.right({ type: "owned", publication });
};

/** Null if there is no owner, or if this read fails. The caller then gets the error of the settlement. */
const findStoredPublication = async (runtime: Runtime, ref: Ref): Promise<SuccessfulPublication | null> => {
  const found = await read(() => findSuccess(runtime, ref))();
  return E.isRight(found) ? found.right : null;
};
