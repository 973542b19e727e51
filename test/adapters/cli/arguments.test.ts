import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCommand } from "../../../adapters/cli/arguments.ts";
import { barText } from "../../../adapters/cli/terminal.ts";
import { newPath, ROOT, runOncecode, writeNewFile } from "./command-process.ts";

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
    [["dmeo"], 'unknown command "dmeo": use demo, migrate, serve'],
    [["--callers", "3"], "no command: use demo"],
    [["demo", "twice"], 'demo takes no "twice": see oncecode --help'],
    [["demo", "--code", "a.csv"], "Unknown option '--code': see oncecode --help"],
    [["demo", "--codes"], "Option '--codes <value>' argument missing: see oncecode --help"],
    [["demo", "--codes", ""], "--codes needs a value: see oncecode --help"],
    [["demo", "--callers", "0"], '--callers must be a whole number from 1 to 10000, not "0"'],
    [["demo", "--callers", "many"], '--callers must be a whole number from 1 to 10000, not "many"'],
  ])("%j is refused in one line", (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });

  it("shows a progress bar", () => {
    expect(barText("publishing", 500, 1_000)).toBe(`publishing ${"█".repeat(15)}${"░".repeat(15)}  50 %  500 of 1,000`);
    expect(barText("publishing", 0, 0)).toContain("100 %");
  });
});

describe("oncecode", () => {
  it("shows the help and the version", async () => {
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

  it("reports an unusable argument in one line, exits with 2 and writes nothing", async () => {
    const text = await writeNewFile("notes.txt", "not a database, but somebody's notes\n");
    const nowhere = await newPath("new.db");
    const expected = new Map([
      ["dmeo", 'unknown command "dmeo": use demo, migrate, serve'],
      ["demo --codes absent.csv", "absent.csv is not there: check the path"],
      ["demo --customers adapters", "adapters is a directory: give a CSV file"],
      [`demo --database ${text}`, `${text} is no SQLite database: give the path of one, or of a new file`],
      ["demo --database nowhere/a.db", "nowhere/a.db has no folder to be in: make it, or give another path"],
    ]);
    const commands = [...expected.keys()];
    const results = await Promise.all(
      commands.map((args) =>
        runOncecode([...args.split(" "), ...(args.includes("--database") ? [] : ["--database", nowhere])]),
      ),
    );
    expect(results).toEqual(
      [...expected.values()].map((message) => ({ exitCode: 2, stdout: "", stderr: `oncecode: ${message}\n` })),
    );
    await expect(stat(nowhere)).rejects.toThrow("ENOENT");
    expect(await readFile(text, "utf8")).toBe("not a database, but somebody's notes\n");
  });
});
