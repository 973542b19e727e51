import fc from "fast-check";
import type { Json } from "oncecode";

/** Data that databases treat in different ways. */

const TEXTS = [
  "a",
  "A",
  "b",
  "%",
  "_",
  "a%b",
  "a_b",
  "100%",
  "'",
  '"',
  "\\",
  "a'b",
  "--",
  ";",
  "e\u0301",
  "\u00e9",
  "ß",
  "SS",
  "😀",
  "😀a",
  "\ue000",
  "\uffff",
  "10",
  "9",
  "010",
  "1e3",
  "1000",
  "-0",
  "0",
  "true",
  "false",
  "null",
  " ",
  " a",
  "2026-03-01",
  "2026-03-01T00:00:00.000Z",
  "$",
  "$.a",
  "[0]",
  "__proto__",
  "constructor",
  "toString",
  "\u0001",
  "\t",
  "ǅ",
  "ı",
  "İ",
] as const;

/** Text for fields that may be empty. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("", ...TEXTS) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "binary", maxLength: 4 }).filter((any) => any.isWellFormed() && !any.includes("\0")),
  },
);
export const name: fc.Arbitrary<string> = fc.constantFrom(...TEXTS.filter((any) => any.trim() === any && any >= " "));

export const metadataKey: fc.Arbitrary<string> = fc.constantFrom(
  "k",
  "K",
  "",
  "a.b",
  'a"b',
  "$",
  "__proto__",
  "é",
  "😀",
  "%",
  "k'",
);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.constantFrom<Json>(null, true, false, 0, 1, -1, 9, 10, 10.5, 0.1, 1000, 1e21, 2 ** 53, -5e-324),
);
const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom<Json>({}, { a: 1 }, [[1]], []) },
);

/** Built from entries, because in an object literal `__proto__` would not become a key. */
export const metadata: fc.Arbitrary<{ readonly [key: string]: Json }> = fc
  .array(fc.tuple(metadataKey, value), { maxLength: 3 })
  .map((entries) => Object.fromEntries(entries));

export const operand: fc.Arbitrary<string | number | boolean> = fc.oneof(
  text,
  fc.constantFrom<number | boolean>(true, false, 0, 1, 9, 10, 10.5, 0.1, 1000, 1e21, 2 ** 53),
);
