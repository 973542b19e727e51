import type { Point, Run } from "../results.ts";

const ONCECODE = "oncecode";
/** How many colours `style.ts` has for the others. */
const TONE_COUNT = 8;

/** Who appears, and how they are shown throughout. */
export interface Legend {
  /** A class: `us`, or a quieter colour. */
  toneOf(subject: string): string;
  /** What to know about a subject on a store before comparing with it. */
  caveatOf(store: string, subject: string): string | null;
}

export const isOncecode = (subject: string): boolean => subject === ONCECODE;

const keyOf = ({ store, subject }: Pick<Point, "store" | "subject">): string => JSON.stringify([store, subject]);

/** The class of one of the quieter colours. */
export const toneAt = (i: number): string => `tone-${i % TONE_COUNT}`;

export const legendOf = ({ points }: Run): Legend => {
  const baselines = [...new Set(points.map(({ subject }) => subject))].filter((subject) => !isOncecode(subject));
  const repeatsCodes = new Set(points.filter(({ unit }) => unit === "duplicates").map(keyOf));
  return {
    toneOf: (subject) => (isOncecode(subject) ? "us" : toneAt(Math.max(0, baselines.indexOf(subject)))),
    caveatOf: (store, subject) => (repeatsCodes.has(keyOf({ store, subject: subject })) ? "gives codes twice" : null),
  };
};

/**
 * What tells apart the points of one subject that stand on the same axis, or null. Lists are the only ones of which
 * there are several, and what they say ends in the number of rows: "first page, newest, of 1e6".
 */
export const operationOf = ({ what, at }: Point): string | null => {
  if (at === null) return what;
  return at.axis === "rows" ? what.replace(/, of [^,]*$/, "") : null;
};
