import { Temporal } from "temporal-polyfill";
import { INSTANT_LAST } from "./instants.ts";
import type { Instant } from "./model.ts";

const parse = (text: string): Temporal.Duration | null => {
  try {
    return Temporal.Duration.from(text);
  } catch {
    return null;
  }
};

/** Instants have milliseconds. A finer duration could not be added exactly. */
const isAddable = (duration: Temporal.Duration): boolean =>
  duration.sign > 0 && duration.microseconds === 0 && duration.nanoseconds === 0;

/** Whether a text is a positive ISO 8601 duration: `P24D`, `P1M`, `PT36H`. */
export const isDuration = (text: string): boolean => {
  const duration = parse(text);
  return duration !== null && isAddable(duration);
};

/**
 * Adds a duration to an instant, by the UTC calendar: January 31 plus one month is the last day of February. A result
 * after the year 9999 becomes `INSTANT_LAST`.
 */
export const addDuration = (instant: Instant, duration: string): Instant => {
  const added = parse(duration);
  if (added === null) return INSTANT_LAST;
  try {
    const end = Temporal.Instant.from(instant).toZonedDateTimeISO("UTC").add(added);
    return end.year > 9999 ? INSTANT_LAST : (end.toInstant().toString({ smallestUnit: "millisecond" }) as Instant);
  } catch {
    // The sum is out of Temporal's range.
    return INSTANT_LAST;
  }
};
