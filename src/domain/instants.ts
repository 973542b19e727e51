import { Temporal } from "temporal-polyfill";
import type { Instant } from "./model.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Leap seconds are refused here, and hour 24 by Temporal, because stores treat them differently. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** The last instant. Years have four digits, so that text order is time order. */
export const INSTANT_LAST = "9999-12-31T23:59:59.999Z" as Instant;
const FIRST = Date.parse("0001-01-01T00:00:00.000Z");
const LAST = Date.parse(INSTANT_LAST);

const millisecondsIn = (text: string): number => {
  if (!DATE.test(text) && !DATE_TIME.test(text)) return Number.NaN;
  try {
    return Temporal.Instant.from(DATE.test(text) ? `${text}T00:00Z` : text).epochMilliseconds;
  } catch {
    // Temporal throws for a date that does not exist, such as February 30.
    return Number.NaN;
  }
};

/**
 * The instant of a text or a Date, in UTC with milliseconds; null if there is none, or if its year is not from 1 to 9999.
 * A date without a time is midnight UTC. A time needs a zone. Digits after the milliseconds are cut off.
 */
export const instantOf = (value: string | Date): Instant | null => {
  const milliseconds = typeof value === "string" ? millisecondsIn(value) : value.getTime();
  return milliseconds >= FIRST && milliseconds <= LAST ? (new Date(milliseconds).toISOString() as Instant) : null;
};

/** Whether a text is a date that exists, such as `1990-04-01`. */
export const isDate = (text: string): boolean => DATE.test(text) && instantOf(text) !== null;
