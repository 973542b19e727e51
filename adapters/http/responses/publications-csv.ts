import { stringify } from "csv-stringify/sync";
import { type Engine, metadataKey, type PublicationEntry, type PublicationQuery } from "oncecode";
import type { ExportParameters } from "../wire/exports.ts";

// Publications as CSV, with one row per code. A failed publication has one row without a code.

type Cell = string | null;
type Row = Pick<PublicationEntry, "customerId" | "trackingId" | "createdAt" | "channel" | "campaign" | "metadata"> & {
  readonly code: string | null;
};

/** A spreadsheet reads such a text as a formula, and customers can send any text. So the cell is marked as text. */
const FORMULA = /^[=+\-@\t\r]/;
const escapeFormula = (text: string | null): Cell => (text !== null && FORMULA.test(text) ? `'${text}` : text);

/** Codes are not marked: they come from the host or the engine, and other systems send them to customers. */
const CELLS: Readonly<Record<string, (row: Row) => Cell>> = {
  voucher_code: ({ code }) => code,
  customer_id: ({ customerId }) => customerId,
  customer_source_id: ({ trackingId }) => escapeFormula(trackingId),
  date: ({ createdAt }) => createdAt,
  channel: ({ channel }) => escapeFormula(channel),
  campaign: ({ campaign }) => escapeFormula(campaign),
  // The contract has it for lucky draws, which this library does not have.
  is_winner: () => null,
  metadata: ({ metadata }) => JSON.stringify(metadata),
};
export const EXPORT_FIELDS: readonly string[] = Object.keys(CELLS);

const FIELD_MAX = 255;
export const isExportField = (field: string): boolean =>
  field.length <= FIELD_MAX && (Object.hasOwn(CELLS, field) || Boolean(metadataKey(field)));

const formatCell = (value: unknown): Cell => {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? escapeFormula(value) : JSON.stringify(value);
};

const cellReader = (field: string): ((row: Row) => Cell) => {
  const key = metadataKey(field);
  if (key === null) return CELLS[field] ?? (() => null);
  return ({ metadata }) => (Object.hasOwn(metadata, key) ? formatCell(metadata[key]) : null);
};

const rowsOf = (entry: PublicationEntry): readonly Row[] =>
  entry.codes.length === 0 ? [{ ...entry, code: null }] : entry.codes.map((code) => ({ ...entry, code }));

/** The number of rows in one chunk of the stream. */
const CHUNK_ROWS = 100;

async function* csvChunks(
  engine: Engine,
  query: Pick<PublicationQuery, "filters" | "order">,
  fields: readonly string[],
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const cellReaders = fields.map(cellReader);
  let rows: Cell[][] = [[...fields]];
  for await (const entry of engine.publications.iterate(query)) {
    for (const row of rowsOf(entry)) rows.push(cellReaders.map((cell) => cell(row)));
    if (rows.length < CHUNK_ROWS) continue;
    yield encoder.encode(stringify(rows));
    rows = [];
  }
  yield encoder.encode(stringify(rows));
}

/** Reads from the store only as fast as the caller reads. If the store fails, `onError` gets the error and the stream breaks. */
export const csvStream = (
  engine: Engine,
  query: Pick<PublicationQuery, "filters" | "order">,
  { fields }: ExportParameters,
  onError: (error: unknown) => void,
): ReadableStream<Uint8Array> => {
  const chunks = csvChunks(engine, query, fields);
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { value, done } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        onError(error);
        controller.error(error);
      }
    },
    cancel: async () => {
      await chunks.return(undefined);
    },
  });
};
