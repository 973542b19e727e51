import type * as t from "io-ts";
import type { Leaf, List, Struct, ViewCodec } from "../wire/codecs.ts";

// JSON schemas (2020-12) of codecs. The schema of a named codec becomes a component, and others refer to it.

export type Schema = Readonly<Record<string, unknown>>;
export type Components = Map<string, Schema>;

/** The kinds of codecs: those of io-ts, and ours. */
type KnownCodec =
  | Struct<never>
  | Leaf<unknown>
  | ViewCodec<never>
  | t.StringType
  | t.NumberType
  | t.BooleanType
  | t.NullType
  | t.AnyDictionaryType
  | t.LiteralType<string>
  | t.KeyofType<Record<string, unknown>>
  | List<unknown>
  | t.UnionType<t.Mixed[]>;

const properties = (fields: Readonly<Record<string, t.Mixed>>, components: Components): Schema =>
  Object.fromEntries(Object.entries(fields).map(([name, codec]) => [name, schemaOf(codec, components)]));

const constants = (values: object): Schema =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { const: value }]));

const structSchema = (
  { required, optional, constants: constantFields }: Struct<never>,
  components: Components,
): Schema => {
  const requiredNames = [...Object.keys(required), ...Object.keys(constantFields)];
  return {
    type: "object",
    properties: { ...properties({ ...required, ...optional }, components), ...constants(constantFields) },
    ...(requiredNames.length > 0 && { required: requiredNames }),
  };
};

const reference = (name: string, components: Components, make: () => Schema): Schema => {
  if (!components.has(name)) {
    components.set(name, {});
    components.set(name, make());
  }
  return { $ref: `#/components/schemas/${name}` };
};

export const schemaOf = (codec: t.Mixed, components: Components): Schema => {
  const known = codec as unknown as KnownCodec;
  switch (known._tag) {
    case "Struct":
      return reference(known.name, components, () => structSchema(known, components));
    case "Leaf":
      return { ...known.schema };
    case "ViewCodec":
      return schemaOf(known.inner, components);
    case "StringType":
      return { type: "string" };
    case "NumberType":
      return { type: "number" };
    case "BooleanType":
      return { type: "boolean" };
    case "NullType":
      return { type: "null" };
    case "AnyDictionaryType":
      return { type: "object" };
    case "LiteralType":
      return { const: known.value };
    case "KeyofType":
      return { enum: Object.keys(known.keys) };
    case "List":
      return { type: "array", items: schemaOf(known.element, components) };
    case "UnionType":
      return { anyOf: known.types.map((type) => schemaOf(type, components)) };
  }
};
