import type { Engine, ImportReport } from "oncecode";
import { CODE_COLUMNS, refusedRows, type SentRow, vouchersFrom } from "./code-rows.ts";
import type { ReadList, RefusedRow } from "./refusals.ts";
import { shownPath } from "./shown-path.ts";
import { rowsOf } from "./table.ts";
import type { Bar } from "./terminal.ts";

export interface Importing {
  readonly signal: AbortSignal;
  readonly bar: Bar;
}

/** Streams a list of codes into a campaign: the file is read as fast as the store takes it. */
export const importCodes = async (
  engine: Engine,
  campaign: string,
  path: string,
  { signal, bar }: Importing,
): Promise<ReadList> => {
  const sent: SentRow[] = [];
  const malformed: RefusedRow[] = [];
  const { imported, refused }: ImportReport = await engine.campaigns.importVouchers(
    campaign,
    vouchersFrom(rowsOf(path, CODE_COLUMNS), sent, malformed),
    { signal, onProgress: ({ done }) => bar.update(done + malformed.length) },
  );
  bar.end();
  return {
    path: shownPath(path),
    rows: sent.length + malformed.length,
    used: imported,
    refused: [...malformed, ...refusedRows(sent, refused)].toSorted((a, b) => a.line - b.line),
  };
};
