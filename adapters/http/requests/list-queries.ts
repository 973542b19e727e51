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
import { invalidParameter } from "../api-errors.ts";
import { isRecord, type UnknownRecord } from "../wire/codecs.ts";
import { toCamelCase } from "../wire/names.ts";

// The query of a list: page, order and filters.

/** Refuses parameters that the engine does not have. If they were ignored, a list would have too many records. */
export const refuseUnsupportedParameters = ({ url }: Request, names: readonly string[]): void => {
  const { searchParams } = new URL(url);
  const name = names.find((one) => searchParams.has(one));
  if (name !== undefined) throw invalidParameter(name, "absent: it is not supported here");
};

export const filtersFrom = (kind: Kind, nested: unknown): readonly Filter[] =>
  nested === undefined ? [] : [parseFilters(nested, kind) as Filter];

/** The filter of a parameter; no filter if the parameter is absent. */
export const filterByParameter = (
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
    if (isOncecodeError(error) && "expected" in error) throw invalidParameter(parameter, error.expected);
    throw error;
  }
};

const SIDES: readonly string[] = ["before", "after"];

const periodFilters = (kind: Kind, attribute: string, period: unknown): readonly Filter[] => {
  if (period === undefined) return [];
  if (!isRecord(period) || Object.keys(period).some((side) => !SIDES.includes(side)))
    throw invalidParameter(attribute, "given as [before] or [after]");
  return SIDES.flatMap((side) => filterByParameter(kind, `${attribute}.${side}`, period[side], attribute, `$${side}`));
};
export const createdOrUpdatedFilters = (kind: Kind, { createdAt, updatedAt }: UnknownRecord): readonly Filter[] => [
  ...periodFilters(kind, "created_at", createdAt),
  ...periodFilters(kind, "updated_at", updatedAt),
];

const wireName = (kind: Kind, attribute: string): string => {
  const columns: Readonly<Record<string, { readonly wire: string }>> = ATTRIBUTES[kind];
  return columns[attribute]?.wire ?? attribute;
};

/** The order of a list, with the names of the engine. */
const orderFrom = (kind: Kind, input: unknown): string | undefined => {
  if (input === undefined) return undefined;
  const names = ORDERS[kind].flatMap((by) => [wireName(kind, by), `-${wireName(kind, by)}`]);
  const name = names.find((one) => one === input);
  if (name !== undefined) return name.startsWith("-") ? `-${toCamelCase(name.slice(1))}` : toCamelCase(name);
  throw invalidParameter("order", `one of: ${names.join(", ")}`);
};

/** The query for the engine, which checks the values. */
export const listQuery = <K extends Kind>(kind: K, query: UnknownRecord, filters: readonly Filter[]): ListQuery<K> => {
  const order = orderFrom(kind, query.order);
  const { limit, page } = query;
  return {
    filters: and(...filters),
    ...(order !== undefined && { order }),
    ...(limit !== undefined && { limit }),
    ...(page !== undefined && { page }),
  } as ListQuery<K>;
};
