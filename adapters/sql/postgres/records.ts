import { type RawBuilder, sql } from "kysely";
import type { Kind } from "oncecode";
import { COLUMNS, type ColumnType } from "../schema.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  text: "text",
  integer: "integer",
  real: "double precision",
};

/** A list of objects as rows: one parameter, however many there are, so that the statement's text is always the same. */
export const recordsOf = (
  list: RawBuilder<unknown>,
  columns: Readonly<Record<string, ColumnType>>,
): RawBuilder<unknown> => {
  const typed = Object.entries(columns).map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(TYPES[type])}`);
  return sql`json_to_recordset(${list}::json) as given (${sql.join(typed)})`;
};

export const columnsOf = (kind: Kind): RawBuilder<unknown> =>
  sql.join(Object.keys(COLUMNS[kind]).map((column) => sql.ref(column)));
