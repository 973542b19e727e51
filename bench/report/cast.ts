import type { Point, Run } from "../results.ts";

const US = "oncecode";
/** How many colours `style.ts` has for the others. */
const TONES = 8;

/** Who appears, and how they are shown throughout. */
export interface Cast {
  /** A class: `us`, or a quieter colour. */
  toneOf(contender: string): string;
  /** What to know about a contender on a store before comparing with it. */
  caveatOf(store: string, contender: string): string | null;
}

export const isUs = (contender: string): boolean => contender === US;

const keyOf = ({ store, contender }: Pick<Point, "store" | "contender">): string => JSON.stringify([store, contender]);

/** The class of one of the quieter colours. */
export const toneAt = (i: number): string => `tone-${i % TONES}`;

export const castOf = ({ points }: Run): Cast => {
  const others = [...new Set(points.map(({ contender }) => contender))].filter((contender) => !isUs(contender));
  const doubtful = new Set(points.filter(({ unit }) => unit === "duplicates").map(keyOf));
  return {
    toneOf: (contender) => (isUs(contender) ? "us" : toneAt(Math.max(0, others.indexOf(contender)))),
    caveatOf: (store, contender) => (doubtful.has(keyOf({ store, contender })) ? "gives codes twice" : null),
  };
};
