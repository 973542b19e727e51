import type { Json } from "../domain/model.ts";

/** Texts that stores often handle wrongly: collations, wildcards, quotes, encodings, prototypes. */
export const EDGE_CASE_TEXTS: readonly string[] = [
  "a",
  "A",
  "a ",
  " a",
  "ab",
  "%",
  "_",
  "a%b",
  "a_b",
  "axb",
  "\\",
  "a\\b",
  "'",
  '"',
  '["a"]',
  "\u00e9",
  "e\u0301",
  "e",
  "\u00df",
  "ss",
  "\u0130",
  "i",
  "I",
  "\uff21",
  // By UTF-16 unit this is after an emoji, by code point before it.
  "\ue000",
  "\uffee",
  "😀",
  "😀a",
  "\u{10ffff}",
  "10",
  "9",
  "1e3",
  "1000",
  "01",
  "true",
  "null",
  "\n",
  "__proto__",
  "constructor",
  "toString",
];

export const METADATA_KEYS: readonly string[] = [
  "k",
  "K",
  "a.b",
  'a"b',
  "a'b",
  "a\\b",
  "$",
  "$.k",
  "",
  "__proto__",
  "😀",
  "0",
  "k[0]",
];

/** Values of metadata. */
export const METADATA_VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  1,
  9,
  10,
  -1,
  0.1,
  1e21,
  9007199254740991,
  "",
  [],
  ["a", 10, null, "10", true, ["a"], { a: 1 }],
  [9],
  ["%", "a%b"],
  {},
  { a: "a", k: [1] },
  ...EDGE_CASE_TEXTS,
];

/** An object with these own keys, even `__proto__`. */
export const objectOf = (entries: Iterable<readonly [string, Json]>): { readonly [key: string]: Json } =>
  Object.fromEntries(entries);
