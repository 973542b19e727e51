import { Temporal } from "temporal-polyfill";
import type { Instant } from "./model.ts";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
/** No leap seconds and no hour 24: stores do not agree on them. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** The last instant there is: years have four digits, so that instants sort as text. */
export const INSTANT_LAST = "9999-12-31T23:59:59.999Z" as Instant;
const FIRST = Date.parse("0001-01-01T00:00:00.000Z");
const LAST = Date.parse(INSTANT_LAST);

const millisecondsIn = (text: string): number => {
  if (!DATE.test(text) && !DATE_TIME.test(text)) return Number.NaN;
  try {
    return Temporal.Instant.from(DATE.test(text) ? `${text}T00:00Z` : text).epochMilliseconds;
  } catch {
    // Temporal throws at dates that no calendar has, such as February 30.
    return Number.NaN;
  }
};

/**
 * The instant that a text or a Date stands for, in UTC with milliseconds; null if it is none, or not in the years 1 to
 * 9999. A date alone is its midnight in UTC; a time needs a zone; digits beyond milliseconds are cut off.
 */
export const instantOf = (value: string | Date): Instant | null => {
  const milliseconds = typeof value === "string" ? millisecondsIn(value) : value.getTime();
  return milliseconds >= FIRST && milliseconds <= LAST ? (new Date(milliseconds).toISOString() as Instant) : null;
};

/** Whether this is a day of the calendar, as `1990-04-01`. */
export const isDate = (text: string): boolean => DATE.test(text) && instantOf(text) !== null;
