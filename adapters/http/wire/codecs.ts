import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { type CamelCase, toCamelCase } from "./names.ts";

/**
 * Codecs between the wire and the engine. They translate, names above all; whether a value makes sense is for the engine
 * to say, in one place for all its faces. Each is also a description, from which `openapi.ts` makes a schema.
 */
export type WireCodec<A> = t.Type<A, object, unknown>;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Fields = Readonly<Record<string, t.Mixed>>;
/** Names on the wire, each for a property of `A`. */
type FieldsFor<A, F> = { readonly [K in keyof F]: CamelCase<K & string> extends keyof A ? t.Mixed : never };

/** An object by its properties' names on the wire. Its name, where it has one, is that of its schema. */
export class Struct<A> extends t.Type<A, object, unknown> {
  readonly _tag = "Struct" as const;
  readonly required: Fields;
  readonly optional: Fields;
  /** What the engine knows nothing of, and what is the same in every answer. */
  readonly constants: object;

  constructor(name: string, required: Fields, optional: Fields, constants: object) {
    const fields = Object.entries({ ...required, ...optional }).map(([wireName, type]) => ({
      wire: wireName,
      property: toCamelCase(wireName),
      type,
    }));
    super(
      name,
      (value): value is A => typeof value === "object" && value !== null,
      (value, context) => {
        if (!isRecord(value)) return t.failure(value, context);
        const translated: Record<string, unknown> = {};
        for (const { wire, property, type } of fields) {
          if (!Object.hasOwn(value, wire)) continue;
          const fieldValue = value[wire];
          const result = type.validate(fieldValue, context);
          // What does not fit goes on as it is, to an engine that says what it should have been.
          translated[property] = E.isRight(result) ? result.right : fieldValue;
        }
        return t.success(translated as A);
      },
      (value) => {
        const encoded: Record<string, unknown> = {};
        for (const { wire, property, type } of fields) {
          const given: unknown = Reflect.get(value as object, property);
          if (given !== undefined) encoded[wire] = type.encode(given);
        }
        return Object.assign(encoded, constants);
      },
    );
    this.required = required;
    this.optional = optional;
    this.constants = constants;
  }
}

/** `struct<Customer>()("Customer", { id: text, … })`: every name must be that of a property of `Customer`. */
export const struct =
  <A>() =>
  <R extends Fields, O extends Fields = Record<never, never>>(
    name: string,
    required: R & FieldsFor<A, R>,
    { optional, constants = {} }: { readonly optional?: O & FieldsFor<A, O>; readonly constants?: object } = {},
  ): Struct<A> =>
    new Struct<A>(name, required, optional ?? {}, constants);

/** What is shown as something else: with more to it than the engine's record has, or with less. */
export class ViewCodec<A> extends t.Type<A, object, unknown> {
  readonly _tag = "Shown" as const;
  readonly inner: t.Mixed;

  constructor(of: t.Mixed, encode: (value: A) => object) {
    super(of.name, (value): value is A => typeof value === "object" && value !== null, t.failure, encode);
    this.inner = of;
  }
}
export const viewCodec = <A, B>(of: t.Type<B, object, unknown>, view: (value: A) => B): ViewCodec<A> =>
  new ViewCodec(of, (value) => of.encode(view(value)));

/** A request. What must be in it is said in its description, and checked by the engine. */
export interface UnknownRecord {
  readonly [name: string]: unknown;
}
export const inputStruct = (name: string, optional: Fields, required: Fields = {}): Struct<UnknownRecord> =>
  new Struct<UnknownRecord>(name, required, optional, {});

/** A leaf, and its JSON schema. */
export class Leaf<A> extends t.Type<A, unknown, unknown> {
  readonly _tag = "Leaf" as const;
  readonly schema: object;

  constructor(name: string, schema: object, read: (value: unknown) => A | undefined) {
    super(
      name,
      (value): value is A => read(value) === value,
      (value, context) => {
        const result = read(value);
        return result === undefined ? t.failure(value, context) : t.success(result);
      },
      t.identity,
    );
    this.schema = schema;
  }
}

const DIGITS = /^-?\d{1,15}$/;
/** Some clients send numbers as text. */
export const wholeNumber: t.Type<number, unknown> = new Leaf("whole", { type: "integer" }, (value) => {
  if (typeof value === "string" && DIGITS.test(value)) return Number(value);
  return typeof value === "number" ? value : undefined;
});

/** A query string has only text. */
export const flag: t.Type<boolean, unknown> = new Leaf("flag", { type: "boolean" }, (value) => {
  if (value === "true") return true;
  if (value === "false") return false;
  return typeof value === "boolean" ? value : undefined;
});

export const instant: t.Type<string, unknown> = new Leaf("instant", { type: "string", format: "date-time" }, (value) =>
  typeof value === "string" ? value : undefined,
);

/** The host's own data, in which no name is translated. */
export const metadata: t.Type<object, unknown> = new Leaf<object>("metadata", { type: "object" }, (value) =>
  isRecord(value) ? value : undefined,
);

/** A list, translated one by one: what does not fit goes on as it is here, too. */
export class List<A> extends t.Type<readonly A[], unknown[], unknown> {
  readonly _tag = "List" as const;
  readonly element: t.Mixed;

  constructor(of: t.Type<A, unknown, unknown>) {
    super(
      `list of ${of.name}`,
      Array.isArray,
      (value, context) => {
        if (!Array.isArray(value)) return t.failure(value, context);
        return t.success(
          value.map((one) => {
            const result = of.validate(one, context);
            return E.isRight(result) ? result.right : one;
          }),
        );
      },
      (value) => value.map(of.encode),
    );
    this.element = of;
  }
}
export const list = <A>(of: t.Type<A, unknown, unknown>): List<A> => new List(of);

export const nullable = <A>(of: t.Type<A, unknown, unknown>): t.Type<A | null, unknown, unknown> =>
  t.union([of, t.null]);

/** `{}`, where the contract says no more than that it was done. */
export const emptyObject: Struct<UnknownRecord> = inputStruct("Nothing", {});
