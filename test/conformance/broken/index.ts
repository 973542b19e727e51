import type { BreakRepository } from "./alter.ts";
import * as claims from "./claims.ts";
import * as effects from "./effects.ts";
import * as limits from "./limits.ts";
import * as lists from "./lists.ts";
import * as lookups from "./lookups.ts";
import * as writes from "./writes.ts";

export type { BreakRepository } from "./alter.ts";

/** Functions that break a correct repository in one way, as real stores have been broken. */
export const brokenRepositories: Readonly<Record<string, BreakRepository>> = {
  ...claims,
  ...effects,
  ...writes,
  ...lookups,
  ...lists,
  ...limits,
};
