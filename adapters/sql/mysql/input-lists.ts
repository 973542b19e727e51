import { type RawBuilder, sql } from "kysely";
import type { ColumnType, SqlValue } from "../schema.ts";

/** Columns by name. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** Rows with a value for each of these columns. */
export type InputRows<C extends Columns> = readonly { readonly [K in keyof C]: SqlValue }[];

/** What the two kinds of servers call differently. */
export interface Flavour {
  /** A collation that compares by code point, and in which no two texts are the same, whatever they end in. */
  readonly collation: string;
}

export const MARIADB: Flavour = { collation: "utf8mb4_nopad_bin" };
export const MYSQL: Flavour = { collation: "utf8mb4_0900_bin" };

/** Columns that hold more than a short text. */
const LONG: ReadonlySet<string> = new Set(["metadata", "details", "codes", "voucher_ids"]);

/** What is longer than all others. */
const EMAIL = 320;

export const textType = ({ collation }: Flavour, length: number | "long"): RawBuilder<unknown> =>
  sql.raw(`${length === "long" ? "longtext" : `varchar(${length})`} character set utf8mb4 collate ${collation}`);

const typeOf = (flavour: Flavour, name: string, type: ColumnType): RawBuilder<unknown> => {
  if (type === "integer") return sql`int`;
  if (type === "real") return sql`double`;
  return textType(flavour, LONG.has(name) ? "long" : EMAIL);
};

/**
 * A list of lists of values as rows: one parameter, however many there are, so that the statement's text is always the
 * same. By their places, since the server looks for each value from the start of its row, and names would be read on
 * the way. What does not fit fails, where it would be null otherwise.
 */
export const inputRows = (
  flavour: Flavour,
  columns: Columns,
  list: RawBuilder<unknown> = sql`${null}`,
): RawBuilder<unknown> => {
  const typed = Object.entries(columns).map(
    ([name, type], n) => sql`${sql.ref(name)} ${typeOf(flavour, name, type)} path ${sql.lit(`$[${n}]`)} error on error`,
  );
  return sql`json_table(${list}, '$[*]' columns (${sql.join(typed)}))`;
};

/** A list of texts as rows of `input`, which has the column `name`. */
export const inputNames = (flavour: Flavour): RawBuilder<unknown> =>
  sql`json_table(${null}, '$[*]' columns (name ${textType(flavour, EMAIL)} path '$')) as input`;

export const columnsOf = (columns: Columns): RawBuilder<unknown> =>
  sql.join(Object.keys(columns).map((column) => sql.ref(column)));

/** So many characters go to the server at once, since it takes no packets beyond a size. */
const CHUNK = 1_000_000;

/** Values as JSON lists, in pieces that the server takes. */
export const chunksOf = (values: readonly (string | readonly SqlValue[])[]): readonly string[] => {
  const chunks: string[] = [];
  let [texts, size]: [string[], number] = [[], 0];
  for (const value of values) {
    const text = JSON.stringify(value);
    if (size > 0 && size + text.length > CHUNK) {
      chunks.push(`[${texts.join()}]`);
      [texts, size] = [[], 0];
    }
    texts.push(text);
    size += text.length;
  }
  return size === 0 ? chunks : [...chunks, `[${texts.join()}]`];
};

/** Rows as `recordsOf` reads them. */
export const recordChunks = <C extends Columns>(columns: C, rows: InputRows<C>): readonly string[] => {
  const names: readonly (keyof C)[] = Object.keys(columns);
  return chunksOf(rows.map((row) => names.map((name) => row[name])));
};
