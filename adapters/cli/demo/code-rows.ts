import type { ImportReport, VoucherImport } from "oncecode";
import type { Columns, Row } from "../csv/table.ts";
import type { RefusedRow } from "./refused-rows.ts";

export type CodeColumn = "code" | "expires" | "note";
export const CODE_COLUMNS: Columns<CodeColumn> = { required: ["code"], optional: ["expires", "note"] };

type Cells = Readonly<Record<CodeColumn, string>>;
type ImportRefusal = ImportReport["refused"][number];

/** A row that was passed to the engine. */
export interface SentRow {
  readonly line: number;
  readonly cells: Cells;
}

const voucherOf = ({ code, expires, note }: Cells): VoucherImport => ({
  code,
  ...(expires === "" ? {} : { expirationDate: expires }),
  ...(note === "" ? {} : { additionalInfo: note }),
});

const quote = (text: string): string => JSON.stringify(text);

const codeReason = (code: string, message: string): string => {
  if (code === "") return "no code";
  return code.trim() === code ? `${quote(code)}: ${message}` : `${quote(code)} has space at its end`;
};

const reasonOf = ({ cells }: SentRow, error: ImportRefusal["error"], duplicateLine: number | undefined): string => {
  if (error.code === "duplicate_found")
    return duplicateLine === undefined
      ? `${cells.code} is in the database already`
      : `${cells.code} is on line ${duplicateLine}, too`;
  if ("path" in error && error.path === "code") return codeReason(cells.code, error.message);
  if ("path" in error && error.path === "expirationDate")
    return `${quote(cells.expires)} is no date: write it as 2039-12-31`;
  return error.message;
};

/** Translates the engine's refusals into lines and reasons of the file. */
export const refusedRows = (sent: readonly SentRow[], refused: readonly ImportRefusal[]): readonly RefusedRow[] => {
  const refusedIndexes = new Set(refused.map(({ index }) => index));
  const imported = new Map(
    sent.filter((_, index) => !refusedIndexes.has(index)).map(({ cells, line }) => [cells.code, line]),
  );
  return refused.flatMap(({ index, error }) => {
    const row = sent[index];
    if (row === undefined) return [];
    const duplicateLine = error.code === "duplicate_found" ? imported.get(row.cells.code) : undefined;
    const kind = error.code === "duplicate_found" && duplicateLine === undefined ? "existing" : "malformed";
    return [{ line: row.line, kind, reason: reasonOf(row, error, duplicateLine) }];
  });
};

/** Passes the readable rows to the engine. Collects those rows in `sent`, and the others in `malformed`. */
export async function* vouchersFrom(
  rows: AsyncIterable<Row<CodeColumn>>,
  sent: SentRow[],
  malformed: RefusedRow[],
): AsyncGenerator<VoucherImport> {
  for await (const row of rows) {
    if ("reason" in row) malformed.push({ ...row, kind: "malformed" });
    else {
      sent.push(row);
      yield voucherOf(row.cells);
    }
  }
}
