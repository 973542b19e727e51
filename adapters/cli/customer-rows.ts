import type { RefusedRow } from "./refusals.ts";
import type { Columns, Row } from "./table.ts";

export type CustomerColumn = "source_id" | "name" | "email" | "city" | "tier" | "channel";
export const CUSTOMER_COLUMNS: Columns<CustomerColumn> = {
  required: ["source_id"],
  optional: ["name", "email", "city", "tier", "channel"],
};

/** Someone who is to get a code. */
export type Buyer = Readonly<Record<CustomerColumn, string>>;

export interface Buyers {
  readonly buyers: readonly Buyer[];
  readonly refused: readonly RefusedRow[];
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const mistakeIn = (cells: Buyer, lineOf: ReadonlyMap<string, number>): string | null => {
  if (cells.source_id.trim() === "") return "no source_id";
  if (cells.email !== "" && !EMAIL.test(cells.email)) return `${JSON.stringify(cells.email)} is no e-mail address`;
  const before = lineOf.get(cells.source_id);
  return before === undefined ? null : `${cells.source_id} is on line ${before}, too`;
};

/** The customers of a list, each of them once. */
export const buyersFrom = async (rows: AsyncIterable<Row<CustomerColumn>>): Promise<Buyers> => {
  const buyers: Buyer[] = [];
  const refused: RefusedRow[] = [];
  const lineOf = new Map<string, number>();
  for await (const row of rows) {
    const { line } = row;
    const mistake = "reason" in row ? row.reason : mistakeIn(row.cells, lineOf);
    if (mistake !== null) refused.push({ line, kind: "malformed", reason: mistake });
    else if ("cells" in row) {
      lineOf.set(row.cells.source_id, line);
      buyers.push(row.cells);
    }
  }
  return { buyers, refused };
};
