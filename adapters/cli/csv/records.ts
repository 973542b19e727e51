import { parse } from "csv-parse/sync";
import type { TextLine } from "./lines.ts";

/** A row of a CSV file, with its first line. A row that cannot be read has a reason instead of fields. */
export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly reason: string };

/** No real value has so many lines. A quote that is open for longer was opened by mistake. */
const RECORD_LINES_MAX = 20;

/** Whether the text ends inside a quoted value. */
const endsInQuotes = (text: string, delimiter: string): boolean => {
  const quoted = /"[^"]*(?:""[^"]*)*"(?!")/y;
  for (let at = 0; ; ) {
    if (text[at] === '"') {
      quoted.lastIndex = at;
      if (!quoted.test(text)) return true;
      at = quoted.lastIndex;
    }
    const next = text.indexOf(delimiter, at);
    if (next < 0) return false;
    at = next + delimiter.length;
  }
};

const NEVER_CLOSED = "a quote is opened and never closed";

/** Null if a quote is in the wrong position. */
const parseFields = (text: string, delimiter: string): readonly string[] | null => {
  try {
    const [fields = []]: string[][] = parse(text, { delimiter, record_delimiter: "\n", relax_column_count: true });
    return fields;
  } catch {
    return null;
  }
};

interface ParsedRecord {
  /** Null for a blank line. */
  readonly record: CsvRecord | null;
  readonly lines: number;
}

/** Takes the first row from the lines. Null if it needs more lines. A malformed row costs only its first line. */
const takeRecord = (
  lines: readonly TextLine[],
  isAtEnd: boolean,
  delimiter: string,
  columns: number,
): ParsedRecord | null => {
  const [first] = lines;
  if (first === undefined) return null;
  if (first.text === "") return { record: null, lines: 1 };
  const refuse = (reason: string): ParsedRecord => ({ record: { line: first.number, reason }, lines: 1 });

  let text = first.text;
  let lineCount = 1;
  while (endsInQuotes(text, delimiter)) {
    const next = lines[lineCount];
    if (lineCount === RECORD_LINES_MAX || (next === undefined && isAtEnd)) return refuse(NEVER_CLOSED);
    if (next === undefined) return null;
    text += `\n${next.text}`;
    lineCount += 1;
  }
  const fields = parseFields(text, delimiter);
  if (fields === null) return refuse(lineCount === 1 ? "a quote in the middle of a value" : NEVER_CLOSED);
  if (fields.length === columns) return { record: { line: first.number, fields }, lines: lineCount };
  return refuse(
    `${fields.length} of ${columns} columns${lineCount === 1 ? "" : `, on ${lineCount} lines: is a quote missing?`}`,
  );
};

/**
 * Reads rows from lines. csv-parse reads each row. This function decides which lines are one row: with csv-parse alone, a
 * quote that is never closed would swallow all rows up to the next quote.
 */
export async function* readRecords(
  lines: AsyncIterable<TextLine>,
  delimiter: string,
  columns: number,
): AsyncGenerator<CsvRecord> {
  let pendingLines: readonly TextLine[] = [];
  const completeRecords = function* (isAtEnd: boolean): Generator<CsvRecord> {
    for (
      let taken = takeRecord(pendingLines, isAtEnd, delimiter, columns);
      taken !== null;
      taken = takeRecord(pendingLines, isAtEnd, delimiter, columns)
    ) {
      pendingLines = pendingLines.slice(taken.lines);
      if (taken.record !== null) yield taken.record;
    }
  };
  for await (const line of lines) {
    pendingLines = [...pendingLines, line];
    yield* completeRecords(false);
  }
  yield* completeRecords(true);
}
