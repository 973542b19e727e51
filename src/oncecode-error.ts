import type { EngineError } from "./errors.ts";

/**
 * What every method of the engine rejects with: an `EngineError` that is an `Error`. Switch on `code` to get at the data
 * of the case.
 */
export type OncecodeError = Error & EngineError & { readonly details: string };

/** Known to every copy of the package, so that an error of one copy is one for all. */
const MARK = Symbol.for("oncecode.error");

/** Made where an error leaves the engine as a rejection. `details` is the longer text, where there is one. */
export const oncecodeError = (error: EngineError): OncecodeError =>
  Object.assign(new Error(error.message), { details: error.message, ...error, name: "OncecodeError", [MARK]: true });

/** Tells the engine's own errors from any other: `catch (e) { if (isOncecodeError(e)) switch (e.code) … }`. */
export const isOncecodeError = (error: unknown): error is OncecodeError => error instanceof Error && MARK in error;
