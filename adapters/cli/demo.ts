import { createEngine, type Engine } from "oncecode";
import type { DemoOptions } from "./arguments.ts";
import { countRows, readRows } from "./csv/table.ts";
import { MERCHANT_CAMPAIGN, popularCode, prepareCampaigns, SELF_EXTENDING_CAMPAIGN } from "./demo/campaigns.ts";
import { importCodes } from "./demo/code-import.ts";
import { CODE_COLUMNS } from "./demo/code-rows.ts";
import { countCommits } from "./demo/commit-counter.ts";
import { type Answer, ordersToRepeat, publishOrders } from "./demo/concurrent-callers.ts";
import { CUSTOMER_COLUMNS, readCustomers } from "./demo/customer-rows.ts";
import { checkDatabase } from "./demo/database-checks.ts";
import { runExampleQueries } from "./demo/example-queries.ts";
import { type Order, ordersOf } from "./demo/orders.ts";
import { publishedSection, readSection } from "./demo/report.ts";
import { checkSection, endSection, listsSection } from "./demo/report-lists.ts";
import { type Tally, tallyOf } from "./demo/tally.ts";
import { demoListPath, displayPath } from "./paths.ts";
import { openDemoDatabase, type SqliteFile } from "./sqlite-file.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** The number of vouchers by which the AUTO_UPDATE campaign extends itself. */
const EXTEND_BY = 20;

interface DemoContext {
  readonly codesPath: string;
  readonly customersPath: string;
  readonly codeRows: number;
  readonly callers: number;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Sends the orders of all customers, then repeats those whose answers were lost. */
const publishAndRepeat = async (
  engine: Engine,
  orders: readonly Order[],
  { terminal, callers, signal }: DemoContext,
): Promise<readonly Answer[]> => {
  const bar = terminal.progressBar("publishing", orders.length);
  const answers = await publishOrders(engine, orders, { callers, signal, onDone: bar.update });
  const repeats = await publishOrders(engine, ordersToRepeat(answers), { callers, signal, onDone: () => undefined });
  bar.end();
  return [...answers, ...repeats];
};

/** Imports, publishes, lists, and reports each step. Returns the tally that the check compares with the file. */
const importAndPublish = async (database: SqliteFile, context: DemoContext): Promise<Tally> => {
  const { terminal, signal, codesPath, customersPath, codeRows, callers } = context;
  const { repository, commits } = countCommits(database.repository);
  const engine: Engine = createEngine({ repository, extendBy: EXTEND_BY });
  const { usedBefore } = await prepareCampaigns(engine);

  const bar = terminal.progressBar("importing", codeRows);
  const codes = await importCodes(engine, MERCHANT_CAMPAIGN, codesPath, { signal, bar });
  const { customerRows, refused } = await readCustomers(readRows(customersPath, CUSTOMER_COLUMNS));
  const customers = {
    path: displayPath(customersPath),
    rows: customerRows.length + refused.length,
    used: customerRows.length,
    refused,
  };
  terminal.print(readSection(codes, customers, usedBefore));

  const runId = new Date().toISOString();
  const offer = {
    merchantCampaign: MERCHANT_CAMPAIGN,
    extendingCampaign: SELF_EXTENDING_CAMPAIGN,
    popularCode: await popularCode(engine),
    runId,
  };
  const before = await engine.campaigns.summary(SELF_EXTENDING_CAMPAIGN);
  const startedAt = performance.now();
  const answers = await publishAndRepeat(engine, ordersOf(customerRows, offer), context);
  const milliseconds = performance.now() - startedAt;
  signal.throwIfAborted();

  const tally = tallyOf(answers, runId);
  const after = await engine.campaigns.summary(SELF_EXTENDING_CAMPAIGN);
  terminal.print(
    publishedSection({
      tally,
      customers: customerRows.length,
      callers,
      milliseconds,
      pool: before.available,
      extendedBy: after.total - before.total,
      commits: commits(),
    }),
  );
  terminal.print(listsSection(await runExampleQueries(engine, tally, signal)));
  return tally;
};

/** Runs the demo, and closes the database in any case. */
export const demo = async (options: DemoOptions, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> => {
  const codesPath = options.codes ?? demoListPath("codes.csv");
  const customersPath = options.customers ?? demoListPath("customers.csv");
  const codeRows = await countRows(codesPath, CODE_COLUMNS);
  await countRows(customersPath, CUSTOMER_COLUMNS);

  const database = await openDemoDatabase(options.database);
  try {
    const tally = await importAndPublish(database, {
      ...options,
      codesPath,
      customersPath,
      codeRows,
      terminal,
      signal,
    });
    const results = checkDatabase(database.filename, tally);
    terminal.print([...checkSection(results), ...endSection(database.filename)]);
    return results.every(({ hasPassed: passed }) => passed) ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.printError(`stopped; what was published until then is in ${database.filename}`);
    return 130;
  } finally {
    await database.repository.close();
  }
};
