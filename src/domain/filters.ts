import type { Attribute, TypeOf, ValueType } from "./attributes.ts";
import type { Kind } from "./model.ts";

// A filter is a tree of conditions. `matches` in `filter-evaluation.ts` defines its meaning, and every store must agree.

/** An operand of a condition. */
export type Scalar = string | number | boolean;

/** The operators, each with its name in the contract (3.4). */
export const OPERATORS = {
  is: "$is",
  isNot: "$is_not",
  in: "$in",
  notIn: "$not_in",
  hasValue: "$has_value",
  isUnknown: "$is_unknown",
  contains: "$contains",
  notContain: "$not_contain",
  startsWith: "$starts_with",
  endsWith: "$ends_with",
  moreThan: "$more_than",
  lessThan: "$less_than",
  moreThanEqual: "$more_than_equal",
  lessThanEqual: "$less_than_equal",
  after: "$after",
  before: "$before",
  count: "$count",
  countMore: "$count_more",
  countLess: "$count_less",
} as const;
/** The operator of a condition. */
export type Operator = keyof typeof OPERATORS;

/** A condition on one attribute. */
export interface Condition<A extends string = string> {
  readonly type: "condition";
  readonly attribute: A;
  readonly operator: Operator;
  /** Any number for `in` and `notIn`, none for `hasValue` and `isUnknown`, one for the others. */
  readonly operands: readonly Scalar[];
}

/** A tree of conditions. An empty `and` is true, an empty `or` is false. */
export type Filter<A extends string = string> =
  | Condition<A>
  | { readonly type: "and" | "or"; readonly filters: readonly Filter<A>[] };

/** The filters for lists of a kind. */
export type FilterOf<K extends Kind> = Filter<Attribute<K>>;

interface Conditions<A extends string, V> {
  is(value: V): Filter<A>;
  isNot(value: V): Filter<A>;
  in(values: readonly V[]): Filter<A>;
  notIn(values: readonly V[]): Filter<A>;
  hasValue(): Filter<A>;
  isUnknown(): Filter<A>;
  contains(value: V): Filter<A>;
  notContain(value: V): Filter<A>;
  startsWith(value: V): Filter<A>;
  endsWith(value: V): Filter<A>;
  moreThan(value: V): Filter<A>;
  lessThan(value: V): Filter<A>;
  moreThanEqual(value: V): Filter<A>;
  lessThanEqual(value: V): Filter<A>;
  after(value: V): Filter<A>;
  before(value: V): Filter<A>;
  count(value: number): Filter<A>;
  countMore(value: number): Filter<A>;
  countLess(value: number): Filter<A>;
}

// `EQUALITY`, `SUBSTRING`, … below hold the same operators for the run time: `isolatedDeclarations` allows no type of a list.
type Equality = "is" | "isNot" | "in" | "notIn" | "hasValue" | "isUnknown";
type Substring = "contains" | "notContain" | "startsWith" | "endsWith";
type Comparison = "moreThan" | "lessThan" | "moreThanEqual" | "lessThanEqual";
type Length = "count" | "countMore" | "countLess";

interface Allowed {
  text: Equality | Substring;
  texts: Equality | Substring | Length;
  instant: Equality | Comparison | "after" | "before";
  boolean: Equality;
  json: Equality | Substring | Comparison | Length;
}
interface Operands {
  text: string;
  texts: string;
  instant: string | Date;
  boolean: boolean;
  json: Scalar;
}
/** The conditions that an attribute allows: `where("channel").moreThan` does not exist. */
export type ConditionsOn<A extends Attribute> = Pick<Conditions<A, Operands[TypeOf<A>]>, Allowed[TypeOf<A>]>;

const scalar = (value: Scalar | Date): Scalar =>
  value instanceof Date ? (Number.isNaN(value.getTime()) ? String(value) : value.toISOString()) : value;

/**
 * Starts a condition: `where("channel").startsWith("news")`, `where("metadata.tier").in(["gold", "silver"])`.
 * `%` and `_` are ordinary characters. Text is case-sensitive. A negative operator also matches if there is no value.
 */
export const where = <const A extends Attribute>(attribute: A): ConditionsOn<A> => {
  const condition = (operator: Operator, operands: readonly (Scalar | Date)[]): Filter<A> => ({
    type: "condition",
    attribute,
    operator,
    operands: operands.map(scalar),
  });
  const all: Conditions<A, Scalar | Date> = {
    is: (value) => condition("is", [value]),
    isNot: (value) => condition("isNot", [value]),
    in: (values) => condition("in", values),
    notIn: (values) => condition("notIn", values),
    hasValue: () => condition("hasValue", []),
    isUnknown: () => condition("isUnknown", []),
    contains: (value) => condition("contains", [value]),
    notContain: (value) => condition("notContain", [value]),
    startsWith: (value) => condition("startsWith", [value]),
    endsWith: (value) => condition("endsWith", [value]),
    moreThan: (value) => condition("moreThan", [value]),
    lessThan: (value) => condition("lessThan", [value]),
    moreThanEqual: (value) => condition("moreThanEqual", [value]),
    lessThanEqual: (value) => condition("lessThanEqual", [value]),
    after: (value) => condition("after", [value]),
    before: (value) => condition("before", [value]),
    count: (value) => condition("count", [value]),
    countMore: (value) => condition("countMore", [value]),
    countLess: (value) => condition("countLess", [value]),
  };
  return all;
};

/** Matches if every filter matches. */
export const and = <A extends string>(...filters: readonly Filter<A>[]): Filter<A> => ({ type: "and", filters });
/** Matches if at least one filter matches. */
export const or = <A extends string>(...filters: readonly Filter<A>[]): Filter<A> => ({ type: "or", filters });

const EQUALITY = ["is", "isNot", "in", "notIn", "hasValue", "isUnknown"] as const satisfies readonly Operator[];
const SUBSTRING = ["contains", "notContain", "startsWith", "endsWith"] as const satisfies readonly Operator[];
const COMPARISON = ["moreThan", "lessThan", "moreThanEqual", "lessThanEqual"] as const satisfies readonly Operator[];
const LENGTH = ["count", "countMore", "countLess"] as const satisfies readonly Operator[];

/**
 * The operators that a filter may use at run time. Texts have more of them than `where` offers: the contract does not
 * say what `$more_than` on text means, and here it compares by code point.
 */
export const operatorsOn = (type: ValueType): readonly Operator[] => {
  switch (type) {
    case "text":
      return [...EQUALITY, ...SUBSTRING, ...COMPARISON];
    case "texts":
    case "json":
      return [...EQUALITY, ...SUBSTRING, ...COMPARISON, ...LENGTH];
    case "instant":
      return [...EQUALITY, ...COMPARISON, "after", "before"];
    case "boolean":
      return EQUALITY;
  }
};
