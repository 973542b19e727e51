/**
 * The engine with errors as values: every method gives a `TaskEither<EngineError, A>`, lists give their pages with a
 * `TaskEither` total, and `iterate` yields `Either`s. Otherwise it is the same as `oncecode`.
 *
 * @module
 */
import type * as E from "fp-ts/lib/Either.js";
import { parseNested } from "./domain/parsing.ts";
import { engineOf } from "./engine/operations.ts";
import type { InputError } from "./errors.ts";
import type { FallibleEngine } from "./fallible.ts";
import type { EngineOptions } from "./options.ts";

export type { FallibleEngine, FalliblePage } from "./fallible.ts";

/** Makes an engine, or says which of the options is wrong. */
export const createEngine = (options: EngineOptions): E.Either<InputError, FallibleEngine> => engineOf(options);

/** Reads the contract's nested filter objects; `parseFilters` of `oncecode` with the error as a value. */
export const parseFilters: typeof parseNested = parseNested;
