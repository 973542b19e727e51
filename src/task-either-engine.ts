import type { Either } from "fp-ts/lib/Either.js";
import type { TaskEither } from "fp-ts/lib/TaskEither.js";
import type { Engine } from "./api/engine.ts";
import type { Page } from "./api/lists.ts";
import type { EngineError } from "./errors.ts";

/** A page whose total is a `TaskEither`. */
export type TaskEitherPage<T> = Omit<Page<T>, "total"> & { total(): TaskEither<EngineError, number> };

/** A method that returns its error as a value instead of rejecting with it. */
type Method<F> = F extends (...args: infer A) => Promise<Page<infer T>>
  ? (...args: A) => TaskEither<EngineError, TaskEitherPage<T>>
  : F extends (...args: infer A) => Promise<infer T>
    ? (...args: A) => TaskEither<EngineError, T>
    : F extends (...args: infer A) => AsyncIterable<infer T>
      ? (...args: A) => AsyncIterable<Either<EngineError, T>>
      : never;

type Methods<T> = { readonly [Name in keyof T]: Method<T[Name]> };

/** The engine with `TaskEither` in place of `Promise`. */
export type TaskEitherEngine = { readonly [Group in keyof Engine]: Methods<Engine[Group]> };
