/**
 * The engine with errors as values: every method gives a `TaskEither<EngineError, A>`, lists give their pages with a
 * `TaskEither` total, and `iterate` yields `Either`s. Otherwise it is the same as `oncecode`.
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

/** What `createEngine` makes of a repository that can take part in a transaction of the host's. */
export type TransactionalEngine<T> = TaskEitherEngine & { within(transaction: T): TaskEitherEngine };

/** Makes an engine, or says which of the options is wrong. */
export function createEngine<T>(
  options: EngineOptions<Repository & Transactional<T>>,
): E.Either<InputError, TransactionalEngine<T>>;
export function createEngine(options: EngineOptions): E.Either<InputError, TaskEitherEngine>;
export function createEngine<T>(
  options: EngineOptions<Repository & Partial<Transactional<T>>>,
): E.Either<InputError, TaskEitherEngine & Partial<TransactionalEngine<T>>> {
  return createTaskEitherEngine(options);
}

/** Reads the contract's nested filter objects; `parseFilters` of `oncecode` with the error as a value. */
export const parseFilters: typeof parseNestedFilter = parseNestedFilter;
