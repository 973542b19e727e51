import * as E from "fp-ts/lib/Either.js";
import * as t from "io-ts";
import { type CamelCase, toCamelCase } from "./names.ts";

/**
 * A codec between the API and the engine. It translates names and forms. It does not check values: the engine checks them,
 * in one place for every caller. `description/schemas.ts` makes a schema from each codec.
 */
export type WireCodec<A> = t.Type<A, object, unknown>;

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Fields = Readonly<Record<string, t.Mixed>>;
/** The fields of the API. Each one has the name of a property of `A`, in snake_case. */
type FieldsFor<A, F> = { readonly [K in keyof F]: CamelCase<K & string> extends keyof A ? t.Mixed : never };

/** An object whose properties have other names in the API. If the codec has a name, its schema has the same name. */
export class Struct<A> extends t.Type<A, object, unknown> {
  readonly _tag = "Struct" as const;
  readonly required: Fields;
  readonly optional: Fields;
  /** Fields that are the same in every response. The engine does not have them. */
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
          // A value of another shape stays as it is. The engine refuses it, and its error names the right shape.
          translated[property] = E.isRight(result) ? result.right : fieldValue;
        }
        return t.success(translated as A);
      },
      (value) => {
        const encoded: Record<string, unknown> = {};
        for (const { wire, property, type } of fields) {
          const propertyValue: unknown = Reflect.get(value as object, property);
          if (propertyValue !== undefined) encoded[wire] = type.encode(propertyValue);
        }
        return Object.assign(encoded, constants);
      },
    );
    this.required = required;
    this.optional = optional;
    this.constants = constants;
  }
}

/** `struct<Customer>()("Customer", { id: text, … })`. Each field must have the name of a property of `Customer`. */
export const struct =
  <A>() =>
  <R extends Fields, O extends Fields = Record<never, never>>(
    name: string,
    required: R & FieldsFor<A, R>,
    { optional, constants = {} }: { readonly optional?: O & FieldsFor<A, O>; readonly constants?: object } = {},
  ): Struct<A> =>
    new Struct<A>(name, required, optional ?? {}, constants);

/** Encodes a record as another object, with more or fewer fields than the engine's record. */
export class ViewCodec<A> extends t.Type<A, object, unknown> {
  readonly _tag = "ViewCodec" as const;
  readonly inner: t.Mixed;

  constructor(of: t.Mixed, encode: (value: A) => object) {
    super(of.name, (value): value is A => typeof value === "object" && value !== null, t.failure, encode);
    this.inner = of;
  }
}
export const viewCodec = <A, B>(of: t.Type<B, object, unknown>, view: (value: A) => B): ViewCodec<A> =>
  new ViewCodec(of, (value) => of.encode(view(value)));

/** The object of a request. The engine checks it. */
export interface UnknownRecord {
  readonly [name: string]: unknown;
}
export const inputStruct = (name: string, optional: Fields, required: Fields = {}): Struct<UnknownRecord> =>
  new Struct<UnknownRecord>(name, required, optional, {});

/** A codec of a simple value, with its JSON schema. */
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
/** Some clients send a number as a text. */
export const wholeNumber: t.Type<number, unknown> = new Leaf("wholeNumber", { type: "integer" }, (value) => {
  if (typeof value === "string" && DIGITS.test(value)) return Number(value);
  return typeof value === "number" ? value : undefined;
});

/** In a query string, a flag is a text. */
export const flag: t.Type<boolean, unknown> = new Leaf("flag", { type: "boolean" }, (value) => {
  if (value === "true") return true;
  if (value === "false") return false;
  return typeof value === "boolean" ? value : undefined;
});

export const instant: t.Type<string, unknown> = new Leaf("instant", { type: "string", format: "date-time" }, (value) =>
  typeof value === "string" ? value : undefined,
);

/** The host's own data. Its names are not translated. */
export const metadata: t.Type<object, unknown> = new Leaf<object>("metadata", { type: "object" }, (value) =>
  isRecord(value) ? value : undefined,
);

/** A list. Each element is translated. An element of another shape stays as it is. */
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

/** `{}`, for responses without data. */
export const emptyObject: Struct<UnknownRecord> = inputStruct("Nothing", {});
