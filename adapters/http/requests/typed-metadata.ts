import type { MetadataDefinition, MetadataSchema } from "oncecode";

const typedValue = (value: unknown, definition: MetadataDefinition | undefined): unknown => {
  if (Array.isArray(value)) return value.map((one) => typedValue(one, definition));
  if (typeof value !== "string" || definition === undefined) return value;
  switch (definition.type) {
    case "number":
      return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
    case "boolean":
      return value === "true" ? true : value === "false" ? false : value;
    default:
      return value;
  }
};

/** In a query string, every value of metadata is a text. Each text becomes the type that the schema has for its key (contract 1.4). */
export const typedMetadata = (metadata: unknown, schema: MetadataSchema | undefined): unknown => {
  if (schema === undefined || typeof metadata !== "object" || metadata === null) return metadata;
  const { definitions } = schema;
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [
      key,
      typedValue(value, Object.hasOwn(definitions, key) ? definitions[key] : undefined),
    ]),
  );
};
