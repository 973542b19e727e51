import type { Engine, ImportReport } from "oncecode";
import { readRows } from "../csv/table.ts";
import { displayPath } from "../paths.ts";
import type { ProgressBar } from "../terminal.ts";
import { CODE_COLUMNS, refusedRows, type SentRow, vouchersFrom } from "./code-rows.ts";
import type { ListReadResult, RefusedRow } from "./refused-rows.ts";

export interface ImportOptions {
  readonly signal: AbortSignal;
  readonly bar: ProgressBar;
}

/** Streams a list of codes into a campaign. It reads the file only as fast as the store imports. */
export const importCodes = async (
  engine: Engine,
  campaign: string,
  path: string,
  { signal, bar }: ImportOptions,
): Promise<ListReadResult> => {
  const sent: SentRow[] = [];
  const malformed: RefusedRow[] = [];
  const { imported, refused }: ImportReport = await engine.campaigns.importVouchers(
    campaign,
    vouchersFrom(readRows(path, CODE_COLUMNS), sent, malformed),
    { signal, onProgress: ({ done }) => bar.update(done + malformed.length) },
  );
  bar.end();
  return {
    path: displayPath(path),
    rows: sent.length + malformed.length,
    used: imported,
    refused: [...malformed, ...refusedRows(sent, refused)].toSorted((a, b) => a.line - b.line),
  };
};
