import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCommand } from "../../../adapters/cli/arguments.ts";
import type { TextLine } from "../../../adapters/cli/csv/lines.ts";
import { type CsvRecord, readRecords } from "../../../adapters/cli/csv/records.ts";
import { countRows, delimiterOf, readRows } from "../../../adapters/cli/csv/table.ts";
import { refusedRows } from "../../../adapters/cli/demo/code-rows.ts";
import type { Answer } from "../../../adapters/cli/demo/concurrent-callers.ts";
import { CUSTOMER_COLUMNS, readCustomers } from "../../../adapters/cli/demo/customer-rows.ts";
import { ordersOf, repeatOrder } from "../../../adapters/cli/demo/orders.ts";
import { sampleRefusals } from "../../../adapters/cli/demo/refused-rows.ts";
import { tallyOf } from "../../../adapters/cli/demo/tally.ts";
import { barText } from "../../../adapters/cli/terminal.ts";

const ROOT = join(import.meta.dirname, "../../..");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncecode-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const writeFileInFolder = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

const toArray = async <A>(items: AsyncIterable<A>): Promise<readonly A[]> => {
  const found: A[] = [];
  for await (const item of items) found.push(item);
  return found;
};

async function* linesOfText(text: string): AsyncGenerator<TextLine> {
  for (const [i, line] of text.split("\n").entries()) yield { number: i + 1, text: line };
}
const records = (text: string, columns = 3): Promise<readonly CsvRecord[]> =>
  toArray(readRecords(linesOfText(text), ",", columns));

describe("rows", () => {
  it("are read with the line that they begin on, also behind values of several lines and blank lines", async () => {
    expect(await records('a,"one\ntwo, and ""three""\n\nfour",1\n\nb,,2\n')).toEqual([
      { line: 1, fields: ["a", 'one\ntwo, and "three"\n\nfour', "1"] },
      { line: 6, fields: ["b", "", "2"] },
    ]);
  });

  it("are refused one by one, and the next one is read", async () => {
    expect(await records('a,1\nb,1,2\nc,1,2,3\nd"x,1,2\ne,1,2')).toEqual([
      { line: 1, reason: "2 of 3 columns" },
      { line: 2, fields: ["b", "1", "2"] },
      { line: 3, reason: "4 of 3 columns" },
      { line: 4, reason: "a quote in the middle of a value" },
      { line: 5, fields: ["e", "1", "2"] },
    ]);
  });

  it("are not swallowed by a quote that is never closed", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `code${i},1,2`);
    const read = await records(['a,"open,2', ...rows].join("\n"));
    expect(read).toHaveLength(61);
    expect(read[0]).toEqual({ line: 1, reason: "a quote is opened and never closed" });
    expect(read.filter((row) => "fields" in row)).toHaveLength(60);
  });

  it("are not swallowed by a quote that a later row closes by chance", async () => {
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

describe("a list", () => {
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
    const path = await writeFileInFolder("windows.csv", '\uFEFFBatch;NOTE;"Code"\r\n1;"zwei\r\nZeilen";A\r\n2;;B\r\n');
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
    ["binary", new Uint8Array(3_000_000).fill(7), ":1 is not UTF-8 text: save the list as CSV (UTF-8)"],
  ])("that is %s is refused in one line", async (name, content, message) => {
    const path = await writeFileInFolder(`${name}.csv`, content);
    await expect(countRows(path, COLUMNS)).rejects.toThrow(
      `${name}.csv${message.startsWith(":") ? "" : " "}${message}`,
    );
  });

  it("of 30,000 rows is read in pieces, each row once", async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => (i % 100 === 0 ? `C${i},"a\nb ✓"` : `C${i},✓`));
    const read = await toArray(readRows(await writeFileInFolder("long.csv", `code,note\n${rows.join("\n")}`), COLUMNS));
    expect(read.map((row) => ("cells" in row ? row.cells.code : null))).toEqual(rows.map((row) => row.split(",")[0]));
    expect(read.at(-1)?.line).toBe(30_301);
  });
});

describe("what is refused", () => {
  it("of the codes is said in words about the file", () => {
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
      { line: 7, kind: "known", reason: "D is in the database already" },
    ]);
  });

  it("of the customers is said, too", async () => {
    const path = await writeFileInFolder(
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

  it("is shown up to a number of each kind, with the number of the others", () => {
    const rows = Array.from({ length: 9 }, (_, i) => ({
      line: i + 2,
      kind: i < 3 ? ("malformed" as const) : ("known" as const),
      reason: "",
    }));
    const { rows: shown, more } = sampleRefusals(rows, { malformed: 8, known: 4 });
    expect(shown.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(more).toEqual({ malformed: 0, known: 2 });
  });
});

describe("orders", () => {
  const buyer = (id: string, tier = "", name = "") => ({ source_id: id, name, email: "", city: "", tier, channel: "" });
  const offer = { merchantCampaign: "own", extendingCampaign: "more", contestedCode: "WISH", runId: "now" };

  it("leave out of the profile what the list does not say, so that nothing on record is cleared", () => {
    const [order] = ordersOf([buyer("c1")], offer);
    expect(order?.request.customer).toEqual({ sourceId: "c1" });
  });

  it("ask for the coveted code first, then the merchant's, then the others", () => {
    const orders = ordersOf(
      ["c1", "c2", "c3", "c4", "c5"].map((id) => buyer(id)),
      offer,
    );
    expect(orders[0]?.sources).toEqual([{ voucher: "WISH" }, { campaign: "own" }, { campaign: "more" }]);
    expect(orders[4]?.sources).toEqual([{ campaign: "own" }, { campaign: "more" }]);
  });

  it("are repeated as they were, but by customers who may join once under a new id", () => {
    const [plain, gold] = ordersOf([buyer("c1"), buyer("c2", "gold")], offer);
    expect(repeatOrder(plain!, { campaign: "own" }).request).toEqual(plain!.request);
    expect(repeatOrder(gold!, { campaign: "own" }).request).toEqual({
      ...gold!.request,
      sourceId: "demo-order-c2-again",
    });
  });

  it("are tallied: a publication that was answered twice was published once", () => {
    const [order, gold] = ordersOf([buyer("c1"), buyer("c2", "gold")], offer);
    const source = { campaign: "own" };
    const given = (id: string, of: typeof order, sourceId: string, run = "now"): Answer => ({
      ...{ type: "given", order: of!, source, id, codes: [id], customerId: id, sourceId, campaign: "own", runId: run },
    });
    const answers: readonly Answer[] = [
      given("p1", order, "demo-order-c1"),
      given("p1", repeatOrder(order!, source), "demo-order-c1"),
      given("p2", gold, "demo-order-c2"),
      given("p2", repeatOrder(gold!, source), "demo-order-c2"),
      given("p3", order, "demo-order-c1", "earlier"),
      { type: "refused", order: order!, source, code: "voucher_already_published", message: "" },
    ];
    const { published, acknowledged, refused, ...counts } = tallyOf(answers, "now");
    expect(counts).toEqual({
      runId: "now",
      requests: 6,
      repeats: 2,
      customersServed: 3,
      replayed: { bySourceId: 2, byJoinOnce: 1 },
    });
    expect(published.map(({ id }) => id)).toEqual(["p1", "p2"]);
    expect(acknowledged.map(({ id }) => id)).toEqual(["p1", "p2", "p3"]);
    expect(refused).toEqual([{ code: "voucher_already_published", message: "", count: 1 }]);
  });
});

describe("the command line", () => {
  it.each([
    [[], { type: "help" }],
    [["demo", "--help"], { type: "help" }],
    [["-v"], { type: "version" }],
    [["demo"], { type: "demo", options: { callers: 64 } }],
    [["demo", "--callers", "8", "--codes=a.csv"], { type: "demo", options: { callers: 8, codes: "a.csv" } }],
  ])("%j is understood", (args, command) => {
    expect(parseCommand(args)).toMatchObject(command);
  });

  it.each([
    [["dmeo"], 'unknown command "dmeo": there is demo, migrate, serve'],
    [["--callers", "3"], "no command: there is demo"],
    [["demo", "twice"], 'demo takes no "twice": see oncecode --help'],
    [["demo", "--code", "a.csv"], "Unknown option '--code': see oncecode --help"],
    [["demo", "--codes"], "Option '--codes <value>' argument missing: see oncecode --help"],
    [["demo", "--codes", ""], "--codes needs a value: see oncecode --help"],
    [["demo", "--callers", "0"], '--callers must be a whole number from 1 to 10000, not "0"'],
    [["demo", "--callers", "many"], '--callers must be a whole number from 1 to 10000, not "many"'],
  ])("%j is refused in one line", (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });

  it("shows how far it is", () => {
    expect(barText("publishing", 500, 1_000)).toBe(`publishing ${"█".repeat(15)}${"░".repeat(15)}  50 %  500 of 1,000`);
    expect(barText("publishing", 0, 0)).toContain("100 %");
  });
});

interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process of its own. */
const runOncecode = (args: readonly string[], interruptAt?: RegExp): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--conditions=dev-source", "adapters/cli/main.ts", ...args], { cwd: ROOT });
    const output = { stdout: "", stderr: "" };
    let interrupted = false;
    const onOutput = (stream: "stdout" | "stderr") => (text: string) => {
      output[stream] += text;
      if (interrupted || interruptAt?.test(output.stderr) !== true) return;
      interrupted = child.kill("SIGINT");
    };
    child.stdout.setEncoding("utf8").on("data", onOutput("stdout"));
    child.stderr.setEncoding("utf8").on("data", onOutput("stderr"));
    child.on("error", reject).on("close", (exitCode) => resolve({ exitCode, ...output }));
  });

/** The numbers in what was printed, by a pattern with one group for each. */
const numbers = (text: string, pattern: RegExp): readonly number[] => {
  const found = pattern.exec(text);
  expect(found, `${pattern} in:\n${text}`).not.toBeNull();
  return (found ?? []).slice(1).map((digits) => Number(digits.replaceAll(",", "")));
};
const sum = (parts: readonly number[]): number => parts.reduce((a, b) => a + b, 0);

/** What the report says, added up where it must add up. */
const checkReport = ({ stdout }: CommandResult) => {
  for (const list of ["codes", "customers"]) {
    const [rows, ...parts] = numbers(
      stdout,
      new RegExp(`${list} +([\\d,]+) rows? read = ([\\d,]+) .* \\+ ([\\d,]+) refused`),
    );
    expect(sum(parts)).toBe(rows);
  }
  const [requests, customers] = numbers(stdout, /Asked +([\d,]+) requests? for ([\d,]+) customer/);
  const [published] = numbers(stdout, /Published +([\d,]+)/);
  const [own, extending] = numbers(stdout, /([\d,]+) of the merchant's codes, ([\d,]+) of/);
  const [replayed] = numbers(stdout, /Replayed +([\d,]+)/);
  const [refused] = numbers(stdout, /Refused +([\d,]+)/);
  const [served] = numbers(stdout, /Served +([\d,]+)/);
  const reasons = [...stdout.matchAll(/^ +([\d,]+) {2}\w+: /gm)].map(([, digits = ""]) =>
    Number(digits.replace(",", "")),
  );
  expect(sum([published!, replayed!, refused!])).toBe(requests);
  expect(sum([own!, extending!])).toBe(published);
  expect(sum(reasons)).toBe(refused);
  expect(stdout.match(/✓/g)).toHaveLength(4);
  expect(stdout).not.toContain("✗");
  expect(stdout).toContain(", each publication once");
  return { customers, published, own, extending, replayed, refused, served };
};

const countPublished = (filename: string): unknown => {
  const database = new DatabaseSync(filename, { readOnly: true });
  const found = database.prepare("SELECT count(*) AS n FROM oncecode_publications WHERE result = 'SUCCESS'").get();
  database.close();
  return found?.n;
};

describe("oncecode demo", () => {
  it("serves everybody of the shipped lists, and goes on where it was on the database that it leaves", async () => {
    const first = await runOncecode(["demo"]);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(checkReport(first)).toMatchObject({ customers: 994, served: 994, published: 994, own: 587, extending: 407 });
    expect(first.stdout).toMatch(/voucher_already_published/);
    expect(first.stdout).not.toContain("before");

    const filename = /\S+codes\.db/.exec(first.stdout)?.[0] ?? "";
    const second = await runOncecode(["demo", "--database", filename, "--callers", "200"]);
    expect(second).toMatchObject({ exitCode: 0 });
    expect(checkReport(second)).toMatchObject({ customers: 994, served: 994, published: 0 });
    expect(second.stdout).toContain("has run on this database before");
    expect(second.stdout).toContain("… and 588 codes more that the database has already");
    expect(countPublished(filename)).toBe(994);
    await rm(dirname(filename), { recursive: true });
  });

  it("gives the rows that it refuses by file, line and reason", async () => {
    const codes = await writeFileInFolder(
      "own-codes.csv",
      [
        "\uFEFFNote;CODE;Expires",
        "ok;ONE;2039-12-31",
        '"two lines,\r\nof a note";TWO;',
        ";;2039-12-31",
        "same;ONE;",
        "no such day;THREE;2039-02-30",
        "short",
        'stray;FO"UR;',
        "",
        '"never closed;FIVE;',
        "ok;SIX;",
      ].join("\r\n"),
    );
    const customers = await writeFileInFolder(
      "own-customers.csv",
      'source_id,email\n"c\n1",a@example.test\nc2,nobody\n,\nc3,\nc3,\nc4,\n',
    );
    const ended = await runOncecode([
      "demo",
      "--codes",
      codes,
      "--customers",
      customers,
      "--database",
      join(folder, "own.db"),
    ]);
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(checkReport(ended)).toMatchObject({ customers: 3, served: 3, own: 3 });
    const refusals = [...ended.stdout.matchAll(/^ +(\S+\.csv:\d+ .*)$/gm)].map(([, text]) => text);
    expect(refusals).toEqual([
      `${codes}:5  no code`,
      `${codes}:6  ONE is on line 2, too`,
      `${codes}:7  "2039-02-30" is no date: write it as 2039-12-31`,
      `${codes}:8  1 of 3 columns`,
      `${codes}:9  a quote in the middle of a value`,
      `${codes}:11  a quote is opened and never closed`,
      `${customers}:4  "nobody" is no e-mail address`,
      `${customers}:5  no source_id`,
      `${customers}:7  c3 is on line 6, too`,
    ]);
  });

  it("leaves alone what is yours in a database of yours", async () => {
    const filename = join(folder, "yours.db");
    const yours = new DatabaseSync(filename);
    yours.exec("CREATE TABLE mine (text TEXT); INSERT INTO mine VALUES ('kept')");
    const args = [
      "--codes",
      await writeFileInFolder("one.csv", "code\nA\n"),
      "--customers",
      await writeFileInFolder("two.csv", "source_id\nc1\nc2\n"),
    ];
    const run = () => runOncecode(["demo", "--database", filename, ...args]);
    const ended = await run();
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(checkReport(ended)).toMatchObject({ own: 1, extending: 1 });
    expect(yours.prepare("SELECT text FROM mine").all()).toEqual([{ text: "kept" }]);

    yours.exec("UPDATE oncecode_campaigns SET metadata = '{}' WHERE name = 'demo-merchant-codes'");
    const message =
      'the database has a campaign "demo-merchant-codes" that is not the demo\'s: give another --database';
    expect(await run()).toEqual({ exitCode: 2, stdout: "", stderr: `oncecode: ${message}\n` });
    yours.close();
    expect(countPublished(filename)).toBe(2);
  });

  it("exits with 1 and says what it found if the file is not as it should be", async () => {
    const filename = join(folder, "tampered.db");
    const args = [
      "--codes",
      await writeFileInFolder("ab.csv", "code\nA\nB\n"),
      "--customers",
      await writeFileInFolder("cd.csv", "source_id\nc\nd\n"),
    ];
    const run = () => runOncecode(["demo", "--database", filename, ...args]);
    await run();
    const tampering = new DatabaseSync(filename);
    tampering.exec(`UPDATE oncecode_publications SET codes = '["A"]' WHERE result = 'SUCCESS'`);
    tampering.close();
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(1);
    expect(stdout).toContain("published more than once: A");
    expect(stdout).toContain("these do not: B");
  });

  it("stops at Ctrl-C, keeps what was published, and goes on when called again", async () => {
    const rows = Array.from({ length: 1_200 }, (_, i) => `c${i}`);
    const customers = await writeFileInFolder("many.csv", ["source_id", ...rows].join("\n"));
    const args = ["demo", "--customers", customers, "--database", join(folder, "stopped.db")];
    const { exitCode, stderr } = await runOncecode(args, /publishing: /);
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/oncecode: stopped; what was published until then is in .*stopped\.db\n$/);
    const again = await runOncecode(args);
    expect(again.exitCode).toBe(0);
    expect(checkReport(again)).toMatchObject({ customers: 1_200, served: 1_200 });
    expect(checkReport(again).published).toBeLessThan(1_200);
  });
});

describe("oncecode", () => {
  it("helps, and says its version", async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
    const [bare, help, number] = await Promise.all([
      runOncecode([]),
      runOncecode(["--help"]),
      runOncecode(["--version"]),
    ]);
    expect(bare).toEqual(help);
    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    expect(help.stdout).toContain("oncecode demo [options]");
    expect(number).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("says in one line what it cannot use, exits with 2, and writes nothing", async () => {
    const text = await writeFileInFolder("notes.txt", "not a database, but somebody's notes\n");
    const nowhere = join(folder, "new.db");
    const expected = new Map([
      ["dmeo", 'unknown command "dmeo": there is demo, migrate, serve'],
      ["demo --codes absent.csv", "absent.csv is not there: check the path"],
      ["demo --customers adapters", "adapters is a directory: give a CSV file"],
      [`demo --database ${text}`, `${text} is no SQLite database: give the path of one, or of a new file`],
      ["demo --database nowhere/a.db", "nowhere/a.db has no folder to be in: make it, or give another path"],
    ]);
    const given = [...expected.keys()];
    const ended = await Promise.all(
      given.map((args) =>
        runOncecode([...args.split(" "), ...(args.includes("--database") ? [] : ["--database", nowhere])]),
      ),
    );
    expect(ended).toEqual(
      [...expected.values()].map((message) => ({ exitCode: 2, stdout: "", stderr: `oncecode: ${message}\n` })),
    );
    await expect(stat(nowhere)).rejects.toThrow("ENOENT");
    expect(await readFile(text, "utf8")).toBe("not a database, but somebody's notes\n");
  });
});
