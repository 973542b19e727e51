import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nothingInCommon, parseRun, profileMismatch, regressions } from "./check.ts";
import { type Comparison, comparisonName } from "./comparison.ts";
import { type Databases, prepareDatabases } from "./databases.ts";
import { describeMachine } from "./machine.ts";
import { PROFILES } from "./profiles.ts";
import { createProgressReporter } from "./progress.ts";
import { headlineOf } from "./report/headline.ts";
import { formatRatio, formatSpread } from "./report/number-format.ts";
import { reportOf } from "./report/page.ts";
import type { ProfileName, Run } from "./results.ts";
import { type Outcome, runComparison } from "./rounds.ts";
import { loadAdapter } from "./stores.ts";
import { allComparisons, skippedHere } from "./suite.ts";
import { terminalTable } from "./terminal-table.ts";

// `bench/` measures oncecode against hand-written code. `suite.ts` lists the comparisons, `scenarios/` define them,
// `baselines/` and `subjects/` are measured, and `report/` draws the results.
// It imports `oncecode`, the adapters, and `test/support/` for the servers. Nothing imports it, except its tests.

const HELP = `npm run bench -- [options]

  --list             list the comparisons, one per line
  --only TEXT        run only comparisons with TEXT in their line; can be repeated
  --quick            small and short: two minutes at most, to see that it works
  --large            also pools and lists of ten million; takes hours
  --adapter FILE     measure your own store: each call of the module's default export
                     must return an empty repository
  --folder DIR       folder for the files of SQLite (the system's temporary folder)
  --json FILE        write all figures to FILE
  --check FILE       compare the ratios with those in FILE, and fail if one is worse beyond the noise
  --report FILE      write the page with plots to FILE (bench/report.html)
  --headline FILE    write the plot of the README to FILE, as SVG
`;

const OPTIONS = {
  list: { type: "boolean" },
  only: { type: "string", multiple: true },
  quick: { type: "boolean" },
  large: { type: "boolean" },
  adapter: { type: "string" },
  folder: { type: "string" },
  json: { type: "string" },
  check: { type: "string" },
  report: { type: "string" },
  headline: { type: "string" },
  help: { type: "boolean" },
} as const;

/** A wrong option or file. Its message needs no stack. */
class UsageError extends Error {}

/** For these errors, Node's own message is enough. */
const USAGE_ERROR_CODE = /^(?:ERR_PARSE_ARGS_.*|ERR_MODULE_NOT_FOUND|ENOENT|EACCES|EISDIR)$/;
const isUsageError = (thrown: unknown): thrown is Error =>
  thrown instanceof UsageError ||
  (thrown instanceof Error && "code" in thrown && USAGE_ERROR_CODE.test(String(thrown.code)));

/** Parses the command line. */
const parseOptions = () => parseArgs({ options: OPTIONS }).values;
type Options = ReturnType<typeof parseOptions>;

const profileName = ({ quick, large }: Options): ProfileName => {
  if (quick && large) throw new UsageError("--quick and --large: give one of them");
  if (quick) return "quick";
  return large ? "large" : "full";
};

const isSelected = (comparison: Comparison, only: readonly string[]): boolean =>
  only.length === 0 || only.some((text) => comparisonName(comparison).toLowerCase().includes(text.toLowerCase()));

/** A run takes long, so `save` stores the results after each comparison. A failed comparison does not stop the others. */
const measureAll = async (
  comparisons: readonly Comparison[],
  databases: Databases,
  { profile, skipped }: Pick<Run, "profile" | "skipped">,
  save: (runSoFar: Run) => Promise<void>,
): Promise<Run> => {
  const machine = await describeMachine(databases);
  const outcomes: Outcome[] = [];
  const failed: string[] = [];
  const reporter = createProgressReporter(comparisons);
  const runSoFar = (): Run => ({
    at: new Date().toISOString(),
    ...{ profile, machine, skipped, failed },
    points: outcomes.flatMap(({ points }) => points),
    ratios: outcomes.flatMap(({ ratios }) => ratios),
  });
  for (const comparison of comparisons) {
    try {
      outcomes.push(await runComparison(comparison, PROFILES[profile], reporter));
    } catch (thrown) {
      failed.push(comparisonName(comparison));
      console.error(thrown);
    }
    await save(runSoFar());
  }
  reporter.end();
  return runSoFar();
};

/** Reads the stored run before the measurements, so that a wrong file is an error at the start. */
const readStoredRun = async (file: string, profile: ProfileName): Promise<Run> => {
  const stored = parseRun(await readFile(file, "utf8"));
  const mismatch = stored === null ? "the file has no run of `--json`" : profileMismatch(stored, profile);
  if (stored === null || mismatch !== null) throw new UsageError(`--check ${file}: ${mismatch}`);
  return stored;
};

/** Checks before the measurements that the file can be written. The file does not change. */
const expectWritable = async (file: string): Promise<void> => (await open(file, "a")).close();

/** Prints the regressions. Returns whether there are none. */
const reportRegressions = (before: Run, now: Run): boolean => {
  const mismatch = nothingInCommon(before, now);
  if (mismatch !== null) throw new UsageError(`--check: there is nothing to compare this run with: ${mismatch}`);
  const regressed = regressions(before, now);
  for (const { name, before: previous, now: current, tolerance } of regressed)
    console.log(`worse: ${name}: ${formatRatio(current)}, was ${formatRatio(previous)} ${formatSpread(tolerance)}`);
  const names = new Set(now.ratios.map(({ name }) => name));
  const notMeasuredNow = before.ratios.filter(({ name }) => !names.has(name));
  if (notMeasuredNow.length > 0) console.log(`${notMeasuredNow.length} ratios of the stored run were not measured now`);
  if (regressed.length === 0) console.log("No ratio is worse than in the stored run");
  return regressed.length === 0;
};

const runBenchmarks = async (options: Options, databases: Databases): Promise<boolean> => {
  const profile = profileName(options);
  const before = options.check === undefined ? null : await readStoredRun(options.check, profile);
  const adapter = options.adapter === undefined ? null : await loadAdapter(options.adapter);
  const comparisons = allComparisons(databases, adapter).filter((comparison) =>
    isSelected(comparison, options.only ?? []),
  );
  if (comparisons.length === 0)
    throw new UsageError(`--only: no comparison has ${options.only?.join(" or ")} in its line, see --list`);
  if (options.list) {
    for (const comparison of comparisons) console.log(comparisonName(comparison));
    return true;
  }
  const runnable = comparisons.filter(({ skipReason }) => skipReason === null);
  const report = options.report ?? join(import.meta.dirname, "report.html");
  for (const file of [report, options.json, options.headline]) if (file !== undefined) await expectWritable(file);
  const skipped = adapter === null ? skippedHere(PROFILES[profile]) : [];
  const now = await measureAll(runnable, databases, { profile, skipped }, async (runSoFar) => {
    await writeFile(report, reportOf(runSoFar));
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(runSoFar, null, 1)}\n`);
  });
  console.log(terminalTable(now));
  console.log(`Plots: ${report}`);
  for (const name of now.failed) console.error(`failed: ${name}`);
  if (now.failed.length > 0) return false;
  if (options.headline !== undefined) await writeFile(options.headline, headlineOf(now));
  return before === null || reportRegressions(before, now);
};

const main = async (): Promise<boolean> => {
  const options = parseOptions();
  if (options.help) {
    console.log(HELP);
    return true;
  }
  const databases = await prepareDatabases(options.folder);
  try {
    return await runBenchmarks(options, databases);
  } finally {
    await databases.clear();
  }
};

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (thrown) {
  console.error(isUsageError(thrown) ? thrown.message : thrown);
  process.exitCode = 1;
}
