import type { Engine, TransactionalEngine } from "./api/engine.ts";
import type { FilterOf } from "./domain/filters.ts";
import type { Kind } from "./domain/model.ts";
import { parseNestedFilter } from "./domain/nested-filters.ts";
import { createTaskEitherEngine } from "./engine/operations.ts";
import type { EngineOptions } from "./options.ts";
import { orThrow, promiseEngine } from "./promise-engine.ts";
import type { Repository, Transactional } from "./repository.ts";

/** Creates an engine on a repository. Throws an `OncecodeError` if an option is wrong. An engine needs no stop or close. */
export function createEngine<T>(options: EngineOptions<Repository & Transactional<T>>): TransactionalEngine<T>;
export function createEngine(options: EngineOptions): Engine;
export function createEngine<T>(
  options: EngineOptions<Repository & Partial<Transactional<T>>>,
): Engine & Partial<TransactionalEngine<T>> {
  const { within, ...engine } = orThrow(createTaskEitherEngine(options));
  return within === undefined
    ? promiseEngine(engine)
    : { ...promiseEngine(engine), within: (transaction) => promiseEngine(within(transaction)) };
}

/**
 * Parses the nested filter objects of promotion services, such as
 * `{ customer_id: { conditions: { $in: ["a", "b"] } }, junction: "OR" }`, into a filter for lists of `kind`. Throws an
 * `OncecodeError` that names the wrong field.
 */
export function parseFilters(nested: unknown): FilterOf<"publications">;
export function parseFilters<K extends Kind>(nested: unknown, kind: K | undefined): FilterOf<K>;
export function parseFilters(nested: unknown, kind: Kind = "publications"): FilterOf<Kind> {
  return orThrow(parseNestedFilter(nested, kind)) as FilterOf<Kind>;
}
