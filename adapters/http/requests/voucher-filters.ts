import { and, type Filter, or, unexpiredAt, where } from "oncecode";
import { isRecord, type UnknownRecord } from "../wire/codecs.ts";
import { filtersFrom } from "./list-queries.ts";

// Filters of vouchers have operators on `active` that name a state, not a value (contract 1.8).

const STATE_OPERATORS: Readonly<Record<string, (now: Date) => Filter>> = {
  $active: (now) => and<string>(where("active").is(true), unexpiredAt(now)),
  $enabled: () => where("active").is(true),
  $disabled: () => where("active").is(false),
  $expired: (now) => where("expirationDate").lessThanEqual(now),
};
const stateFilter = (operator: string): ((now: Date) => Filter) | undefined =>
  Object.hasOwn(STATE_OPERATORS, operator) ? STATE_OPERATORS[operator] : undefined;

/** Separates the operators with states from the other filters. */
const separateStates = ({
  active,
  ...attributes
}: UnknownRecord): { readonly rest: object; readonly states: readonly Filter[] } => {
  const conditions = isRecord(active) ? active.conditions : undefined;
  if (!isRecord(conditions)) return { rest: { ...attributes, ...(active !== undefined && { active }) }, states: [] };
  const now = new Date();
  const states = Object.keys(conditions).flatMap((operator) => stateFilter(operator)?.(now) ?? []);
  const others = Object.entries(conditions).filter(([operator]) => stateFilter(operator) === undefined);
  return {
    rest: others.length === 0 ? attributes : { ...attributes, active: { conditions: Object.fromEntries(others) } },
    states,
  };
};

export const voucherFiltersFrom = (nested: unknown): readonly Filter[] => {
  if (!isRecord(nested)) return filtersFrom("vouchers", nested);
  const { rest, states } = separateStates(nested);
  const [parsed] = filtersFrom("vouchers", rest);
  if (states.length === 0 || parsed === undefined || parsed.type === "condition")
    return parsed === undefined ? [] : [parsed];
  const all = [...parsed.filters, ...states];
  return [isOr(nested) ? or(...all) : and(...all)];
};

const isOr = ({ junction }: UnknownRecord): boolean => String(junction).toLowerCase() === "or";
