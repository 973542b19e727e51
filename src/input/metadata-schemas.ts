import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { instantOf, isDate } from "../domain/instants.ts";
import { LIMITS } from "../domain/limits.ts";
import type { MetadataDefinition, MetadataSchema, MetadataSchemas } from "../domain/metadata-schema.ts";
import { READABLE } from "../errors.ts";
import { codec, isObject, list, readProperty, refined, struct } from "./codecs.ts";
import { whole } from "./numbers.ts";
import { flag, longText, oneOf } from "./text.ts";

type TypeName = MetadataDefinition["type"];
const TYPES = [
  "string",
  "number",
  "boolean",
  "date",
  "datetime",
  "image_url",
  "object",
  "geopoint",
] as const satisfies readonly TypeName[];

/** The largest number of values in `eq` or `ne` of one definition. */
const VALUES_MAX = 1000;

const DEFINITION = "a metadata definition, as an object";
const presence = { optional: flag, array: flag };

const number: t.Type<number> = refined("a finite number", (value): value is number => Number.isFinite(value));
const date: t.Type<string> = refined("a date", (value): value is string => typeof value === "string" && isDate(value));
const datetime: t.Type<string> = refined(
  "a time with its zone",
  (value): value is string => typeof value === "string" && !isDate(value) && instantOf(value) !== null,
);

const equalityRules = <V>(
  value: t.Type<V>,
): { readonly eq: t.Type<readonly V[]>; readonly ne: t.Type<readonly V[]> } => {
  const values = list(value, "values", 1, VALUES_MAX);
  return { eq: values, ne: values };
};
const comparisonRules = <V>(value: t.Type<V>): { readonly [R in "lt" | "lte" | "gt" | "gte"]: t.Type<V> } => ({
  lt: value,
  lte: value,
  gt: value,
  gte: value,
});
const length = { minLength: whole(0), maxLength: whole(0), exactLength: whole(0) };

const DEFINITIONS: { readonly [T in TypeName]: t.Decoder<unknown, MetadataDefinition> } = {
  string: struct(DEFINITION, { type: t.literal("string") }, { ...presence, ...equalityRules(longText), ...length }),
  number: struct(
    DEFINITION,
    { type: t.literal("number") },
    { ...presence, ...equalityRules(number), ...comparisonRules(number) },
  ),
  boolean: struct(DEFINITION, { type: t.literal("boolean") }, { ...presence, ...equalityRules(flag) }),
  date: struct(
    DEFINITION,
    { type: t.literal("date") },
    { ...presence, ...equalityRules(date), ...comparisonRules(date) },
  ),
  datetime: struct(
    DEFINITION,
    { type: t.literal("datetime") },
    { ...presence, ...equalityRules(datetime), ...comparisonRules(datetime) },
  ),
  image_url: struct(DEFINITION, { type: t.literal("image_url") }, presence),
  object: struct(DEFINITION, { type: t.literal("object") }, presence),
  geopoint: struct(DEFINITION, { type: t.literal("geopoint") }, presence),
};

const definitionType = struct(DEFINITION, { type: oneOf(TYPES) }, {});

const definition: t.Type<MetadataDefinition> = codec(DEFINITION, (value, context): t.Validation<MetadataDefinition> => {
  const decoded = definitionType.validate(value, context);
  return E.isLeft(decoded) ? decoded : DEFINITIONS[decoded.right.type].validate(value, context);
});

type Definitions = MetadataSchema["definitions"];

const definitions: t.Type<Definitions> = codec(
  `an object of at most ${LIMITS.definitions} metadata definitions`,
  (value, context): t.Validation<Definitions> => {
    if (!isObject(value)) return t.failure(value, context);
    const keys = Object.keys(value);
    if (keys.length > LIMITS.definitions) return t.failure(value, context);
    const decoded: [string, MetadataDefinition][] = [];
    for (const key of keys) {
      const entryContext = t.appendContext(context, key, definition, value);
      const property = readProperty(value, key);
      const result =
        property === null
          ? t.failure<MetadataDefinition>(undefined, entryContext, READABLE)
          : definition.validate(property.value, entryContext);
      if (E.isLeft(result)) return result;
      decoded.push([key, result.right]);
    }
    return t.success(Object.fromEntries(decoded));
  },
);

const schema: t.Type<MetadataSchema> = struct(
  "a metadata schema, as an object",
  { definitions },
  { onlyDefined: flag },
);

export const metadataSchemas: t.Type<MetadataSchemas> = struct(
  "an object of metadata schemas",
  {},
  { publications: schema, vouchers: schema, campaigns: schema, customers: schema },
);
