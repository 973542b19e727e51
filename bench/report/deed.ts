import type { Point } from "../results.ts";

/**
 * What tells apart the points of one contender that stand on the same axis, or null. Lists are the only ones of which
 * there are several, and what they say ends in the number of rows: "first page, newest, of 1e6".
 */
export const deedOf = ({ what, at }: Point): string | null => {
  if (at === null) return what;
  return at.axis === "rows" ? what.replace(/, of [^,]*$/, "") : null;
};
