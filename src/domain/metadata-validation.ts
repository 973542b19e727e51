import * as E from "fp-ts/lib/Either.js";
import { type InputError, inputError } from "../errors.ts";
import { instantOf, isDate } from "./instants.ts";
import type { MetadataDefinition, MetadataSchema } from "./metadata-schema.ts";
import type { Json, Metadata } from "./model.ts";
import { fieldPath } from "./paths.ts";

/** The form that the definition expects; null if the value has it. */
type Expectation = string | null;
type Definition<T extends MetadataDefinition["type"]> = Extract<MetadataDefinition, { readonly type: T }>;

const joinValues = (values: readonly (string | number | boolean)[]): string => values.map(String).join(", ");

const validateEquality = <V extends string | number | boolean>(
  value: V,
  { eq, ne }: { readonly eq?: readonly V[]; readonly ne?: readonly V[] },
  same: (a: V, b: V) => boolean = (a, b) => a === b,
): Expectation => {
  if (eq !== undefined && !eq.some((other) => same(value, other))) return `one of: ${joinValues(eq)}`;
  if (ne?.some((other) => same(value, other))) return `none of: ${joinValues(ne)}`;
  return null;
};

/** `less` compares two values. The bounds have the same form as the value. */
const validateComparison = <V extends string | number>(
  value: V,
  rules: { readonly lt?: V; readonly lte?: V; readonly gt?: V; readonly gte?: V },
  less: (a: V, b: V) => boolean,
): Expectation => {
  const { lt, lte, gt, gte } = rules;
  if (lt !== undefined && !less(value, lt)) return `less than ${lt}`;
  if (lte !== undefined && less(lte, value)) return `at most ${lte}`;
  if (gt !== undefined && !less(gt, value)) return `more than ${gt}`;
  if (gte !== undefined && less(value, gte)) return `at least ${gte}`;
  return null;
};

const validateLength = (value: string, { minLength, maxLength, exactLength }: Definition<"string">): Expectation => {
  const actual = [...value].length;
  if (minLength !== undefined && actual < minLength) return `at least ${minLength} characters long`;
  if (maxLength !== undefined && actual > maxLength) return `at most ${maxLength} characters long`;
  if (exactLength !== undefined && actual !== exactLength) return `exactly ${exactLength} characters long`;
  return null;
};

const WEB_ADDRESS = /^https?:\/\//i;
const GEOPOINT = /^(-?\d{1,3}(?:\.\d+)?),\s*(-?\d{1,3}(?:\.\d+)?)$/;

const isGeopoint = (value: Json): boolean => {
  const [, latitude, longitude] = (typeof value === "string" && GEOPOINT.exec(value)) || [];
  return latitude !== undefined && Math.abs(Number(latitude)) <= 90 && Math.abs(Number(longitude)) <= 180;
};

const toInstant = (value: Json, type: "date" | "datetime"): string | null =>
  typeof value !== "string" || (type === "date") !== isDate(value) ? null : instantOf(value);

/** Two texts for the same time are equal, even with different zones. */
const isEarlier = (a: string, b: string): boolean => (instantOf(a) ?? a) < (instantOf(b) ?? b);
const isSameTime = (a: string, b: string): boolean => !isEarlier(a, b) && !isEarlier(b, a);

const validateValue = (value: Json, definition: MetadataDefinition): Expectation => {
  switch (definition.type) {
    case "string":
      return typeof value === "string"
        ? (validateEquality(value, definition) ?? validateLength(value, definition))
        : "a text";
    case "number":
      if (typeof value !== "number") return "a number";
      return validateEquality(value, definition) ?? validateComparison(value, definition, (a, b) => a < b);
    case "boolean":
      return typeof value === "boolean" ? validateEquality(value, definition) : "true or false";
    case "date":
    case "datetime":
      if (typeof value !== "string" || toInstant(value, definition.type) === null)
        return definition.type === "date" ? "a date, as 2026-03-02" : "a time with its zone, as 2026-03-02T09:15:04Z";
      return validateEquality(value, definition, isSameTime) ?? validateComparison(value, definition, isEarlier);
    case "image_url":
      return typeof value === "string" && WEB_ADDRESS.test(value) && URL.canParse(value)
        ? null
        : "an http or https address";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value) ? null : "an object";
    case "geopoint":
      return isGeopoint(value) ? null : "latitude and longitude, as 47.07,15.44";
  }
};

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** The first error of the value of a key, or null. */
const validateKey = (value: Json | undefined, definition: MetadataDefinition, path: string): InputError | null => {
  const refuse = (errorPath: string, expected: string): InputError =>
    inputError("metadata_validation_failed", errorPath, expected);
  if (value === undefined || value === null)
    return definition.optional
      ? null
      : refuse(path, definition.array ? "a list" : `present, with a value of type ${definition.type}`);
  if (!definition.array) {
    const expected = validateValue(value, definition);
    return expected === null ? null : refuse(path, expected);
  }
  if (!isList(value)) return refuse(path, "a list");
  for (const [index, element] of value.entries()) {
    const expected = validateValue(element, definition);
    if (expected !== null) return refuse(`${path}[${index}]`, expected);
  }
  return null;
};

/** Checks metadata against its schema. Defined keys come first, in the order of the schema. */
export const validateMetadata = (
  schema: MetadataSchema,
  metadata: Metadata,
  path = "metadata",
): E.Either<InputError, Metadata> => {
  const { definitions, onlyDefined = false } = schema;
  for (const [key, definition] of Object.entries(definitions)) {
    const error = validateKey(
      Object.hasOwn(metadata, key) ? metadata[key] : undefined,
      definition,
      fieldPath(path, key),
    );
    if (error !== null) return E.left(error);
  }
  const undefinedKey = onlyDefined ? Object.keys(metadata).find((key) => !Object.hasOwn(definitions, key)) : undefined;
  if (undefinedKey === undefined) return E.right(metadata);
  return E.left(
    inputError("metadata_validation_failed", fieldPath(path, undefinedKey), "absent: the schema does not define it"),
  );
};
