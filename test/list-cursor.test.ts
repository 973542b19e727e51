import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../src/list-cursor.ts";

describe("a cursor", () => {
  const texts = fc.string({ unit: "binary" }).filter((text) => text.isWellFormed() && !text.includes("\0"));
  const cursors = fc.record({
    kind: fc.constantFrom("publications", "vouchers"),
    by: fc.constantFrom("createdAt", "name"),
    descending: fc.boolean(),
    position: fc.record({ value: fc.option(texts), id: texts }),
  });

  it("is decoded again, also after a URL", () => {
    void fc.assert(
      fc.property(cursors, (cursor) => {
        const text = encodeCursor(cursor);
        expect(text).toMatch(/^[\w-]+$/);
        expect(decodeCursor(text)).toEqual(cursor);
      }),
    );
  });

  it("is refused if it is any other text", () => {
    void fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
        const cursor = decodeCursor(text);
        expect(cursor === null || encodeCursor(cursor) === text).toBe(true);
      }),
    );
  });
});
