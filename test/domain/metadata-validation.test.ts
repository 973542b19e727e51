import * as E from "fp-ts/lib/Either.js";
import { describe, expect, it } from "vitest";
import type { MetadataDefinition, MetadataSchema } from "../../src/domain/metadata-schema.ts";
import { validateMetadata } from "../../src/domain/metadata-validation.ts";
import type { Json, Metadata } from "../../src/domain/model.ts";

const schemaOf = (definition: MetadataDefinition): MetadataSchema => ({ definitions: { key: definition } });

/** The reason of a refusal, or null. */
const refusal = (definition: MetadataDefinition, ...values: readonly Json[]): unknown => {
  const [value] = values;
  const checked = validateMetadata(schemaOf(definition), value === undefined ? {} : { key: value });
  return E.isLeft(checked) ? checked.left : null;
};
const refused = (expected: string, path = "metadata.key") => ({
  code: "metadata_validation_failed",
  path,
  expected,
  message: `Property .${path} must be ${expected}`,
});

describe("metadata is accepted", () => {
  it.each<[MetadataDefinition, Json]>([
    [{ type: "string" }, ""],
    [{ type: "string", eq: ["gold", "silver"] }, "silver"],
    [{ type: "string", ne: ["lead"], minLength: 2, maxLength: 4 }, "🎟🎟"],
    [{ type: "string", exactLength: 1 }, "🎟"],
    [{ type: "number", gte: 0, lt: 1 }, 0],
    [{ type: "number", gt: 0, lte: 1 }, 1],
    [{ type: "number", eq: [1, 2], ne: [3] }, 2],
    [{ type: "boolean", eq: [false] }, false],
    [{ type: "date", gte: "2026-01-01" }, "2026-01-01"],
    [{ type: "datetime", lt: "2026-01-01T00:00:00Z" }, "2026-01-01T00:30:00+01:00"],
    [{ type: "datetime", eq: ["2026-01-01T00:00:00Z"] }, "2026-01-01T01:00:00+01:00"],
    [{ type: "image_url" }, "https://example.test/a.png"],
    [{ type: "object" }, { a: [1] }],
    [{ type: "geopoint" }, "47.07, 15.44"],
    [{ type: "geopoint" }, "-90,180"],
    [{ type: "number", array: true, lt: 5 }, [1, 2]],
    [{ type: "number", array: true }, []],
    [{ type: "number", optional: true }, null],
  ])("by %j: %j", (definition, value) => {
    expect(refusal(definition, value)).toBeNull();
  });

  it("without an optional key", () => {
    expect(refusal({ type: "string", optional: true })).toBeNull();
  });

  it("with undefined keys, unchanged", () => {
    const metadata: Metadata = { key: "a", other: { deep: [null] } };
    expect(validateMetadata(schemaOf({ type: "string" }), metadata)).toEqual(E.right(metadata));
  });
});

describe("metadata is refused", () => {
  it.each<[MetadataDefinition, Json, string]>([
    [{ type: "string" }, 5, "a text"],
    [{ type: "string", eq: ["gold", "silver"] }, "lead", "one of: gold, silver"],
    [{ type: "string", ne: ["lead"] }, "lead", "none of: lead"],
    [{ type: "string", minLength: 2 }, "🎟", "at least 2 characters long"],
    [{ type: "string", maxLength: 1 }, "ab", "at most 1 characters long"],
    [{ type: "string", exactLength: 3 }, "ab", "exactly 3 characters long"],
    [{ type: "number" }, "5", "a number"],
    [{ type: "number", lt: 5 }, 5, "less than 5"],
    [{ type: "number", lte: 5 }, 5.1, "at most 5"],
    [{ type: "number", gt: 5 }, 5, "more than 5"],
    [{ type: "number", gte: 5 }, 4.9, "at least 5"],
    [{ type: "boolean" }, "true", "true or false"],
    [{ type: "boolean", eq: [true] }, false, "one of: true"],
    [{ type: "date" }, "2026-02-30", "a date, as 2026-03-02"],
    [{ type: "date" }, "2026-03-02T00:00:00Z", "a date, as 2026-03-02"],
    [{ type: "date", gt: "2026-03-02" }, "2026-03-02", "more than 2026-03-02"],
    [{ type: "datetime" }, "2026-03-02", "a time with its zone, as 2026-03-02T09:15:04Z"],
    [{ type: "image_url" }, "javascript:alert(1)", "an http or https address"],
    [{ type: "image_url" }, "https://", "an http or https address"],
    [{ type: "object" }, [], "an object"],
    [{ type: "object" }, "{}", "an object"],
    [{ type: "geopoint" }, "90.1,0", "latitude and longitude, as 47.07,15.44"],
    [{ type: "geopoint" }, "0,181", "latitude and longitude, as 47.07,15.44"],
    [{ type: "geopoint" }, "north", "latitude and longitude, as 47.07,15.44"],
    [{ type: "string" }, null, "present, with a value of type string"],
    [{ type: "string", array: true }, "a", "a list"],
  ])("by %j: %j must be %s", (definition, value, expected) => {
    expect(refusal(definition, value)).toEqual(refused(expected));
  });

  it("at the wrong element", () => {
    expect(refusal({ type: "number", array: true }, [1, "2"])).toEqual(refused("a number", "metadata.key[1]"));
  });

  it("without a required key", () => {
    expect(refusal({ type: "string" })).toEqual(refused("present, with a value of type string"));
    expect(refusal({ type: "string", array: true })).toEqual(refused("a list"));
  });

  it("with an undefined key, if only defined keys are allowed", () => {
    const schema: MetadataSchema = { definitions: {}, onlyDefined: true };
    expect(validateMetadata(schema, { "a key": 1 }, "customer.metadata")).toMatchObject({
      left: { code: "metadata_validation_failed", path: 'customer.metadata["a key"]' },
    });
    expect(E.isRight(validateMetadata(schema, {}))).toBe(true);
  });

  it("when an inherited property has the name of a key", () => {
    const definitions = Object.fromEntries([["constructor", { type: "object" } as const]]);
    const schema: MetadataSchema = { definitions, onlyDefined: true };
    expect(validateMetadata(schema, {})).toMatchObject({ left: { path: "metadata.constructor" } });
    expect(validateMetadata(schema, { constructor: {}, toString: 1 })).toMatchObject({
      left: { path: "metadata.toString" },
    });
  });
});
