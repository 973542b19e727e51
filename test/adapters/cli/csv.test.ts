import { describe, expect, it } from "vitest";
import type { TextLine } from "../../../adapters/cli/csv/lines.ts";
import { type CsvRecord, readRecords } from "../../../adapters/cli/csv/records.ts";
import { countRows, delimiterOf, readRows } from "../../../adapters/cli/csv/table.ts";
import { toArray } from "../../support/fixture.ts";
import { writeNewFile } from "./command-process.ts";

async function* linesOfText(text: string): AsyncGenerator<TextLine> {
  for (const [i, line] of text.split("\n").entries()) yield { number: i + 1, text: line };
}
const records = (text: string, columns = 3): Promise<readonly CsvRecord[]> =>
  toArray(readRecords(linesOfText(text), ",", columns));

describe("rows", () => {
  it("are read with the number of their first line, even after multi-line values and blank lines", async () => {
    expect(await records('a,"one\ntwo, and ""three""\n\nfour",1\n\nb,,2\n')).toEqual([
      { line: 1, fields: ["a", 'one\ntwo, and "three"\n\nfour', "1"] },
      { line: 6, fields: ["b", "", "2"] },
    ]);
  });

  it("are refused one by one, and the next row is still read", async () => {
    expect(await records('a,1\nb,1,2\nc,1,2,3\nd"x,1,2\ne,1,2')).toEqual([
      { line: 1, reason: "2 of 3 columns" },
      { line: 2, fields: ["b", "1", "2"] },
      { line: 3, reason: "4 of 3 columns" },
      { line: 4, reason: "a quote in the middle of a value" },
      { line: 5, fields: ["e", "1", "2"] },
    ]);
  });

  it("are not lost after a quote that is never closed", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `code${i},1,2`);
    const read = await records(['a,"open,2', ...rows].join("\n"));
    expect(read).toHaveLength(61);
    expect(read[0]).toEqual({ line: 1, reason: "a quote is opened and never closed" });
    expect(read.filter((row) => "fields" in row)).toHaveLength(60);
  });

  it("are not lost after a quote that a later row closes by chance", async () => {
    expect(await records('a,"open,2\nb,1,"quoted, too"\nc,1,2')).toEqual([
      { line: 1, reason: "a quote is opened and never closed" },
      { line: 2, fields: ["b", "1", "quoted, too"] },
      { line: 3, fields: ["c", "1", "2"] },
    ]);
    const [first, ...others] = await records('a,"open,2\nb,1,"\nc,1,2');
    expect(first).toEqual({ line: 1, reason: "2 of 3 columns, on 2 lines: is a quote missing?" });
    expect(others.map(({ line }) => line)).toEqual([2, 3]);
  });
});

describe("a CSV file", () => {
  const COLUMNS = { required: ["code"], optional: ["note"] } as const;

  it.each([
    ["code,note", ","],
    ["code;note", ";"],
    ['"code, or so";note;more', ";"],
    ["code", ","],
  ])("with the header %s is split at %s", (header, delimiter) => {
    expect(delimiterOf(header)).toBe(delimiter);
  });

  it("is read with semicolons, a byte order mark, Windows line ends, other columns, and names in any case", async () => {
    const path = await writeNewFile("windows.csv", '\uFEFFBatch;NOTE;"Code"\r\n1;"zwei\r\nZeilen";A\r\n2;;B\r\n');
    expect(await toArray(readRows(path, COLUMNS))).toEqual([
      { line: 2, cells: { code: "A", note: "zwei\nZeilen" } },
      { line: 4, cells: { code: "B", note: "" } },
    ]);
  });

  it.each<readonly [string, string | Uint8Array, string]>([
    ["empty", "", "is empty: give a CSV file with a header"],
    ["blank", "\n \n", "is empty: give a CSV file with a header"],
    ["header", "code,note\n", "has no row below its header: give a list"],
    ["headless", "A,1\nB,2\n", 'has no column "code": its first line must name the columns'],
    ["twofold", "code,Code\nA,B\n", 'has two columns "code": rename one'],
    ["latin1", Buffer.from("code\nA\ngr\xfcn\n", "latin1"), ":3 is not UTF-8 text: save the list as CSV (UTF-8)"],
    ["zeros", "code\nA\u0000B\n", ":2 is not UTF-8 text: save the list as CSV (UTF-8)"],
    ["binary", new Uint8Array(3_000_000).fill(7), ":1 is longer than a million bytes: this is not a CSV list"],
    ["with a NUL character", "code\nA\u0000B\n", ":2 is not UTF-8 text: save the list as CSV (UTF-8)"],
  ])("that is %s is refused in one line", async (name, content, message) => {
    const path = await writeNewFile(`${name}.csv`, content);
    await expect(countRows(path, COLUMNS)).rejects.toThrow(
      `${name}.csv${message.startsWith(":") ? "" : " "}${message}`,
    );
  });

  it("of 30,000 rows is read in chunks, each row once", async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => (i % 100 === 0 ? `C${i},"a\nb ✓"` : `C${i},✓`));
    const read = await toArray(readRows(await writeNewFile("long.csv", `code,note\n${rows.join("\n")}`), COLUMNS));
    expect(read.map((row) => ("cells" in row ? row.cells.code : null))).toEqual(rows.map((row) => row.split(",")[0]));
    expect(read.at(-1)?.line).toBe(30_301);
  });
});
