/** What a host's metadata must look like (contract 2.8). */

interface Presence {
  /** The key may be missing, or null; false unless given. */
  readonly optional?: boolean;
  /** A list of such values, each of which obeys the rules; false unless given. */
  readonly array?: boolean;
}

interface Equality<V> {
  /** One of these. */
  readonly eq?: readonly V[];
  /** None of these. */
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
 * What one key of the metadata must be:
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

/** What the metadata of one kind of record must look like. */
export interface MetadataSchema {
  /** By key of the metadata; up to 100. */
  readonly definitions: { readonly [key: string]: MetadataDefinition };
  /** Refuses keys that have no definition; false unless given. */
  readonly onlyDefined?: boolean;
}

/** One schema per kind of record; where there is none, anything goes. */
export interface MetadataSchemas {
  readonly publications?: MetadataSchema;
  readonly vouchers?: MetadataSchema;
  readonly campaigns?: MetadataSchema;
  readonly customers?: MetadataSchema;
}
