import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { blocksOf, GUIDES, ROOT } from "./guides.ts";

const run = promisify(execFile);

/** The commands of a guide, one per line, without comments and with continued lines joined. */
const commandsOf = (guide: string): readonly string[] =>
  blocksOf(guide, "commands").flatMap((block) =>
    block
      .replaceAll("\\\n", "")
      .split("\n")
      .map((line) => line.replace(/\s+# .*$/, "").trim())
      .filter((line) => line !== ""),
  );
const COMMANDS: ReadonlyArray<readonly [guide: string, command: string]> = GUIDES.flatMap((guide) =>
  commandsOf(guide).map((command) => [guide, command] as const),
);

/** Runs a program of the package as `npx` does, on this Node and these sources. */
const runSource = (program: string, ...args: readonly string[]) =>
  run(process.execPath, ["--conditions=dev-source", join(ROOT, program), ...args], { cwd: ROOT });

const CI = readFileSync(join(ROOT, ".ci/run"), "utf8");
const isRunInCi = (command: string): boolean => command.split(" && ").every((part) => CI.includes(part));
/** `npm install oncecode` installs the package of the registry. `check:package` installs the packed one. */
const isInstallation = (command: string): boolean => command.startsWith("npm install oncecode");
/** ./http-guide.test.ts and ./examples-guide.test.ts run these requests. */
const isRequest = (command: string): boolean => command.startsWith("curl ") || command.includes("oncecode serve");

const MIGRATE = "npx oncecode migrate --url postgres://owner@host/shop --schema promotions";
const DEMO = "npx oncecode demo";
const isBenchmark = (command: string): boolean => command.startsWith("npm run bench");
const isTestRun = (command: string): boolean => command.startsWith("npx vitest run ");

describe("the commands of the guides", () => {
  it("are run, here or in CI", () => {
    const isRun = (command: string): boolean =>
      [isRunInCi, isInstallation, isRequest, isBenchmark, isTestRun].some((matches) => matches(command)) ||
      [MIGRATE, DEMO].includes(command);
    expect(COMMANDS.length).toBeGreaterThan(15);
    expect(COMMANDS.filter(([, command]) => !isRun(command))).toEqual([]);
  });

  it("create the tables of a server", async () => {
    const pool = new pg.Pool({ connectionString: inject("postgres") });
    onTestFinished(async () => {
      await pool.query("drop schema if exists promotions cascade");
      await pool.end();
    });
    const args = MIGRATE.replace("npx oncecode ", "").replace("postgres://owner@host/shop", inject("postgres"));
    await runSource("adapters/cli/main.ts", ...args.split(" "));
    expect((await pool.query("select from promotions.oncecode_vouchers")).rowCount).toBe(0);
  });

  let adapter: string;
  beforeAll(() => {
    // In a folder of the package, `import "oncecode/memory"` resolves to the package itself.
    adapter = join(import.meta.dirname, `.adapter-${process.pid}.ts`);
    writeFileSync(adapter, 'export { memoryRepository as default } from "oncecode/memory";');
  });
  afterAll(() => rmSync(adapter));

  // A whole run takes an hour. The list shows that the options are right and find something.
  it.each(COMMANDS.filter(([, command]) => isBenchmark(command)))("in %s measure something: %s", async (_, command) => {
    const args = command.replace(/^npm run bench(?: --)?/, "").replace("./my-adapter.ts", adapter);
    const { stdout } = await runSource("bench/main.ts", "--list", ...args.split(" ").filter((arg) => arg !== ""));
    expect(stdout.trim().split("\n").length).toBeGreaterThan(3);
  });

  it.each(COMMANDS.filter(([, command]) => isTestRun(command)))("in %s run tests that exist: %s", (_, command) => {
    const [path = "", ...names] = command.replace("npx vitest run ", "").split(" -t ");
    expect(existsSync(join(ROOT, path))).toBe(true);
    expect(names.every((name) => /^"\w+"$/.test(name))).toBe(true);
  });
});
