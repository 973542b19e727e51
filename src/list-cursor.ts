import { LIMITS } from "./domain/limits.ts";
import type { Position } from "./domain/pages.ts";
import { isStorable } from "./domain/storable-text.ts";

/** Where a list goes on: behind a record's position, in the order in which the position was taken. */
export interface ListCursor {
  readonly kind: string;
  readonly by: string;
  readonly descending: boolean;
  readonly position: Position;
}

/** Opaque text that can stand in a URL as it is. */
export const encodeCursor = ({ kind, by, descending, position: { value, id } }: ListCursor): string =>
  Buffer.from(JSON.stringify([kind, by, descending, value, id])).toString("base64url");

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
};

const isText = (value: unknown): value is string => typeof value === "string" && isStorable(value);

/** The cursor in a text that `cursorOf` made; null for any other text. */
export const decodeCursor = (text: string): ListCursor | null => {
  if (text.length > LIMITS.cursor) return null;
  const fields = parse(Buffer.from(text, "base64url").toString());
  if (!Array.isArray(fields)) return null;
  const [kind, by, descending, value, id]: readonly unknown[] = fields;
  if (
    !isText(kind) ||
    !isText(by) ||
    typeof descending !== "boolean" ||
    !(value === null || isText(value)) ||
    !isText(id)
  )
    return null;
  const cursor: ListCursor = { kind, by, descending, position: { value, id } };
  // Base64 ignores what it does not know: only the one true spelling is a cursor.
  return encodeCursor(cursor) === text ? cursor : null;
};
