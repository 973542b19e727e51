import { createReadStream } from "node:fs";
import { displayPath } from "../paths.ts";
import { UsageError } from "../terminal.ts";

export interface TextLine {
  /** The first line is 1. */
  readonly number: number;
  readonly text: string;
}

const NEWLINE = 0x0a;
/** A longer line means that the file is not a list. */
const LINE_BYTES_MAX = 1_000_000;

/** Splits bytes, not text. In UTF-8 that is safe, and the error for an invalid byte can name its line. */
async function* readLineBytes(path: string): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  for await (const chunk of createReadStream(path)) {
    const bytes = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      yield bytes.subarray(from, end);
      from = end + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > LINE_BYTES_MAX) yield rest;
  }
  if (rest.length > 0) yield rest;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const decodeUtf8 = (bytes: Uint8Array): string | null => {
  try {
    const text = decoder.decode(bytes);
    return text.includes("\u0000") ? null : text;
  } catch {
    return null;
  }
};

/** Streams the lines of a text file, without line ends (LF or CRLF) and without the byte order mark. */
export async function* readLines(path: string): AsyncGenerator<TextLine> {
  let number = 0;
  for await (const bytes of readLineBytes(path)) {
    number += 1;
    const line = `${displayPath(path)}:${number}`;
    if (bytes.length > LINE_BYTES_MAX)
      throw new UsageError(`${line} is longer than a million bytes: this is not a CSV list`);
    const text = decodeUtf8(bytes);
    if (text === null) throw new UsageError(`${line} is not UTF-8 text: save the list as CSV (UTF-8)`);
    yield { number, text: (number === 1 ? text.replace(/^\uFEFF/, "") : text).replace(/\r$/, "") };
  }
}
