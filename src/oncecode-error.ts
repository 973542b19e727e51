import type { EngineError } from "./errors.ts";

/**
 * The error that a method of the engine rejects with: an `EngineError` that is also an `Error`. Switch on `code` to
 * read the data of one case.
 */
export type OncecodeError = Error & EngineError & { readonly details: string };

/** A global symbol: `isOncecodeError` also recognises an error from another copy of the package. */
const MARK = Symbol.for("oncecode.error");

/** Turns an error value into an `Error`. `details` is the error's longer text, or its message. */
export const oncecodeError = (error: EngineError): OncecodeError =>
  Object.assign(new Error(error.message), { details: error.message, ...error, name: "OncecodeError", [MARK]: true });

/** True for the engine's own errors: `catch (e) { if (isOncecodeError(e)) switch (e.code) … }`. */
export const isOncecodeError = (error: unknown): error is OncecodeError => error instanceof Error && MARK in error;
