/** The error of an adapter that is certain that nothing was written. */
export interface UnchangedError extends Error {
  readonly outcome: "unchanged";
}

/**
 * Creates the error for a call that wrote nothing and will write nothing. The engine then reports `storage_failed`. After
 * any other rejection the engine repeats the call, and reports `outcome_unknown` if the repeats fail, too.
 */
export const unchanged = (cause: unknown): UnchangedError =>
  Object.assign(new Error("The store refused, and nothing was written", { cause }), { outcome: "unchanged" as const });

export const isUnchanged = (rejection: unknown): rejection is UnchangedError =>
  rejection instanceof Error && "outcome" in rejection && rejection.outcome === "unchanged";
