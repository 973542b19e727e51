import type * as t from "io-ts";
import { CODE_MAX } from "../domain/codes.ts";
import { isDuration } from "../domain/durations.ts";
import { instantOf, isDate } from "../domain/instants.ts";
import { LIMITS } from "../domain/limits.ts";
import type { Code, Instant } from "../domain/model.ts";
import { hasLength, isStorable } from "../domain/text.ts";
import { mapped, refined } from "./codecs.ts";

const isText = (value: unknown, min: number, max: number): value is string =>
  typeof value === "string" && hasLength(value, min, max) && isStorable(value);

/** A text of `min` to `max` characters. */
export const text = (min: number, max: number): t.Type<string> =>
  refined(`a text of ${min} to ${max} characters`, (value): value is string => isText(value, min, max));

/** A short text that is compared as a whole: an id, a source id, a channel. */
export const shortText: t.Type<string> = text(1, LIMITS.name);

/** A name that people read. */
export const title: t.Type<string> = refined(
  `a text of 1 to ${LIMITS.name} characters, not all of them space`,
  (value): value is string => isText(value, 1, LIMITS.name) && value.trim() !== "",
);

/** A description or additional info. It may be empty. */
export const longText: t.Type<string> = text(0, LIMITS.description);

export const email: t.Type<string> = text(1, LIMITS.email);

const CONTROL = /\p{Cc}/u;

/**
 * A code that a customer can type in. A spreadsheet may leave a space at the end of a code, where people do not see it.
 * Such a code is refused. Spaces inside a code are allowed.
 */
export const code: t.Type<Code> = refined(
  `a code of 1 to ${CODE_MAX} characters, without control characters, and without space at its ends`,
  (value): value is Code => isText(value, 1, CODE_MAX) && value.trim() === value && !CONTROL.test(value),
);

const textOrDate: t.Type<string | Date> = refined(
  "a date",
  (value): value is string | Date => typeof value === "string" || value instanceof Date,
);

export const instant: t.Type<Instant> = mapped(
  "a date such as 2026-03-02, or with time and zone 2026-03-02T09:15:04Z, in the years 1 to 9999",
  textOrDate,
  instantOf,
);

export const birthdate: t.Type<string> = refined(
  "a date such as 1990-04-01",
  (value): value is string => typeof value === "string" && isDate(value),
);

export const duration: t.Type<string> = refined(
  "an ISO 8601 duration of at least a millisecond, such as P24D",
  (value): value is string => isText(value, 1, LIMITS.name) && isDuration(value),
);

export const flag: t.Type<boolean> = refined("true or false", (value) => typeof value === "boolean");

export const oneOf = <const V extends string>(values: readonly V[]): t.Type<V> =>
  refined(`one of: ${values.join(", ")}`, (value): value is V => values.some((one) => one === value));
