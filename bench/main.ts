import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { nothingInCommon, paceMismatch, regressions, storedRun } from "./check.ts";
import { type Contest, nameOf } from "./contest.ts";
import { machineHere } from "./machine.ts";
import { PACES } from "./paces.ts";
import { type Places, placesIn } from "./places.ts";
import { progress } from "./progress.ts";
import { quotient, spreadText } from "./report/figure.ts";
import { headlineOf } from "./report/headline.ts";
import { reportOf } from "./report/page.ts";
import type { PaceName, Run } from "./results.ts";
import { type Outcome, run } from "./run.ts";
import { adapterAt } from "./stores.ts";
import { missingHere, suiteOf } from "./suite.ts";
import { tableOf } from "./table.ts";

const HELP = `npm run bench -- [options]

  --list             what there is to measure, a line each
  --only TEXT        only what has TEXT in its line; may be given several times
  --quick            small and short: two minutes at most, to see that it runs
  --large            pools and lists of ten million as well, which takes hours
  --adapter FILE     your own store instead of ours: a module whose default export
                     opens an empty repository each time it is called
  --folder DIR       where to put databases while it runs (SQLite's; servers have their own)
  --json FILE        write all figures
  --check FILE       compare the ratios with those of such a file, and fail if one is worse beyond the noise
  --report FILE      where to write the page with plots (bench/report.html)
  --headline FILE    write the plot that the README shows, as SVG
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

/** Something was asked for that cannot be had: its message says all. */
class Misuse extends Error {}

/** Of options and files that there are not, Node says so itself. */
const NO_SUCH_THING = /^(?:ERR_PARSE_ARGS_.*|ERR_MODULE_NOT_FOUND|ENOENT|EACCES|EISDIR)$/;
const isMisuse = (thrown: unknown): thrown is Error =>
  thrown instanceof Misuse || (thrown instanceof Error && "code" in thrown && NO_SUCH_THING.test(String(thrown.code)));

/** What the command line says. */
const asked = () => parseArgs({ options: OPTIONS }).values;
type Asked = ReturnType<typeof asked>;

const paceOf = ({ quick, large }: Asked): PaceName => {
  if (quick && large) throw new Misuse("--quick and --large: give one of them");
  if (quick) return "quick";
  return large ? "large" : "full";
};

const isWanted = (contest: Contest, only: readonly string[]): boolean =>
  only.length === 0 || only.some((text) => nameOf(contest).toLowerCase().includes(text.toLowerCase()));

/** `keep` gets what there is after each contest, since a run takes long. One that fails leaves the others. */
const measured = async (
  contests: readonly Contest[],
  places: Places,
  { pace, skipped }: Pick<Run, "pace" | "skipped">,
  keep: (so: Run) => Promise<void>,
): Promise<Run> => {
  const machine = await machineHere(places);
  const outcomes: Outcome[] = [];
  const failed: string[] = [];
  const watcher = progress(contests);
  const soFar = (): Run => ({
    at: new Date().toISOString(),
    ...{ pace, machine, skipped, failed },
    points: outcomes.flatMap(({ points }) => points),
    ratios: outcomes.flatMap(({ ratios }) => ratios),
  });
  for (const contest of contests) {
    try {
      outcomes.push(await run(contest, PACES[pace], watcher));
    } catch (thrown) {
      failed.push(nameOf(contest));
      console.error(thrown);
    }
    await keep(soFar());
  }
  watcher.end();
  return soFar();
};

/** Read before anything is measured, so that it is not found unfit in the end. */
const toCheck = async (file: string, pace: PaceName): Promise<Run> => {
  const stored = storedRun(await readFile(file, "utf8"));
  const why = stored === null ? "it is no run, which --json writes" : paceMismatch(stored, pace);
  if (stored === null || why !== null) throw new Misuse(`--check ${file}: ${why}`);
  return stored;
};

/** For the same reason. What is there already stays as it is. */
const expectWritable = async (file: string): Promise<void> => (await open(file, "a")).close();

/** Says what is worse than in a stored run; whether nothing is. */
const holdsAgainst = (before: Run, now: Run): boolean => {
  const why = nothingInCommon(before, now);
  if (why !== null) throw new Misuse(`--check: there is nothing to compare this run with: ${why}`);
  const worse = regressions(before, now);
  for (const { name, before: was, now: is, tolerance } of worse)
    console.log(`worse: ${name}: ${quotient(is)}, was ${quotient(was)} ${spreadText(tolerance)}`);
  const names = new Set(now.ratios.map(({ name }) => name));
  const gone = before.ratios.filter(({ name }) => !names.has(name));
  if (gone.length > 0) console.log(`${gone.length} ratios of the stored run were not measured now`);
  if (worse.length === 0) console.log("No ratio is worse than in the stored run");
  return worse.length === 0;
};

const perform = async (options: Asked, places: Places): Promise<boolean> => {
  const pace = paceOf(options);
  const before = options.check === undefined ? null : await toCheck(options.check, pace);
  const adapter = options.adapter === undefined ? null : await adapterAt(options.adapter);
  const contests = suiteOf(places, adapter).filter((contest) => isWanted(contest, options.only ?? []));
  if (contests.length === 0)
    throw new Misuse(`--only: nothing has ${options.only?.join(" or ")} in its line, see --list`);
  if (options.list) {
    for (const contest of contests) console.log(nameOf(contest));
    return true;
  }
  const possible = contests.filter(({ missing }) => missing === null);
  const report = options.report ?? join(import.meta.dirname, "report.html");
  for (const file of [report, options.json, options.headline]) if (file !== undefined) await expectWritable(file);
  const skipped = adapter === null ? missingHere(PACES[pace]) : [];
  const now = await measured(possible, places, { pace, skipped }, async (so) => {
    await writeFile(report, reportOf(so));
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(so, null, 1)}\n`);
  });
  console.log(tableOf(now));
  console.log(`Plots: ${report}`);
  for (const name of now.failed) console.error(`failed: ${name}`);
  if (now.failed.length > 0) return false;
  if (options.headline !== undefined) await writeFile(options.headline, headlineOf(now));
  return before === null || holdsAgainst(before, now);
};

const main = async (): Promise<boolean> => {
  const options = asked();
  if (options.help) {
    console.log(HELP);
    return true;
  }
  const places = await placesIn(options.folder);
  try {
    return await perform(options, places);
  } finally {
    await places.clear();
  }
};

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (thrown) {
  console.error(isMisuse(thrown) ? thrown.message : thrown);
  process.exitCode = 1;
}
