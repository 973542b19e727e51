import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import { type InputError, READABLE } from "../errors.ts";
import { ATTRIBUTES, metadataKey, type ValueType } from "./attributes.ts";
import { type FilterBudget, filterBudget } from "./filter-budget.ts";
import { arityOf, conditionOf, expectedOneOf, isAttribute, refuse, typeOf } from "./filter-conditions.ts";
import { type Condition, type Filter, OPERATORS, operatorsOn } from "./filters.ts";
import type { Kind } from "./model.ts";
import { elementPath, fieldPath } from "./paths.ts";

// The nested filter objects of the contract (3.2): `{ customer_id: { conditions: { $in: ["a", "b"] } }, junction: "OR" }`.
// A parser of query strings may turn a list into an object whose keys are positions: `{ 0: "a", 1: "b" }`.

const JUNCTIONS = ["and", "or"] as const;
type Junction = (typeof JUNCTIONS)[number];
type Conditions = E.Either<InputError, readonly Condition[]>;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

const flatten = (lists: readonly (readonly Condition[])[]): readonly Condition[] => lists.flat();

const attributeByWireName = (kind: Kind, wire: string): string | undefined =>
  metadataKey(wire) === null ? Object.entries(ATTRIBUTES[kind]).find(([, column]) => column.wire === wire)?.[0] : wire;

const wireNames = (kind: Kind): readonly string[] => [
  ...Object.values(ATTRIBUTES[kind]).map(({ wire }) => wire),
  "metadata.<key>",
];

const isPosition = (key: string): boolean => /^\d+$/.test(key);
const toList = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return isObject(value) && Object.keys(value).every(isPosition) ? Object.values(value) : [value];
};

/** The operand of `$has_value` and `$is_unknown` is an empty text or `true`. */
const asksForPresence = (value: unknown): boolean => value === "" || value === true || value === "true";

interface ConditionTarget {
  readonly type: ValueType;
  readonly attribute: string;
  readonly path: string;
  readonly budget: FilterBudget;
}

/** `$in` makes one condition of all its values. `$is` makes one condition per value. */
const parseOperator = (
  { type, attribute, path, budget }: ConditionTarget,
  wire: string,
  value: unknown,
): Conditions => {
  const operatorPath = fieldPath(path, wire);
  const operators = operatorsOn(type);
  const operator = operators.find((one) => OPERATORS[one] === wire);
  if (operator === undefined)
    return refuse(
      operatorPath,
      expectedOneOf(
        operators.map((one) => OPERATORS[one]),
        wire,
      ),
    );

  const values = toList(value);
  const arity = arityOf(operator);
  const conditions = arity === "one" ? values.length : 1;
  const exceeded = budget.spend({ conditions, operands: values.length });
  if (exceeded !== null) return E.left(exceeded);
  if (values.length === 0) return refuse(operatorPath, "one value, or a list with at least one value");
  if (arity === "none" && !values.every(asksForPresence)) return refuse(operatorPath, 'an empty text, or "true"');

  const operands = arity === "one" ? values.map((one) => [one]) : [arity === "none" ? [] : values];
  const pathOf = (index: number): string =>
    Object.is(value, values[0]) ? operatorPath : elementPath(operatorPath, index);
  return E.traverseArrayWithIndex((from, fields: readonly unknown[]) =>
    conditionOf({ type, attribute, operator }, fields, (index) => pathOf(from + index)),
  )(operands);
};

const parseAttribute = (kind: Kind, wire: string, value: unknown, path: string, budget: FilterBudget): Conditions => {
  const attribute = attributeByWireName(kind, wire);
  const type = attribute !== undefined && isAttribute(attribute) ? typeOf(kind, attribute) : undefined;
  if (attribute === undefined || type === undefined) return refuse(path, expectedOneOf(wireNames(kind), wire));

  const conditionsPath = fieldPath(path, "conditions");
  const operators: unknown = isObject(value) ? Reflect.get(value, "conditions") : undefined;
  if (!isObject(operators)) return refuse(conditionsPath, `an object of operators, as { "$is": "…" }`);
  const presentOperators = Object.entries(operators).filter(([, operand]) => operand !== undefined);
  if (presentOperators.length === 0) return refuse(conditionsPath, "an object of at least one operator");
  const target = { type, attribute, path: conditionsPath, budget };
  return pipe(
    presentOperators,
    E.traverseArray(([operator, operand]) => parseOperator(target, operator, operand)),
    E.map(flatten),
  );
};

const parseJunction = (value: unknown, path: string): E.Either<InputError, Junction> => {
  const junction = JUNCTIONS.find((one) => typeof value === "string" && value.toLowerCase() === one);
  return junction === undefined
    ? refuse(fieldPath(path, "junction"), expectedOneOf(JUNCTIONS, value))
    : E.right(junction);
};

const parseFilter = (input: unknown, kind: Kind, path: string): E.Either<InputError, Filter> => {
  if (!isObject(input)) return refuse(path, "an object of attributes with their conditions");
  const budget = filterBudget(path);
  const { junction: junctionInput = "and", ...attributes }: { readonly junction?: unknown } = { ...input };
  return pipe(
    parseJunction(junctionInput, path),
    E.flatMap((junction) =>
      pipe(
        Object.entries(attributes).filter(([, value]) => value !== undefined),
        E.traverseArray(([wire, value]) => parseAttribute(kind, wire, value, fieldPath(path, wire), budget)),
        E.map(flatten),
        // Without any condition the filter matches every record. An empty `or` would match none.
        E.map((filters): Filter => ({ type: filters.length === 0 ? "and" : junction, filters })),
      ),
    ),
  );
};

/** Parses the contract's nested objects into a filter. */
export const parseNestedFilter = (
  input: unknown,
  kind: Kind = "publications",
  path = "filters",
): E.Either<InputError, Filter> => {
  try {
    return parseFilter(input, kind, path);
  } catch {
    // A getter or a proxy has thrown.
    return refuse(path, READABLE);
  }
};
