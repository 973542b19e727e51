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

/** Instants have milliseconds, so a finer duration could not be added exactly. */
const isAddable = (duration: Temporal.Duration): boolean =>
  duration.sign > 0 && duration.microseconds === 0 && duration.nanoseconds === 0;

/** Whether a text is an ISO 8601 duration that leads into the future: `P24D`, `P1M`, `PT36H`. */
export const isDuration = (text: string): boolean => {
  const duration = parse(text);
  return duration !== null && isAddable(duration);
};

/**
 * The instant a duration later, by the calendar in UTC: a month after January 31 is the last of February. What would
 * lie beyond the year 9999, or has no end, is the last instant there is.
 */
export const addDuration = (instant: Instant, duration: string): Instant => {
  const added = parse(duration);
  if (added === null) return INSTANT_LAST;
  try {
    const end = Temporal.Instant.from(instant).toZonedDateTimeISO("UTC").add(added);
    return end.year > 9999 ? INSTANT_LAST : (end.toInstant().toString({ smallestUnit: "millisecond" }) as Instant);
  } catch {
    // Beyond what Temporal can count to.
    return INSTANT_LAST;
  }
};
