import type * as t from "io-ts";
import { accepted } from "./shape.ts";

export const whole = (min: number, max: number = Number.MAX_SAFE_INTEGER): t.Type<number> =>
  accepted(
    max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or more` : `a whole number from ${min} to ${max}`,
    (value): value is number => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  );

/** Money in the smallest unit of the currency, or a number of things. */
export const amount: t.Type<number> = whole(1);

/** Half a percent is a discount, too. */
export const percent: t.Type<number> = accepted(
  "a number above 0, up to 100",
  (value): value is number => typeof value === "number" && value > 0 && value <= 100,
);
