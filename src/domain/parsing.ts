import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type { InputError } from "../errors.ts";
import { ATTRIBUTES, metadataKey, type ValueType } from "./attributes.ts";
import { type Budget, filterBudget } from "./budget.ts";
import { collect } from "./collect.ts";
import { arityOf, conditionOf, isAttribute, oneOf, refuse, typeOf } from "./conditions.ts";
import { type Condition, type Filter, OPERATORS, operatorsOn } from "./filters.ts";
import type { Kind } from "./model.ts";
import { elementOf, fieldOf } from "./paths.ts";

/**
 * The contract's nested objects (3.2), in its own names:
 * `{ customer_id: { conditions: { $in: ["a", "b"] } }, junction: "OR" }`.
 * Lists in a query string may come as objects whose keys are positions: `{ 0: "a", 1: "b" }`.
 */

const JUNCTIONS = ["and", "or"] as const;
type Junction = (typeof JUNCTIONS)[number];
type Conditions = E.Either<InputError, readonly Condition[]>;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

const flat = (lists: readonly (readonly Condition[])[]): readonly Condition[] => lists.flat();

const attributeOf = (kind: Kind, wire: string): string | undefined =>
  metadataKey(wire) === null ? Object.entries(ATTRIBUTES[kind]).find(([, column]) => column.wire === wire)?.[0] : wire;

const attributesOf = (kind: Kind): readonly string[] => [
  ...Object.values(ATTRIBUTES[kind]).map(({ wire }) => wire),
  "metadata.<key>",
];

const isPosition = (key: string): boolean => /^\d+$/.test(key);
const listed = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  return isObject(value) && Object.keys(value).every(isPosition) ? Object.values(value) : [value];
};

/** Presence is asked for with an empty text, or with `true`. */
const isPresence = (value: unknown): boolean => value === "" || value === true || value === "true";

interface Place {
  readonly type: ValueType;
  readonly attribute: string;
  readonly path: string;
  readonly budget: Budget;
}

/** Several values of `$in` are one condition, several of `$is` a condition each. */
const operatorIn = ({ type, attribute, path, budget }: Place, wire: string, value: unknown): Conditions => {
  const at = fieldOf(path, wire);
  const operators = operatorsOn(type);
  const operator = operators.find((one) => OPERATORS[one] === wire);
  if (operator === undefined)
    return refuse(
      at,
      oneOf(
        operators.map((one) => OPERATORS[one]),
        wire,
      ),
    );

  const values = listed(value);
  const arity = arityOf(operator);
  const conditions = arity === "one" ? values.length : 1;
  const exceeded = budget.spend({ conditions, operands: values.length });
  if (exceeded !== null) return E.left(exceeded);
  if (values.length === 0) return refuse(at, "given with a value");
  if (arity === "none" && !values.every(isPresence)) return refuse(at, 'an empty text, or "true"');

  const operands = arity === "one" ? values.map((one) => [one]) : [arity === "none" ? [] : values];
  const pathOf = (index: number): string => (Object.is(value, values[0]) ? at : elementOf(at, index));
  return collect(operands, (given, from) =>
    conditionOf({ type, attribute, operator }, given, (index) => pathOf(from + index)),
  );
};

const attributeIn = (kind: Kind, wire: string, value: unknown, path: string, budget: Budget): Conditions => {
  const attribute = attributeOf(kind, wire);
  const type = attribute !== undefined && isAttribute(attribute) ? typeOf(kind, attribute) : undefined;
  if (attribute === undefined || type === undefined) return refuse(path, oneOf(attributesOf(kind), wire));

  const at = fieldOf(path, "conditions");
  const operators: unknown = isObject(value) ? Reflect.get(value, "conditions") : undefined;
  if (!isObject(operators)) return refuse(at, `an object of operators, as { "$is": "…" }`);
  const given = Object.entries(operators).filter(([, operand]) => operand !== undefined);
  if (given.length === 0) return refuse(at, "an object of at least one operator");
  const place = { type, attribute, path: at, budget };
  return pipe(
    collect(given, ([operator, operand]) => operatorIn(place, operator, operand)),
    E.map(flat),
  );
};

const junctionIn = (value: unknown, path: string): E.Either<InputError, Junction> => {
  const junction = JUNCTIONS.find((one) => typeof value === "string" && value.toLowerCase() === one);
  return junction === undefined ? refuse(fieldOf(path, "junction"), oneOf(JUNCTIONS, value)) : E.right(junction);
};

const filterIn = (input: unknown, kind: Kind, path: string): E.Either<InputError, Filter> => {
  if (!isObject(input)) return refuse(path, "an object of attributes with their conditions");
  const budget = filterBudget(path);
  const { junction: given = "and", ...attributes }: { readonly junction?: unknown } = { ...input };
  return pipe(
    junctionIn(given, path),
    E.flatMap((junction) =>
      pipe(
        collect(
          Object.entries(attributes).filter(([, value]) => value !== undefined),
          ([wire, value]) => attributeIn(kind, wire, value, fieldOf(path, wire), budget),
        ),
        E.map(flat),
        // No condition at all matches everything, whatever the junction is.
        E.map((filters): Filter => ({ type: filters.length === 0 ? "and" : junction, filters })),
      ),
    ),
  );
};

/** A filter from the contract's nested objects, or what is wrong with them. */
export const parseNested = (
  input: unknown,
  kind: Kind = "publications",
  path = "filters",
): E.Either<InputError, Filter> => {
  try {
    return filterIn(input, kind, path);
  } catch {
    // A getter or a proxy that throws.
    return refuse(path, "readable");
  }
};
