import { wrongParameter } from "../failures.ts";

/** A parameter that says how many, from 1 on. */
export const wholeIn = (parameter: string, value: unknown, max: number): number => {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= max) return value;
  throw wrongParameter(parameter, `a whole number from 1 to ${max}`);
};
