import type { Point, Run } from "../results.ts";

const ONCECODE = "oncecode";
/** The number of colours in `style.ts` for other subjects. */
const TONE_COUNT = 8;

/** The subjects of a run and their colours. */
export interface Legend {
  /** A CSS class: `us`, or a quieter colour. */
  toneOf(subject: string): string;
  /** A warning about a subject on a store, such as that it repeats codes. */
  caveatOf(store: string, subject: string): string | null;
}

export const isOncecode = (subject: string): boolean => subject === ONCECODE;

const keyOf = ({ store, subject }: Pick<Point, "store" | "subject">): string => JSON.stringify([store, subject]);

/** The CSS class of a quieter colour. */
export const toneAt = (i: number): string => `tone-${i % TONE_COUNT}`;

export const legendOf = ({ points }: Run): Legend => {
  const baselines = [...new Set(points.map(({ subject }) => subject))].filter((subject) => !isOncecode(subject));
  const repeatsCodes = new Set(points.filter(({ unit }) => unit === "duplicates").map(keyOf));
  return {
    toneOf: (subject) => (isOncecode(subject) ? "us" : toneAt(Math.max(0, baselines.indexOf(subject)))),
    caveatOf: (store, subject) => (repeatsCodes.has(keyOf({ store, subject })) ? "repeats codes" : null),
  };
};

/**
 * The name that separates points of one subject on the same axis, or null. Only lists have several such points. Their texts
 * end with the number of rows: "first page, newest, of 1e6".
 */
export const operationOf = ({ label, at }: Point): string | null => {
  if (at === null) return label;
  return at.axis === "rows" ? label.replace(/, of [^,]*$/, "") : null;
};
