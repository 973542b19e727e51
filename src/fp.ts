/**
 * The engine with errors as values. Every method returns a `TaskEither<EngineError, A>`, the total of a page is a
 * `TaskEither`, and `iterate` yields `Either`s. Everything else is the same as in `oncecode`.
 *
 * @module
 */
import type * as E from "fp-ts/lib/Either.js";
import { parseNestedFilter } from "./domain/nested-filters.ts";
import { createTaskEitherEngine } from "./engine/operations.ts";
import type { InputError } from "./errors.ts";
import type { EngineOptions } from "./options.ts";
import type { Repository, Transactional } from "./repository.ts";
import type { TaskEitherEngine } from "./task-either-engine.ts";

export type { TaskEitherEngine, TaskEitherPage } from "./task-either-engine.ts";

/** An engine whose repository can take part in a transaction of the host. */
export type TransactionalEngine<T> = TaskEitherEngine & { within(transaction: T): TaskEitherEngine };

/** Creates an engine, or returns an error that names the wrong option. */
export function createEngine<T>(
  options: EngineOptions<Repository & Transactional<T>>,
): E.Either<InputError, TransactionalEngine<T>>;
export function createEngine(options: EngineOptions): E.Either<InputError, TaskEitherEngine>;
export function createEngine<T>(
  options: EngineOptions<Repository & Partial<Transactional<T>>>,
): E.Either<InputError, TaskEitherEngine & Partial<TransactionalEngine<T>>> {
  return createTaskEitherEngine(options);
}

/** Parses nested filter objects, as `parseFilters` of `oncecode` does. The error is a value. */
export const parseFilters: typeof parseNestedFilter = parseNestedFilter;
