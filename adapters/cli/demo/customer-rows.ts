import type { Columns, Row } from "../csv/table.ts";
import type { RefusedRow } from "./refused-rows.ts";

export type CustomerColumn = "source_id" | "name" | "email" | "city" | "tier" | "channel";
export const CUSTOMER_COLUMNS: Columns<CustomerColumn> = {
  required: ["source_id"],
  optional: ["name", "email", "city", "tier", "channel"],
};

/** A customer of the list. */
export type CustomerRow = Readonly<Record<CustomerColumn, string>>;

export interface CustomerRows {
  readonly customerRows: readonly CustomerRow[];
  readonly refused: readonly RefusedRow[];
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const mistakeIn = (cells: CustomerRow, lineOf: ReadonlyMap<string, number>): string | null => {
  if (cells.source_id.trim() === "") return "no source_id";
  if (cells.email !== "" && !EMAIL.test(cells.email)) return `${JSON.stringify(cells.email)} is no e-mail address`;
  const before = lineOf.get(cells.source_id);
  return before === undefined ? null : `${cells.source_id} is on line ${before}, too`;
};

/** Reads the customers of a list, and refuses duplicates. */
export const readCustomers = async (rows: AsyncIterable<Row<CustomerColumn>>): Promise<CustomerRows> => {
  const customerRows: CustomerRow[] = [];
  const refused: RefusedRow[] = [];
  const lineOf = new Map<string, number>();
  for await (const row of rows) {
    const { line } = row;
    const mistake = "reason" in row ? row.reason : mistakeIn(row.cells, lineOf);
    if (mistake !== null) refused.push({ line, kind: "malformed", reason: mistake });
    else if ("cells" in row) {
      lineOf.set(row.cells.source_id, line);
      customerRows.push(row.cells);
    }
  }
  return { customerRows, refused };
};
