import { type RawBuilder, sql } from "kysely";
import type { ColumnType, SqlValue } from "../schema.ts";
import type { Flavour } from "./flavour.ts";

/** The types of columns, by name. */
export type Columns = Readonly<Record<string, ColumnType>>;

/** Rows with a value for each column. */
export type InputRows<C extends Columns> = readonly { readonly [K in keyof C]: SqlValue }[];

/** The columns with long texts. */
const LONG: ReadonlySet<string> = new Set(["metadata", "details", "codes", "voucher_ids"]);

/** The length of the longest short text: an e-mail address. */
const SHORT_TEXT_MAX = 320;

export const textType = ({ collation }: Flavour, length: number | "long"): RawBuilder<unknown> =>
  sql.raw(`${length === "long" ? "longtext" : `varchar(${length})`} character set utf8mb4 collate ${collation}`);

const typeOf = (flavour: Flavour, name: string, type: ColumnType): RawBuilder<unknown> => {
  if (type === "integer") return sql`int`;
  if (type === "real") return sql`double`;
  return textType(flavour, LONG.has(name) ? "long" : SHORT_TEXT_MAX);
};

/**
 * A JSON list of rows as a table. It is one parameter for any number of rows, so that a statement has few texts. A row is a
 * list of values and has no names: the server reads a row from its start for each value, and names would cost time. Without
 * `error on error`, a value that does not fit would become null.
 */
export const inputRows = (
  flavour: Flavour,
  columns: Columns,
  list: RawBuilder<unknown> = sql`${null}`,
): RawBuilder<unknown> => {
  const columnDefinitions = Object.entries(columns).map(
    ([name, type], n) => sql`${sql.ref(name)} ${typeOf(flavour, name, type)} path ${sql.lit(`$[${n}]`)} error on error`,
  );
  return sql`json_table(${list}, '$[*]' columns (${sql.join(columnDefinitions)}))`;
};

/** A JSON list of texts as the table `input` with the column `value`. */
export const inputValues = (flavour: Flavour): RawBuilder<unknown> =>
  sql`json_table(${null}, '$[*]' columns (value ${textType(flavour, SHORT_TEXT_MAX)} path '$')) as input`;

export const columnsOf = (columns: Columns): RawBuilder<unknown> =>
  sql.join(Object.keys(columns).map((column) => sql.ref(column)));

/** The largest number of characters in one list. A server refuses packets above a limit. */
const CHUNK_CHARACTERS_MAX = 1_000_000;

/** Values as JSON lists, none of them too long for a packet. */
export const chunksOf = (values: readonly (string | readonly SqlValue[])[]): readonly string[] => {
  const chunks: string[] = [];
  let [texts, size]: [string[], number] = [[], 0];
  for (const value of values) {
    const text = JSON.stringify(value);
    if (size > 0 && size + text.length > CHUNK_CHARACTERS_MAX) {
      chunks.push(`[${texts.join()}]`);
      [texts, size] = [[], 0];
    }
    texts.push(text);
    size += text.length;
  }
  return size === 0 ? chunks : [...chunks, `[${texts.join()}]`];
};

/** Rows as JSON lists for `inputRows`, none of them too long for a packet. */
export const recordChunks = <C extends Columns>(columns: C, rows: InputRows<C>): readonly string[] => {
  const names: readonly (keyof C)[] = Object.keys(columns);
  return chunksOf(rows.map((row) => names.map((name) => row[name])));
};
