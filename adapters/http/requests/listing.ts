import {
  ATTRIBUTES,
  and,
  type Filter,
  isOncecodeError,
  type Kind,
  type ListQuery,
  ORDERS,
  parseFilters,
} from "oncecode";
import { wrongParameter } from "../failures.ts";
import { camel } from "../wire/names.ts";
import { type Given, isRecord } from "../wire/shape.ts";

/** What all lists have in common: where on the list, in which order, and which filters. */

/** Parameters that the contract has, and of which the engine knows nothing. To ignore them would give too much. */
export const refuseUnsupported = ({ url }: Request, names: readonly string[]): void => {
  const { searchParams } = new URL(url);
  const name = names.find((one) => searchParams.has(one));
  if (name !== undefined) throw wrongParameter(name, "absent: it is not supported here");
};

export const filtersIn = (kind: Kind, nested: unknown): readonly Filter[] =>
  nested === undefined ? [] : [parseFilters(nested, kind) as Filter];

/** The condition that a parameter is short for; none where it is not given. */
export const short = (
  kind: Kind,
  parameter: string,
  value: unknown,
  attribute: string = parameter,
  operator = "$is",
): readonly Filter[] => {
  if (value === undefined) return [];
  try {
    return [parseFilters({ [attribute]: { conditions: { [operator]: value } } }, kind) as Filter];
  } catch (error) {
    if (isOncecodeError(error) && "expected" in error) throw wrongParameter(parameter, error.expected);
    throw error;
  }
};

const SIDES: readonly string[] = ["before", "after"];

const periodIn = (kind: Kind, attribute: string, period: unknown): readonly Filter[] => {
  if (period === undefined) return [];
  if (!isRecord(period) || Object.keys(period).some((side) => !SIDES.includes(side)))
    throw wrongParameter(attribute, "given as [before] or [after]");
  return SIDES.flatMap((side) => short(kind, `${attribute}.${side}`, period[side], attribute, `$${side}`));
};
export const periodsIn = (kind: Kind, { createdAt, updatedAt }: Given): readonly Filter[] => [
  ...periodIn(kind, "created_at", createdAt),
  ...periodIn(kind, "updated_at", updatedAt),
];

const wireName = (kind: Kind, attribute: string): string => {
  const columns: Readonly<Record<string, { readonly wire: string }>> = ATTRIBUTES[kind];
  return columns[attribute]?.wire ?? attribute;
};

/** The order of a list in the engine's words. */
const orderIn = (kind: Kind, given: unknown): string | undefined => {
  if (given === undefined) return undefined;
  const names = ORDERS[kind].flatMap((by) => [wireName(kind, by), `-${wireName(kind, by)}`]);
  const name = names.find((one) => one === given);
  if (name !== undefined) return name.startsWith("-") ? `-${camel(name.slice(1))}` : camel(name);
  throw wrongParameter("order", `one of: ${names.join(", ")}`);
};

/** A query of the engine's, which checks the rest of it. */
export const listQuery = <K extends Kind>(kind: K, query: Given, filters: readonly Filter[]): ListQuery<K> => {
  const order = orderIn(kind, query.order);
  const { limit, page } = query;
  return {
    filters: and(...filters),
    ...(order !== undefined && { order }),
    ...(limit !== undefined && { limit }),
    ...(page !== undefined && { page }),
  } as ListQuery<K>;
};
