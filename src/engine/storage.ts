import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { PublicationId } from "../domain/model.ts";
import { type OutcomeUnknown, outcomeUnknown, type StorageFailed, storageFailed } from "../errors.ts";
import { isUnchanged } from "../unchanged.ts";

/** The error of the adapter, without the mark that nothing was written. */
const causeOf = (rejection: unknown): unknown => (isUnchanged(rejection) ? rejection.cause : rejection);

/** The most tries of one request. Each repeat means that another request was faster, so one of them made progress. */
export const TRIES_MAX = 1000;

/** The most tries of one write while its outcome is unknown. */
const WRITE_TRIES_MAX = 3;

/** The error of a failed read, which has changed nothing. */
export const readFailure = (rejection: unknown): E.Either<StorageFailed, never> =>
  E.left(storageFailed(causeOf(rejection)));

/** Reads from the store. */
export const read =
  <A>(call: () => Promise<A>): TE.TaskEither<StorageFailed, A> =>
  async () => {
    try {
      return E.right(await call());
    } catch (rejection) {
      return readFailure(rejection);
    }
  };

/**
 * Writes to the store. It repeats the call while the outcome is unknown; the port makes repeats safe. After one unknown
 * outcome, a refusal of the store does not prove any more that nothing was written.
 */
export const write =
  <A>(
    call: () => Promise<A>,
    publicationId: PublicationId | null = null,
  ): TE.TaskEither<StorageFailed | OutcomeUnknown, A> =>
  async () => {
    for (let tryNumber = 1; ; tryNumber++) {
      try {
        return E.right(await call());
      } catch (cause) {
        if (tryNumber === 1 && isUnchanged(cause)) return E.left(storageFailed(causeOf(cause)));
        if (tryNumber === WRITE_TRIES_MAX) return E.left(outcomeUnknown(causeOf(cause), publicationId));
      }
    }
  };
