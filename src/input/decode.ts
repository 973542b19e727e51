import * as E from "fp-ts/lib/Either.js";
import type * as t from "io-ts";
import { fieldPath } from "../domain/paths.ts";
import { type InputError, type InputErrorCode, inputError } from "../errors.ts";

const ELEMENT = /^\[\d+\]$/;

/** The path of an error. The first entry of a context is the value itself. List elements are keys such as `[3]`. */
const pathOf = ([, ...context]: t.Context, root: string): string =>
  context.reduce((path, { key }) => (ELEMENT.test(key) ? path + key : fieldPath(path, key)), root);

/** Converts the first error of io-ts. Its `message` holds the expectation if the codec's name does not. */
const toInputError = (errors: t.Errors, code: InputErrorCode, root: string): InputError => {
  const [error] = errors;
  const expected = error?.message ?? error?.context.at(-1)?.type.name ?? "valid";
  return inputError(code, error === undefined ? root : pathOf(error.context, root), expected);
};

export interface ErrorLocation {
  readonly code?: InputErrorCode;
  /** The path of the value itself. */
  readonly path?: string;
}

/** Decodes a host's input. It never throws: a value whose proxy or getter throws is invalid. */
export const decode =
  <A>(type: t.Type<A>, { code = "invalid_payload", path = "" }: ErrorLocation = {}) =>
  (input: unknown): E.Either<InputError, A> => {
    const decoded = type.decode(input);
    return E.isRight(decoded) ? decoded : E.left(toInputError(decoded.left, code, path));
  };
