import type { FilterOf } from "./domain/filters.ts";
import type { Kind } from "./domain/model.ts";
import { parseNested } from "./domain/parsing.ts";
import { engineOf } from "./engine/operations.ts";
import type { Engine, Joinable } from "./face.ts";
import type { EngineOptions } from "./options.ts";
import { orThrow, promises } from "./promises.ts";
import type { Repository, Transactional } from "./repository.ts";

/** Makes an engine on a repository. Throws an `OncecodeError` if an option is wrong; starts nothing, so there is nothing to stop. */
export function createEngine<T>(options: EngineOptions<Repository & Transactional<T>>): Engine & Joinable<T>;
export function createEngine(options: EngineOptions): Engine;
export function createEngine<T>(
  options: EngineOptions<Repository & Partial<Transactional<T>>>,
): Engine & Partial<Joinable<T>> {
  const { within, ...engine } = orThrow(engineOf(options));
  return within === undefined
    ? promises(engine)
    : { ...promises(engine), within: (transaction) => promises(within(transaction)) };
}

/**
 * Reads the contract's nested filters, `{ customer_id: { conditions: { $in: ["a", "b"] } }, junction: "OR" }`, as a filter
 * for lists of publications, or of another kind. Throws an `OncecodeError` that names what it does not know.
 */
export function parseFilters(nested: unknown): FilterOf<"publications">;
export function parseFilters<K extends Kind>(nested: unknown, kind: K | undefined): FilterOf<K>;
export function parseFilters(nested: unknown, kind: Kind = "publications"): FilterOf<Kind> {
  return orThrow(parseNested(nested, kind)) as FilterOf<Kind>;
}
