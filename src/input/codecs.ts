import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { READABLE } from "../errors.ts";

// `input/` decodes the host's input with io-ts codecs: unknown values in, requests of the domain or an error out.
// It imports the domain, the public types and the errors, but never the engine or an adapter.
// The name of a codec completes the sentence "Property .name must be <name of the codec>".
// A codec stops at the first error. It checks and copies each property in one read. Otherwise a getter could show
// one value to the check and another value to the store.

/** A codec from a check. It never throws. The engine encodes nothing, so the output type is the decoded type. */
export const codec = <A>(name: string, check: t.Validate<unknown, A>): t.Type<A> => {
  const validate: t.Validate<unknown, A> = (value, context) => {
    try {
      return check(value, context);
    } catch {
      return t.failure(undefined, context, READABLE);
    }
  };
  return new t.Type<A>(
    name,
    (value): value is A => E.isRight(validate(value, [])),
    validate,
    (value) => value,
  );
};

/** A codec for the values that a predicate accepts. */
export const refined = <A>(name: string, accepts: (value: unknown) => value is A): t.Type<A> =>
  codec(name, (value, context) => (accepts(value) ? t.success(value) : t.failure(value, context)));

/** A codec that converts the values of another codec. If `map` returns null, the codec refuses the value. */
export const mapped = <A, B>(name: string, from: t.Type<A>, map: (value: A) => B | null): t.Type<B> =>
  codec(name, (value, context) => {
    const decoded = from.validate(value, context);
    if (E.isLeft(decoded)) return decoded;
    const result = map(decoded.right);
    return result === null ? t.failure(value, context) : t.success(result);
  });

export const nullable = <A>(of: t.Type<A>): t.Type<A | null> =>
  codec(`${of.name}, or null`, (value, context) => (value === null ? t.success(null) : of.validate(value, context)));

/** Accepts undefined and null, which mean the same here. */
export const absentOr = <A>(of: t.Type<A>): t.Type<A | undefined> =>
  codec(of.name, (value, context) =>
    value === undefined || value === null ? t.success(undefined) : of.validate(value, context),
  );

export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of a property, read once; null if its getter throws. */
export const readProperty = (object: object, key: string): { readonly value: unknown } | null => {
  try {
    return { value: Reflect.get(object, key) };
  } catch {
    return null;
  }
};

type Fields = { readonly [key: string]: t.Type<unknown> | t.Mixed };
type Decoded<R extends Fields, O extends Fields> = { readonly [K in keyof R]: t.TypeOf<R[K]> } & {
  readonly [K in keyof O]?: Exclude<t.TypeOf<O[K]>, undefined>;
};

/** Decodes the known properties of an object in this order, and ignores others. Optional properties may be undefined. */
export const struct = <R extends Fields, O extends Fields>(
  name: string,
  required: R,
  optional: O,
): t.Type<Decoded<R, O>> => {
  const fields = [
    ...Object.entries(required).map(([key, type]) => ({ key, type, isOptional: false })),
    ...Object.entries(optional).map(([key, type]) => ({ key, type, isOptional: true })),
  ];
  return codec(name, (value, context) => {
    if (!isObject(value)) return t.failure(value, context);
    const decoded: Record<string, unknown> = {};
    for (const { key, type, isOptional } of fields) {
      const property = readProperty(value, key);
      if (isOptional && property !== null && property.value === undefined) continue;
      if (property === null) return t.failure(undefined, t.appendContext(context, key, type, value), READABLE);
      let result = type.validate(property.value, context);
      // Most values are right and need no path. The second `validate` builds the path for the error message.
      if (E.isLeft(result)) result = type.validate(property.value, t.appendContext(context, key, type, value));
      if (E.isLeft(result)) return result;
      if (result.right !== undefined) decoded[key] = result.right;
    }
    return t.success(decoded as Decoded<R, O>);
  });
};

/** A list of `min` to `max` elements. The length is checked first, so that a huge list is refused quickly. */
export const list = <A>(of: t.Type<A>, elements: string, min: number, max: number): t.Type<readonly A[]> =>
  codec(`a list of ${min} to ${max} ${elements}`, (value, context) => {
    if (!Array.isArray(value)) return t.failure(value, context);
    const { length } = value;
    if (length < min || length > max) return t.failure(value, context);
    const decoded: A[] = [];
    for (let index = 0; index < length; index++) {
      const element = readProperty(value, String(index));
      const elementContext = t.appendContext(context, `[${index}]`, of, value);
      if (element === null) return t.failure(undefined, elementContext, READABLE);
      const result = of.validate(element.value, elementContext);
      if (E.isLeft(result)) return result;
      decoded.push(result.right);
    }
    return t.success(decoded);
  });
