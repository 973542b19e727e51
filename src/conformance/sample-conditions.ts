import { ATTRIBUTES, columnOf, metadataKey, type ValueType } from "../domain/attributes.ts";
import { type Condition, type Operator, operatorsOn, type Scalar } from "../domain/filters.ts";
import type { Kind, Records } from "../domain/model.ts";
import { EDGE_CASE_TEXTS, METADATA_KEYS } from "./edge-case-values.ts";
import { LATER, NOW, TOMORROW, YESTERDAY } from "./sample-records.ts";

interface FilterableAttribute {
  readonly attribute: string;
  readonly type: ValueType;
  readonly operators: readonly Operator[];
}

/** The first key of metadata gets all operators. The other keys get these, which show that a store reads the right key. */
const METADATA_OPERATORS: readonly Operator[] = ["is", "notIn", "contains", "lessThan", "hasValue", "count"];

const attributesOf = (kind: Kind): readonly FilterableAttribute[] => [
  ...Object.keys(ATTRIBUTES[kind]).map((attribute) => {
    const type = columnOf(kind, attribute)?.type ?? "text";
    return { attribute, type, operators: operatorsOn(type) };
  }),
  ...[...METADATA_KEYS, "missing"].map((name, i): FilterableAttribute => {
    const operators = i === 0 ? operatorsOn("json") : METADATA_OPERATORS;
    return { attribute: `metadata.${name}`, type: "json", operators };
  }),
];

const isScalar = (value: unknown): value is Scalar => ["string", "number", "boolean"].includes(typeof value);

/** Values that records have, so that a condition matches some records. */
const storedScalars = (kind: Kind, attribute: string, records: readonly Records[Kind][]): readonly Scalar[] => {
  const key = metadataKey(attribute);
  const field = columnOf(kind, attribute)?.field ?? "";
  return records
    .flatMap((record): unknown => (key === null ? Reflect.get(record, field) : record.metadata[key]))
    .filter(isScalar);
};

const firstAndLastCharacters = (text: string): readonly string[] => {
  const characters = [...text];
  return [...characters.slice(0, 1), ...characters.slice(-1)];
};

const COMMON_SCALARS: readonly Scalar[] = [0, 9, 10, 1000, -1, 0.1, 1e21, true, false, "", "-1", "0.1", "1e21", "0x10"];

const operandsFor = (type: ValueType, stored: readonly Scalar[]): readonly Scalar[] => {
  switch (type) {
    case "instant":
      return [NOW, YESTERDAY, TOMORROW, LATER];
    case "boolean":
      return [true, false, "true", "false", "x"];
    case "text":
    case "texts":
    case "json":
      return [
        ...stored,
        ...stored.filter((value) => typeof value === "string").flatMap(firstAndLastCharacters),
        ...EDGE_CASE_TEXTS,
        ...COMMON_SCALARS,
      ];
  }
};

const COUNT_OPERANDS: readonly Scalar[] = [0, 1, 2, 3, 7, "1", "2", "1.5", "x", true, -1];

/** Takes `count` items at even distances from the whole list. */
const sampleEvenly = <T>(items: readonly T[], count: number, offset: number): readonly T[] => {
  const step = Math.max(1, items.length / count);
  const indexes = Array.from({ length: Math.min(count, items.length) }, (_, i) => Math.floor(offset + i * step));
  return indexes.map((index) => items[index % items.length]).filter((item) => item !== undefined);
};

const OPERANDS_PER_OPERATOR = 12;
/** Characters with a special meaning in a `like`, a pattern or a path. */
const WILDCARD_OPERANDS: readonly Scalar[] = ["%", "_", "a_b", "\\", "\u00e9"];

/** Conditions with each operator on each attribute, with several operands. */
export const sampleConditions = (kind: Kind, records: readonly Records[Kind][]): readonly Condition[] =>
  attributesOf(kind).flatMap(({ attribute, type, operators }, i) => {
    const operands = [...new Set(operandsFor(type, storedScalars(kind, attribute, records)))];
    return operators.flatMap((operator, j) => {
      const sample = sampleEvenly(operands, OPERANDS_PER_OPERATOR, i * 5 + j * 3);
      const lists = operandLists(operator, sample, operands);
      return lists.map((operandList): Condition => ({ type: "condition", attribute, operator, operands: operandList }));
    });
  });

const operandLists = (
  operator: Operator,
  sample: readonly Scalar[],
  all: readonly Scalar[],
): readonly (readonly Scalar[])[] => {
  switch (operator) {
    case "hasValue":
    case "isUnknown":
      return [[]];
    case "in":
    case "notIn":
      return [[], sample.slice(0, 1), sample.slice(0, 4), all];
    case "count":
    case "countMore":
    case "countLess":
      return COUNT_OPERANDS.map((length) => [length]);
    case "contains":
    case "notContain":
    case "startsWith":
    case "endsWith":
      return [...WILDCARD_OPERANDS, ...sample].map((operand) => [operand]);
    default:
      return sample.map((operand) => [operand]);
  }
};
