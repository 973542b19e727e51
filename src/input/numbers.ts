import type * as t from "io-ts";
import { mapped, refined } from "./codecs.ts";

const isNumber = (value: unknown): value is number => typeof value === "number";
const number = refined("a number", isNumber);

export const whole = (min: number, max: number = Number.MAX_SAFE_INTEGER): t.Type<number> =>
  mapped(
    max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
    number,
    // A store returns -0 as 0, so we store 0.
    (value) => (Number.isSafeInteger(value) && value >= min && value <= max ? value + 0 : null),
  );

/** An amount of money in the smallest unit of the currency, or a number of units. */
export const amount: t.Type<number> = whole(1);

/** A percentage. Fractions such as 0.5 are allowed. */
export const percent: t.Type<number> = mapped("a number above 0, up to 100", number, (value) =>
  value > 0 && value <= 100 ? value : null,
);
