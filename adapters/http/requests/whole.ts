import { invalidParameter } from "../api-errors.ts";

/** A parameter that says how many, from 1 on. */
export const wholeNumberFrom = (parameter: string, value: unknown, max: number): number => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= max) return value;
  throw invalidParameter(parameter, `a whole number from 1 to ${max}`);
};
