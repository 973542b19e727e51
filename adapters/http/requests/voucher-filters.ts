import { and, type Filter, or, where } from "oncecode";
import { type Given, isRecord } from "../wire/shape.ts";
import { filtersIn } from "./listing.ts";

/** Filters of vouchers have operators on `active` that ask for a state instead of a value (contract 1.8). */

const live = (now: Date): Filter => or<string>(where("expirationDate").isUnknown(), where("expirationDate").after(now));

const STATES: Readonly<Record<string, (now: Date) => Filter>> = {
  $active: (now) => and<string>(where("active").is(true), live(now)),
  $enabled: () => where("active").is(true),
  $disabled: () => where("active").is(false),
  $expired: (now) => where("expirationDate").lessThanEqual(now),
};
const stateOf = (operator: string): ((now: Date) => Filter) | undefined =>
  Object.hasOwn(STATES, operator) ? STATES[operator] : undefined;

/** The nested filters without the states, and the states. */
const split = ({ active, ...attributes }: Given): { readonly rest: object; readonly states: readonly Filter[] } => {
  const conditions = isRecord(active) ? active.conditions : undefined;
  if (!isRecord(conditions)) return { rest: { ...attributes, ...(active !== undefined && { active }) }, states: [] };
  const now = new Date();
  const states = Object.keys(conditions).flatMap((operator) => stateOf(operator)?.(now) ?? []);
  const others = Object.entries(conditions).filter(([operator]) => stateOf(operator) === undefined);
  return {
    rest: others.length === 0 ? attributes : { ...attributes, active: { conditions: Object.fromEntries(others) } },
    states,
  };
};

export const voucherFiltersIn = (nested: unknown): readonly Filter[] => {
  if (!isRecord(nested)) return filtersIn("vouchers", nested);
  const { rest, states } = split(nested);
  const [parsed] = filtersIn("vouchers", rest);
  if (states.length === 0 || parsed === undefined || parsed.type === "condition")
    return parsed === undefined ? [] : [parsed];
  const all = [...parsed.filters, ...states];
  return [isOr(nested) ? or(...all) : and(...all)];
};

const isOr = ({ junction }: Given): boolean => String(junction).toLowerCase() === "or";
