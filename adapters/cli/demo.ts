import { createEngine, type Engine } from "oncecode";
import type { DemoOptions } from "./arguments.ts";
import { type Answer, askAll, lost } from "./asking.ts";
import { covetedCode, EXTENDING, OWN, prepareCampaigns } from "./campaigns.ts";
import { findings } from "./checking.ts";
import { CODE_COLUMNS } from "./code-rows.ts";
import { buyersFrom, CUSTOMER_COLUMNS } from "./customer-rows.ts";
import { type Database, openDatabase } from "./database.ts";
import type { ExitCode } from "./exit-code.ts";
import { importCodes } from "./importing.ts";
import { listAll } from "./listing.ts";
import { metered } from "./metering.ts";
import { type Order, ordersOf } from "./orders.ts";
import { publishedSection, readSection } from "./report.ts";
import { checkSection, endSection, listsSection } from "./report-lists.ts";
import { shippedPath } from "./shipped.ts";
import { shownPath } from "./shown-path.ts";
import { countRows, rowsOf } from "./table.ts";
import { type Tally, tallyOf } from "./tally.ts";
import type { Terminal } from "./terminal.ts";

/** Vouchers that the campaign which extends itself makes at a time. */
const EXTEND_BY = 20;

interface Setting {
  readonly codesPath: string;
  readonly customersPath: string;
  readonly codeRows: number;
  readonly callers: number;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** All customers, and then those again who lost the answer. */
const askEverybody = async (
  engine: Engine,
  orders: readonly Order[],
  { terminal, callers, signal }: Setting,
): Promise<readonly Answer[]> => {
  const bar = terminal.bar("publishing", orders.length);
  const answers = await askAll(engine, orders, { callers, signal, onDone: bar.update });
  const again = await askAll(engine, lost(answers), { callers, signal, onDone: () => undefined });
  bar.end();
  return [...answers, ...again];
};

/** Imports, publishes and lists, and says so; hands back what the check has to find in the file. */
const run = async (database: Database, setting: Setting): Promise<Tally> => {
  const { terminal, signal, codesPath, customersPath, codeRows, callers } = setting;
  const { repository, commits } = metered(database.repository);
  const engine: Engine = createEngine({ repository, extendBy: EXTEND_BY });
  const { usedBefore } = await prepareCampaigns(engine);

  const bar = terminal.bar("importing", codeRows);
  const codes = await importCodes(engine, OWN, codesPath, { signal, bar });
  const { buyers, refused } = await buyersFrom(rowsOf(customersPath, CUSTOMER_COLUMNS));
  const customers = {
    path: shownPath(customersPath),
    rows: buyers.length + refused.length,
    used: buyers.length,
    refused,
  };
  terminal.print(readSection(codes, customers, usedBefore));

  const marker = new Date().toISOString();
  const offer = { own: OWN, extending: EXTENDING, coveted: await covetedCode(engine), run: marker };
  const before = await engine.campaigns.summary(EXTENDING);
  const startedAt = performance.now();
  const answers = await askEverybody(engine, ordersOf(buyers, offer), setting);
  const milliseconds = performance.now() - startedAt;
  signal.throwIfAborted();

  const tally = tallyOf(answers, marker);
  const after = await engine.campaigns.summary(EXTENDING);
  terminal.print(
    publishedSection({
      tally,
      customers: buyers.length,
      callers,
      milliseconds,
      pool: before.available,
      extendedBy: after.total - before.total,
      commits: commits(),
    }),
  );
  terminal.print(listsSection(await listAll(engine, tally, signal)));
  return tally;
};

/** The whole demo. Whatever happens, the database is closed. */
export const demo = async (options: DemoOptions, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> => {
  const codesPath = options.codes ?? shippedPath("codes.csv");
  const customersPath = options.customers ?? shippedPath("customers.csv");
  const codeRows = await countRows(codesPath, CODE_COLUMNS);
  await countRows(customersPath, CUSTOMER_COLUMNS);

  const database = await openDatabase(options.database);
  try {
    const tally = await run(database, { ...options, codesPath, customersPath, codeRows, terminal, signal });
    const found = findings(database.filename, tally);
    terminal.print([...checkSection(found), ...endSection(database.filename)]);
    return found.every(({ holds }) => holds) ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.fail(`stopped; what was published until then is in ${database.filename}`);
    return 130;
  } finally {
    await database.repository.close();
  }
};
