import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Metadata } from "../../src/domain/model.ts";
import { decodePublication } from "../../src/input/publications.ts";
import { expectRight } from "../support/expect-right.ts";

describe("metadata", () => {
  const copied = (metadata: unknown): Metadata =>
    expectRight(decodePublication({ voucher: "A", customer: "a", metadata })).metadata;

  it("is copied as JSON would copy it", () => {
    const values = fc.dictionary(fc.string({ unit: "binary-ascii" }), fc.jsonValue({ maxDepth: 4 }));
    void fc.assert(
      fc.property(values, (metadata) => {
        const json = JSON.stringify(metadata);
        fc.pre(!json.includes("\\u0000") && /^[^\ud800-\udfff]*$/u.test(json) && !/\\ud[89a-f]/i.test(json));
        expect(JSON.stringify(copied(metadata))).toBe(json);
      }),
    );
  });

  it("keeps its keys, with any names", () => {
    const metadata = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "toString": {"__proto__": 3}, "": 4}');
    const copy = copied(metadata);
    expect(JSON.stringify(copy)).toBe(JSON.stringify(metadata));
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(Object.hasOwn(copy, "__proto__")).toBe(true);
  });

  it("drops undefined values, inherited properties and symbols", () => {
    const metadata = Object.assign(Object.create(Object.create(null)), { a: undefined, b: 1, [Symbol("c")]: 2 });
    expect(copied(metadata)).toEqual({ b: 1 });
  });

  it("is a copy that the caller cannot change", () => {
    const tags = ["a"];
    const copy = copied({ tags, nested: { tags } });
    tags.push("b");
    expect(copy).toEqual({ tags: ["a"], nested: { tags: ["a"] } });
    expect([copy, copy.tags, copy.nested].every(Object.isFrozen)).toBe(true);
  });

  it("can have 64 KiB and 20 levels", () => {
    const largest = { text: "x".repeat(65_536 - '{"text":""}'.length) };
    expect(copied(largest)).toEqual(largest);
    expect(copied({ list: new Array(20_000).fill(0) }).list).toHaveLength(20_000);
    let deep: Metadata = {};
    for (let level = 1; level < 20; level++) deep = { deep };
    expect(copied(deep)).toEqual(deep);
  });

  it("can be an object of another realm", () => {
    const foreign = Object.create(Object.create(null, { hasOwnProperty: { value: () => true } }));
    expect(copied(Object.assign(foreign, { a: 1 }))).toEqual({ a: 1 });
  });
});
