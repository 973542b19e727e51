/** What an adapter rejects with when it is certain that nothing was written. */
export interface Unchanged extends Error {
  readonly outcome: "unchanged";
}

/**
 * Marks a failure of the store as definite: nothing was written and nothing will be. The engine then reports
 * `storage_failed`, where any other rejection makes it repeat the call and, in the end, report `outcome_unknown`.
 */
export const unchanged = (cause: unknown): Unchanged =>
  Object.assign(new Error("The store refused, and nothing was written", { cause }), { outcome: "unchanged" as const });

export const isUnchanged = (rejection: unknown): rejection is Unchanged =>
  rejection instanceof Error && "outcome" in rejection && rejection.outcome === "unchanged";
