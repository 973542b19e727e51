import * as E from "fp-ts/lib/Either.js";
import type * as TE from "fp-ts/lib/TaskEither.js";
import type { PublicationId } from "../domain/model.ts";
import { type OutcomeUnknown, outcomeUnknown, type StorageFailed, storageFailed } from "../errors.ts";
import { isUnchanged } from "../unchanged.ts";

/** The adapter's own error, without the mark that says nothing was written. */
const causeOf = (rejection: unknown): unknown => (isUnchanged(rejection) ? rejection.cause : rejection);

/** How often to decide again when somebody else changed what was decided on: each time round, one of them gets on. */
export const DECISIONS_MAX = 1000;

/** How often a call is made whose outcome is unknown. */
const WRITE_ATTEMPTS_MAX = 3;

/** A read that fails has changed nothing. */
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
 * Writes to the store. While the outcome is unknown the same call is repeated, which the port makes safe. Once it was
 * unknown, a refusal no longer says that nothing was written.
 */
export const write =
  <A>(
    call: () => Promise<A>,
    publicationId: PublicationId | null = null,
  ): TE.TaskEither<StorageFailed | OutcomeUnknown, A> =>
  async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return E.right(await call());
      } catch (cause) {
        if (attempt === 1 && isUnchanged(cause)) return E.left(storageFailed(causeOf(cause)));
        if (attempt === WRITE_ATTEMPTS_MAX) return E.left(outcomeUnknown(causeOf(cause), publicationId));
      }
    }
  };
