import { type RawBuilder, sql } from "kysely";
import type { Kind } from "oncecode";
import { COLUMNS, type ColumnType } from "../schema.ts";

const TYPES: Readonly<Record<ColumnType, string>> = {
  text: "text",
  integer: "integer",
  real: "double precision",
};

/**
 * The rows of a list of objects. The list is one JSON parameter, so that the text of the statement does not depend on its
 * length.
 */
export const inputRows = (
  list: RawBuilder<unknown>,
  columns: Readonly<Record<string, ColumnType>>,
): RawBuilder<unknown> => {
  const columnDefinitions = Object.entries(columns).map(
    ([name, type]) => sql`${sql.ref(name)} ${sql.raw(TYPES[type])}`,
  );
  return sql`json_to_recordset(${list}::json) as input (${sql.join(columnDefinitions)})`;
};

export const columnsOf = (kind: Kind): RawBuilder<unknown> =>
  sql.join(Object.keys(COLUMNS[kind]).map((column) => sql.ref(column)));

export type Columns = Readonly<Record<string, ColumnType>>;

/** The columns of an input list. `n` is the position of the row's claim in the call. */
export const numberedColumns = (columns: Columns): Columns => ({ n: "integer", ...columns });

/** The name of an input list in a statement. No table can have this name, because it has a space. */
export const input = (name: string): RawBuilder<unknown> => sql.id(`input ${name}`);

const PARAMETER = sql`${null}`;
/** The CTE of an input list. */
export const inputList = (name: string, columns: Columns): RawBuilder<unknown> =>
  sql`${input(name)} as materialized (select * from ${inputRows(PARAMETER, columns)})`;
