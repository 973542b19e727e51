interface Presence {
  /** The key may be missing or null; false by default. */
  readonly optional?: boolean;
  /** The value is a list, and the rules apply to each element; false by default. */
  readonly array?: boolean;
}

interface Equality<V> {
  /** The value must be one of these. */
  readonly eq?: readonly V[];
  /** The value must be none of these. */
  readonly ne?: readonly V[];
}

interface Comparison<V> extends Equality<V> {
  readonly lt?: V;
  readonly lte?: V;
  readonly gt?: V;
  readonly gte?: V;
}

interface Length {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly exactLength?: number;
}

/**
 * The rule for one key of the metadata (contract 2.8):
 *
 * - `date`: `2026-03-02`; `datetime`: `2026-03-02T09:15:04Z`, with any zone. Both compare by time.
 * - `image_url`: an http or https address.
 * - `geopoint`: latitude and longitude as text, `47.07,15.44`.
 * - `object`: any JSON object.
 */
export type MetadataDefinition = Presence &
  (
    | ({ readonly type: "string" } & Equality<string> & Length)
    | ({ readonly type: "number" } & Comparison<number>)
    | ({ readonly type: "boolean" } & Equality<boolean>)
    | ({ readonly type: "date" | "datetime" } & Comparison<string>)
    | { readonly type: "image_url" | "object" | "geopoint" }
  );

/** The rules for the metadata of one kind of record. */
export interface MetadataSchema {
  /** One rule per key of the metadata; at most 100. */
  readonly definitions: { readonly [key: string]: MetadataDefinition };
  /** Refuses keys that have no definition; false by default. */
  readonly onlyDefined?: boolean;
}

/** One schema per kind of record. Without a schema, any metadata is accepted. */
export interface MetadataSchemas {
  readonly publications?: MetadataSchema;
  readonly vouchers?: MetadataSchema;
  readonly campaigns?: MetadataSchema;
  readonly customers?: MetadataSchema;
}
