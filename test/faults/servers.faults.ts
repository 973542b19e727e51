import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { canMount, createSmallDisk } from "../support/servers/small-disk.ts";
import {
  breakConnections,
  exhaustConnections,
  fillDisk,
  killServer,
  killWorkers,
  noFault,
  pauseServer,
} from "./faults.ts";
import { acknowledgedCount, Report, refusedCount, unknownCount } from "./report.ts";
import { type RunResult, runScenario, type Scenario } from "./run.ts";
import { seedOf } from "./seed.ts";
import type { ServerKind } from "./server-kind.ts";
import { SERVER_KINDS } from "./server-kinds.ts";

/** The smallest counts for which a run proves something. */
interface Floors {
  readonly acknowledged: number;
  readonly faults: number;
}

interface Trial extends Omit<Scenario, "seed"> {
  readonly name: string;
  readonly floors: Floors;
  /** Further expectations. */
  readonly expectMore?: (outcome: RunResult) => void;
}

const CONNECTIONS_MAX = 12;

const trials = ({ connectionLimitSettings }: ServerKind): readonly Trial[] => [
  {
    name: "nothing goes wrong, but many want the same",
    supply: { hot: 1000, growing: 20, once: 250, named: 150 },
    faults: noFault(3000),
    floors: { acknowledged: 2000, faults: 0 },
    expectMore: (outcome) => {
      expect(refusedCount(outcome, "no_voucher_suitable_for_publication")).toBeGreaterThan(0);
      expect(refusedCount(outcome, "voucher_already_published")).toBeGreaterThan(0);
      expect(refusedCount(outcome, "storage_failed") + unknownCount(outcome)).toBe(0);
    },
  },
  { name: "workers are killed", faults: killWorkers(5), floors: { acknowledged: 500, faults: 5 } },
  { name: "the server is killed", faults: killServer(6), floors: { acknowledged: 500, faults: 6 } },
  {
    name: "the server stands still",
    faults: pauseServer(4),
    floors: { acknowledged: 400, faults: 4 },
    expectMore: ({ attempts }) =>
      expect(attempts.some(({ outcome, startedAt }) => (outcome?.at ?? startedAt) - startedAt > 4900)).toBe(true),
  },
  {
    name: "requests get lost",
    faults: breakConnections({ at: "before", share: 0.4 }, 600),
    floors: { acknowledged: 500, faults: 30 },
    expectMore: (outcome) => expect(unknownCount(outcome)).toBeGreaterThan(0),
  },
  {
    name: "connections break while the server commits",
    faults: breakConnections({ at: "sent", share: 0.4 }, 600),
    floors: { acknowledged: 500, faults: 30 },
  },
  {
    name: "answers get lost",
    faults: breakConnections({ at: "after", share: 0.4 }, 600),
    floors: { acknowledged: 500, faults: 30 },
  },
  {
    name: "answers are late",
    faults: breakConnections({ at: "stall", share: 0.1, stall: 1500 }, 600),
    floors: { acknowledged: 500, faults: 10 },
  },
  {
    name: "there is one connection for each process",
    connections: 1,
    faults: noFault(800),
    floors: { acknowledged: 700, faults: 0 },
  },
  {
    name: "the server has no connection left",
    startOptions: { settings: connectionLimitSettings(CONNECTIONS_MAX) },
    faults: exhaustConnections(600),
    floors: { acknowledged: 500, faults: 1 },
    callDurationMax: 45_000,
  },
];

const expectKept = ({ floors, expectMore }: Trial, outcome: RunResult): void => {
  expect(outcome.violations.slice(0, 20)).toEqual([]);
  expect(acknowledgedCount(outcome)).toBeGreaterThanOrEqual(floors.acknowledged);
  expect(outcome.faultCount).toBeGreaterThanOrEqual(floors.faults);
  expectMore?.(outcome);
};

describe.each(SERVER_KINDS)("$name keeps every promise when", (kind) => {
  const report = new Report();
  afterAll(() => report.print(`${kind.name}, seed ${seedOf("")}`));

  const tried = async (trial: Trial): Promise<void> => {
    const outcome = await runScenario(kind, { ...trial, seed: seedOf(trial.name) });
    report.add(trial.name, outcome);
    expectKept(trial, outcome);
  };

  it.each(trials(kind))("$name", tried);

  it.skipIf(!canMount())("the disk is full (skipped unless run by root, who may mount one)", async () => {
    const disk = createSmallDisk(160);
    onTestFinished(() => disk.remove());
    await tried({
      name: "the disk is full",
      startOptions: { folder: disk.folder, settings: kind.smallDiskSettings },
      faults: fillDisk(disk, 2),
      floors: { acknowledged: 300, faults: 2 },
      expectMore: (outcome) =>
        expect(refusedCount(outcome, "storage_failed") + unknownCount(outcome)).toBeGreaterThan(0),
    });
  });
});
