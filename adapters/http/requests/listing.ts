import { and, type Filter, isOncecodeError, type Kind, type ListQuery, parseFilters } from "oncecode";
import { badRequest, Refusal } from "../failures.ts";
import { orderIn } from "../wire/lists.ts";
import type { Given } from "../wire/shape.ts";

/** What all lists have in common: where on the list, in which order, and which filters. */

const refuse = (parameter: string, expected: string): Refusal =>
  new Refusal(badRequest("invalid_query_params", `Property .${parameter} must be ${expected}`));

/** Parameters that the contract has, and of which the engine knows nothing. To ignore them would give too much. */
export const refuseUnsupported = ({ url }: Request, names: readonly string[]): void => {
  const { searchParams } = new URL(url);
  const name = names.find((one) => searchParams.has(one));
  if (name !== undefined) throw refuse(name, "absent: it is not supported here");
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
    if (isOncecodeError(error) && "expected" in error) throw refuse(parameter, error.expected);
    throw error;
  }
};

const periodIn = (kind: Kind, attribute: string, period: unknown): readonly Filter[] => {
  if (period === undefined) return [];
  if (typeof period !== "object" || period === null) throw refuse(attribute, "given as [before] or [after]");
  return (["before", "after"] as const).flatMap((side) =>
    short(kind, `${attribute}.${side}`, Reflect.get(period, side), attribute, `$${side}`),
  );
};
export const periodsIn = (kind: Kind, { createdAt, updatedAt }: Given): readonly Filter[] => [
  ...periodIn(kind, "created_at", createdAt),
  ...periodIn(kind, "updated_at", updatedAt),
];

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
