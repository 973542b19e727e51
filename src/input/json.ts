import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { LIMITS } from "../domain/limits.ts";
import type { Json, Metadata } from "../domain/model.ts";
import { isStorable } from "../domain/text.ts";
import { READABLE } from "../errors.ts";
import { codec, isObject, readProperty } from "./codecs.ts";

const PLAIN_EXPECTED =
  "plain JSON data: null, true, false, a finite number, a text, a list or an object, without cycles";
const SIZE_EXPECTED = `at most ${LIMITS.metadataBytes} bytes of JSON`;
const DEPTH_EXPECTED = `at most ${LIMITS.metadataDepth} levels deep`;
const TEXT_EXPECTED = "a text without U+0000 and without lone surrogates";

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object from another realm has another `Object.prototype`.
  return prototype === null || (isObject(prototype) && Object.getPrototypeOf(prototype) === null);
};

/** The keys of a list are its indexes, so that a hole in the list is found. A list that is too long is cut. */
const keysOf = (value: object): readonly string[] =>
  Array.isArray(value)
    ? Array.from({ length: Math.min(value.length, LIMITS.metadataBytes) }, (_, index) => String(index))
    : Object.keys(value);

/**
 * Makes a frozen copy of plain data. A huge value, or a small value that contains another one many times, would take too
 * much memory. So the copy stops as soon as a lower bound of its size passes the limit.
 */
const copyOf = (root: unknown, rootContext: t.Context): t.Validation<Json> => {
  let size = 0;
  const withinLimit = <A extends Json>(bytes: number, value: A): t.Validation<A> => {
    size += bytes;
    return size > LIMITS.metadataBytes ? t.failure(root, rootContext, SIZE_EXPECTED) : t.success(value);
  };
  const textOf = (value: string, context: t.Context): t.Validation<string> =>
    isStorable(value) ? withinLimit(value.length + 2, value) : t.failure(value, context, TEXT_EXPECTED);

  const copy = (value: unknown, context: t.Context, parents: readonly unknown[]): t.Validation<Json> => {
    if (typeof value === "string") return textOf(value, context);
    if (typeof value === "boolean" || value === null) return withinLimit(4, value);
    // JSON has no -0.
    if (typeof value === "number" && Number.isFinite(value)) return withinLimit(1, value === 0 ? 0 : value);
    if (typeof value !== "object" || parents.includes(value)) return t.failure(value, context, PLAIN_EXPECTED);
    if (!Array.isArray(value) && !isPlain(value)) return t.failure(value, context, PLAIN_EXPECTED);
    return parents.length < LIMITS.metadataDepth
      ? copyEntries(value, context, parents)
      : t.failure(value, context, DEPTH_EXPECTED);
  };

  const copyEntries = (value: object, context: t.Context, parents: readonly unknown[]): t.Validation<Json> => {
    const isList = Array.isArray(value);
    const entries: [string, Json][] = [];
    for (const key of keysOf(value)) {
      const entryContext = t.appendContext(context, isList ? `[${key}]` : key, json, value);
      const property = readProperty(value, key);
      if (property === null) return t.failure(undefined, entryContext, READABLE);
      if (property.value === undefined && !isList) continue;
      const keyResult = isList ? t.success(key) : textOf(key, entryContext);
      const copied = E.isLeft(keyResult) ? keyResult : copy(property.value, entryContext, [...parents, value]);
      if (E.isLeft(copied)) return copied;
      entries.push([key, copied.right]);
    }
    // An assignment to the key `__proto__` would not create it, so we use entries.
    return withinLimit(2, Object.freeze(isList ? entries.map(([, element]) => element) : Object.fromEntries(entries)));
  };

  return copy(root, rootContext, []);
};

const json: t.Type<Json> = codec("plain JSON data", copyOf);

/**
 * Metadata: the own enumerable keys of the input, `__proto__` included, without undefined values, as in JSON. The result
 * is a copy, so that later changes to the input do not change it.
 */
export const metadata: t.Type<Metadata> = codec("an object of plain JSON data", (value, context) => {
  if (!isObject(value)) return t.failure(value, context);
  const copied = copyOf(value, context);
  if (E.isLeft(copied)) return copied;
  return Buffer.byteLength(JSON.stringify(copied.right)) > LIMITS.metadataBytes
    ? t.failure(value, context, SIZE_EXPECTED)
    : t.success(copied.right as Metadata);
});
