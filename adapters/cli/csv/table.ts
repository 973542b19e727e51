import { access, constants, stat } from "node:fs/promises";
import { displayPath } from "../paths.ts";
import { UsageError } from "../terminal.ts";
import { readLines, type TextLine } from "./lines.ts";
import { readRecords } from "./records.ts";

/** The columns to read, by name. Case, spaces and underscores in the header do not matter. Other columns are ignored. */
export interface Columns<C extends string> {
  readonly required: readonly C[];
  readonly optional: readonly C[];
}

/** `cells` has a text for each column, which is empty if the file does not have the column. */
export type Row<C extends string> =
  | { readonly line: number; readonly cells: Readonly<Record<C, string>> }
  | { readonly line: number; readonly reason: string };

interface Header {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const normalizeName = (name: string): string => name.toLowerCase().replace(/[\s_"-]/g, "");

const removeQuoted = (header: string): string => header.replace(/"[^"]*"/g, "");
/** In countries with a decimal comma, spreadsheets write semicolons. */
export const delimiterOf = (header: string): "," | ";" =>
  removeQuoted(header).split(";").length > removeQuoted(header).split(",").length ? ";" : ",";

const headerOf = (text: string): Header => {
  const delimiter = delimiterOf(text);
  return { delimiter, names: text.split(delimiter).map(normalizeName) };
};

const checkHeader = <C extends string>(path: string, header: string, { required, optional }: Columns<C>): Header => {
  const { delimiter, names } = headerOf(header);
  const where = displayPath(path);
  for (const name of required) {
    if (!names.includes(normalizeName(name)))
      throw new UsageError(`${where} has no column "${name}": its first line must name the columns`);
  }
  for (const name of [...required, ...optional]) {
    if (names.indexOf(normalizeName(name)) !== names.lastIndexOf(normalizeName(name)))
      throw new UsageError(`${where} has two columns "${name}": rename one`);
  }
  return { delimiter, names };
};

const firstLine = async (path: string, lines: AsyncIterator<TextLine>): Promise<string> => {
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    if (next.value.text.trim() !== "") return next.value.text;
  }
  throw new UsageError(`${displayPath(path)} is empty: give a CSV file with a header`);
};

async function* remainingLines(lines: AsyncIterator<TextLine>): AsyncGenerator<TextLine> {
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) yield next.value;
}

/** Streams the rows of a CSV file. A malformed row does not stop the others. */
export async function* readRows<C extends string>(path: string, columns: Columns<C>): AsyncGenerator<Row<C>> {
  const lines = readLines(path);
  try {
    const { delimiter, names } = checkHeader(path, await firstLine(path, lines), columns);
    const positions = [...columns.required, ...columns.optional].map((name) => ({
      name,
      index: names.indexOf(normalizeName(name)),
    }));
    for await (const record of readRecords(remainingLines(lines), delimiter, names.length)) {
      if ("reason" in record) yield record;
      else {
        const cells = Object.fromEntries(positions.map(({ name, index }) => [name, record.fields[index] ?? ""]));
        yield { line: record.line, cells: cells as Record<C, string> };
      }
    }
  } finally {
    await lines.return(undefined);
  }
}

const checkFile = async (path: string): Promise<void> => {
  const where = displayPath(path);
  const fileStats = await stat(path).catch(() => null);
  if (fileStats === null) throw new UsageError(`${where} is not there: check the path`);
  if (fileStats.isDirectory()) throw new UsageError(`${where} is a directory: give a CSV file`);
  // The file is read twice: once to check it, and once to import it.
  if (!fileStats.isFile()) throw new UsageError(`${where} cannot be read twice: save it as a file`);
  await access(path, constants.R_OK).catch(() => {
    throw new UsageError(`${where} must not be read by you: check its permissions`);
  });
};

/** Reads a file to its end. So an unusable file is refused before anything is written. */
export const countRows = async <C extends string>(path: string, columns: Columns<C>): Promise<number> => {
  await checkFile(path);
  let rows = 0;
  for await (const _ of readRows(path, columns)) rows += 1;
  if (rows === 0) throw new UsageError(`${displayPath(path)} has no row below its header: give a list`);
  return rows;
};
