import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "oncecode";
import type { Server } from "../servers/postgres.ts";
import { type Violation, violationsIn } from "./check.ts";
import { type Crew, startCrew } from "./crew.ts";
import type { Attempt } from "./history.ts";
import type { Kind, Starting } from "./kind.ts";
import { type BadLine, startProxy } from "./proxy.ts";
import { type Seeded, seeded } from "./seeded.ts";
import { restOf, storedIn } from "./stored.ts";
import { type Supply, stock } from "./workload.ts";

/** Where faults happen. */
export interface Stage {
  readonly kind: Kind;
  readonly server: Server;
  readonly crew: Crew;
  readonly proxy: BadLine;
  readonly random: Seeded;
}

export interface Scenario {
  readonly seed: number;
  /** Goes wrong for a while, and says how often it did. Afterwards all is well again. */
  readonly faults: (stage: Stage) => Promise<number>;
  readonly starting?: Starting;
  readonly supply?: Supply;
  readonly workers?: number;
  readonly callers?: number;
  readonly connections?: number;
  /** What is wrong with the workers, and that they may not be stopped from it. */
  readonly bug?: string;
  readonly isUnsafe?: boolean;
  /** Milliseconds that no call may take longer than. */
  readonly bound?: number;
}

export interface Outcome {
  readonly attempts: readonly Attempt[];
  readonly faults: number;
  readonly violations: readonly Violation[];
  /** Of the outcomes that were unknown, how many were published. */
  readonly unknownPublished: number;
}

const SUPPLY: Supply = { hot: 6000, growing: 20, once: 400, named: 400 };
const BOUND = 20_000;

/** Lets workers publish while things go wrong, and judges what came of it. */
export const run = async (kind: Kind, scenario: Scenario): Promise<Outcome> => {
  const { seed, supply = SUPPLY, workers = 4, callers = 16, bound = BOUND, bug, connections } = scenario;
  const isUnsafe = scenario.isUnsafe ?? false;
  const folder = mkdtempSync(join(tmpdir(), "oncecode-ledgers-"));
  const server = await kind.start(scenario.starting);
  const random = seeded(seed);
  const proxy = await startProxy(server.port, kind.wire, random);
  try {
    const repository = await kind.open(server.url, { isUnsafe });
    await stock(createEngine({ repository }), supply);
    await repository.close();
    if (bug !== undefined) for (const statement of kind.disarm) await kind.query(server.url, statement);

    const url = server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
    const task = { kind: kind.name, url, supply, callers, isUnsafe, began: Date.now() };
    const optional = { ...(bug === undefined ? {} : { bug }), ...(connections === undefined ? {} : { connections }) };
    const crew = await startCrew({ ...task, ...optional, workers, seed }, folder);
    const stopped = async (faults: number) => ({ faults, ...(await crew.stop(2 * bound)) });
    const { faults, attempts, complaints } = await scenario
      .faults({ kind, server, crew, proxy, random })
      .then(stopped, async (thrown) => {
        await crew.stop(0);
        throw thrown;
      });

    const stored = await storedIn(kind, server.url);
    const rest = await restOf(kind, server.url, Object.keys(supply));
    const published = new Set(stored.publications.map(({ id }) => id));
    return {
      attempts,
      faults,
      violations: [
        ...violationsIn({ attempts, supply, stored, rest, bound }),
        ...complaints.map((what) => ({ rule: "LIVE" as const, what })),
      ],
      unknownPublished: attempts.filter(({ end }) => end?.type === "unknown" && published.has(end.id)).length,
    };
  } finally {
    proxy.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};
