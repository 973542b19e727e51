import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "oncecode";
import type { Server } from "../support/servers/postgres.ts";
import { type Violation, violationsIn } from "./check.ts";
import { readFinalState, readStoredRows } from "./final-state.ts";
import type { Attempt } from "./history.ts";
import { type FaultyProxy, startProxy } from "./proxy.ts";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";
import type { ServerKind, StartOptions } from "./server-kind.ts";
import { startWorkers, type Workers } from "./workers.ts";
import { createCampaigns, type Supply } from "./workload.ts";

/** The servers and workers of a run. */
export interface FaultContext {
  readonly kind: ServerKind;
  readonly server: Server;
  readonly workers: Workers;
  readonly proxy: FaultyProxy;
  readonly random: SeededRandom;
}

export interface Scenario {
  readonly seed: number;
  /** Causes the faults of the run. Returns their number. At the end, everything works again. */
  readonly faults: (context: FaultContext) => Promise<number>;
  readonly startOptions?: StartOptions;
  readonly supply?: Supply;
  readonly workers?: number;
  readonly callers?: number;
  readonly connections?: number;
  /** The bug of the workers. The database does not stop it. */
  readonly bug?: string;
  readonly isUnsafe?: boolean;
  /** The longest allowed duration of a call, in milliseconds. */
  readonly callDurationMax?: number;
}

export interface RunResult {
  readonly attempts: readonly Attempt[];
  readonly faultCount: number;
  readonly violations: readonly Violation[];
  /** The number of unknown outcomes that were published. */
  readonly unknownPublished: number;
}

const SUPPLY: Supply = { hot: 6000, growing: 20, once: 400, named: 400 };
const CALL_DURATION_MAX = 20_000;

/** Runs workers during faults, and checks the result. */
export const runScenario = async (kind: ServerKind, scenario: Scenario): Promise<RunResult> => {
  const {
    seed,
    supply = SUPPLY,
    workers = 4,
    callers = 16,
    callDurationMax = CALL_DURATION_MAX,
    bug,
    connections,
  } = scenario;
  const isUnsafe = scenario.isUnsafe ?? false;
  const folder = mkdtempSync(join(tmpdir(), "oncecode-fault-logs-"));
  const server = await kind.start(scenario.startOptions);
  const random = seededRandom(seed);
  const proxy = await startProxy(server.port, kind.wire, random);
  try {
    const repository = await kind.open(server.url, { isUnsafe });
    await createCampaigns(createEngine({ repository }), supply);
    await repository.close();
    if (bug !== undefined) for (const statement of kind.dropUniqueConstraints) await kind.query(server.url, statement);

    const url = server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
    const task = { kind: kind.name, url, supply, callers, isUnsafe, startedAt: Date.now() };
    const optional = { ...(bug === undefined ? {} : { bug }), ...(connections === undefined ? {} : { connections }) };
    const runningWorkers = await startWorkers({ ...task, ...optional, workers, seed }, folder);
    const stopWorkers = async (faults: number) => ({ faults, ...(await runningWorkers.stop(2 * callDurationMax)) });
    const { faults, attempts, problems } = await scenario
      .faults({ kind, server, workers: runningWorkers, proxy, random })
      .then(stopWorkers, async (thrown) => {
        await runningWorkers.stop(0);
        throw thrown;
      });

    const stored = await readStoredRows(kind, server.url);
    const finalState = await readFinalState(kind, server.url, Object.keys(supply));
    const published = new Set(stored.publications.map(({ id }) => id));
    return {
      attempts,
      faultCount: faults,
      violations: [
        ...violationsIn({ attempts, supply, stored, finalState, callDurationMax }),
        ...problems.map((description) => ({ rule: "LIVE" as const, description })),
      ],
      unknownPublished: attempts.filter(({ outcome }) => outcome?.type === "unknown" && published.has(outcome.id))
        .length,
    };
  } finally {
    proxy.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
