import { describe, expect, it } from "vitest";
import { readRows } from "../../../adapters/cli/csv/table.ts";
import { refusedRows } from "../../../adapters/cli/demo/code-rows.ts";
import { CUSTOMER_COLUMNS, readCustomers } from "../../../adapters/cli/demo/customer-rows.ts";
import { sampleRefusals } from "../../../adapters/cli/demo/refused-rows.ts";
import { writeNewFile } from "./command-process.ts";

describe("the list of refused rows", () => {
  it("explains refused codes in terms of the file", () => {
    const cells = (code: string, expires = ""): { code: string; expires: string; note: string } => ({
      code,
      expires,
      note: "",
    });
    const sent = [cells("A"), cells("A"), cells("B "), cells(""), cells("C", "31.12.2039"), cells("D")].map(
      (row, i) => ({
        line: i + 2,
        cells: row,
      }),
    );
    const input = (path: string) => ({ code: "invalid_payload", message: "", path, expected: "" }) as const;
    const taken = { code: "duplicate_found", message: "", resource: "voucher", path: "code", id: "" } as const;
    const errors = [null, taken, input("code"), input("code"), input("expirationDate"), taken];
    const refused = errors.flatMap((error, index) => (error === null ? [] : [{ index, error }]));
    expect(refusedRows(sent, refused)).toEqual([
      { line: 3, kind: "malformed", reason: "A is on line 2, too" },
      { line: 4, kind: "malformed", reason: '"B " has space at its end' },
      { line: 5, kind: "malformed", reason: "no code" },
      { line: 6, kind: "malformed", reason: '"31.12.2039" is no date: write it as 2039-12-31' },
      { line: 7, kind: "existing", reason: "D is in the database already" },
    ]);
  });

  it("explains refused customers", async () => {
    const path = await writeNewFile(
      "customers.csv",
      "source_id,email\nc1,ann@example.test\n,bo@example.test\nc2,bo at example.test\nc1,cy@example.test\nc3\nc4,\n",
    );
    const { customerRows, refused } = await readCustomers(readRows(path, CUSTOMER_COLUMNS));
    expect(customerRows.map((buyer) => buyer.source_id)).toEqual(["c1", "c4"]);
    expect(refused.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      "3 no source_id",
      '4 "bo at example.test" is no e-mail address',
      "5 c1 is on line 2, too",
      "6 1 of 2 columns",
    ]);
  });

  it("shows some rows of each kind and the number of the others", () => {
    const rows = Array.from({ length: 9 }, (_, i) => ({
      line: i + 2,
      kind: i < 3 ? ("malformed" as const) : ("existing" as const),
      reason: "",
    }));
    const { rows: shown, more } = sampleRefusals(rows, { malformed: 8, existing: 4 });
    expect(shown.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(more).toEqual({ malformed: 0, existing: 2 });
  });
});
