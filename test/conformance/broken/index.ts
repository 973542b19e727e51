import type { BreakRepository } from "./alter.ts";
import * as claims from "./claims.ts";
import * as effects from "./effects.ts";
import * as limits from "./limits.ts";
import * as lists from "./lists.ts";
import * as finds from "./lookups.ts";
import * as writes from "./writes.ts";

export type { BreakRepository } from "./alter.ts";

/**
 * Repositories that are wrong in one way each, as real stores have been. Each makes a wrong one of a right one, such as
 * the memory repository.
 */
export const brokenRepositories: Readonly<Record<string, BreakRepository>> = {
  ...claims,
  ...effects,
  ...writes,
  ...finds,
  ...lists,
  ...limits,
};
