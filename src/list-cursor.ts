import { LIMITS } from "./domain/limits.ts";
import type { Position } from "./domain/pages.ts";
import { isStorable } from "./domain/text.ts";

/** The place where the next page of a list begins: after the position of a record, in the list's order. */
export interface ListCursor {
  readonly kind: string;
  readonly by: string;
  readonly descending: boolean;
  readonly position: Position;
}

/** Opaque text. It can stand in a URL without escaping. */
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

/** The cursor in a text from `encodeCursor`; null for any other text. */
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
  // A base64 decoder skips unknown characters. We compare, so that each cursor has exactly one spelling.
  return encodeCursor(cursor) === text ? cursor : null;
};
