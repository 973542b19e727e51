import * as E from "fp-ts/lib/Either.js";
import { type InputError, inputError, READABLE } from "../errors.ts";
import { ATTRIBUTES } from "./attributes.ts";
import { type FilterBudget, filterBudget } from "./filter-budget.ts";
import { arityOf, conditionOf, expectedOneOf, isAttribute, refuse, typeOf } from "./filter-conditions.ts";
import { type Condition, type Filter, operatorsOn } from "./filters.ts";
import { LIMITS } from "./limits.ts";
import type { Kind } from "./model.ts";
import { elementPath, fieldPath } from "./paths.ts";

const ARITY = { none: "an empty list", one: "a list of one operand", many: "a list of operands" };

const checkCondition = (
  kind: Kind,
  tree: object,
  path: string,
  budget: FilterBudget,
): E.Either<InputError, Condition> => {
  const attribute: unknown = Reflect.get(tree, "attribute");
  const name: unknown = Reflect.get(tree, "operator");
  const operands: unknown = Reflect.get(tree, "operands");

  const type = isAttribute(attribute) ? typeOf(kind, attribute) : undefined;
  if (!isAttribute(attribute) || type === undefined)
    return refuse(
      fieldPath(path, "attribute"),
      expectedOneOf([...Object.keys(ATTRIBUTES[kind]), "metadata.<key>"], attribute),
    );

  const operators = operatorsOn(type);
  const operator = operators.find((one) => one === name);
  if (operator === undefined) return refuse(fieldPath(path, "operator"), expectedOneOf(operators, name));

  const arity = arityOf(operator);
  const operandsPath = fieldPath(path, "operands");
  if (!Array.isArray(operands)) return refuse(operandsPath, ARITY[arity]);
  const exceeded = budget.spend({ conditions: 1, operands: operands.length });
  if (exceeded !== null) return E.left(exceeded);
  if ((arity === "none" && operands.length !== 0) || (arity === "one" && operands.length !== 1))
    return refuse(operandsPath, ARITY[arity]);
  return conditionOf({ type, attribute, operator }, operands, (index) => elementPath(operandsPath, index));
};

const checkTree = (
  kind: Kind,
  tree: unknown,
  path: string,
  depth: number,
  budget: FilterBudget,
): E.Either<InputError, Filter> => {
  if (typeof tree !== "object" || tree === null) return refuse(path, "a filter from where, and, or or parseFilters");
  const type: unknown = Reflect.get(tree, "type");
  if (type === "condition") return checkCondition(kind, tree, path, budget);
  if (type !== "and" && type !== "or")
    return refuse(fieldPath(path, "type"), expectedOneOf(["and", "or", "condition"], type));

  const filtersPath = fieldPath(path, "filters");
  const filters: unknown = Reflect.get(tree, "filters");
  if (!Array.isArray(filters)) return refuse(filtersPath, "a list of filters");
  const exceeded = budget.spend({ groups: 1 });
  if (exceeded !== null) return E.left(exceeded);
  if (depth >= LIMITS.filterDepth)
    return E.left(inputError("query_too_large", path, `a filter of at most ${LIMITS.filterDepth} levels`));
  const checked = E.traverseArrayWithIndex((index, filter: unknown) =>
    checkTree(kind, filter, elementPath(filtersPath, index), depth + 1, budget),
  )(filters);
  return E.map((inner: readonly Filter[]): Filter => ({ type, filters: inner }))(checked);
};

/** Checks a filter that a host built, perhaps by hand or in plain JavaScript, and normalizes its operands. */
export const checkFilter =
  (kind: Kind, path = "filters") =>
  (tree: unknown): E.Either<InputError, Filter> => {
    try {
      return checkTree(kind, tree, path, 0, filterBudget(path));
    } catch {
      // A getter or a proxy has thrown.
      return refuse(path, READABLE);
    }
  };
