import type { Breaks } from "./bending.ts";
import * as claims from "./claims.ts";
import * as effects from "./effects.ts";
import * as finds from "./finds.ts";
import * as limits from "./limits.ts";
import * as lists from "./lists.ts";
import * as writes from "./writes.ts";

export type { Breaks } from "./bending.ts";

/**
 * Repositories that are wrong in one way each, as real stores have been. Each makes a wrong one of a right one, such as
 * the memory repository.
 */
export const broken: Readonly<Record<string, Breaks>> = {
  ...claims,
  ...effects,
  ...writes,
  ...finds,
  ...lists,
  ...limits,
};
