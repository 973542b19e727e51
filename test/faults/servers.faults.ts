import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { canMount, smallDisk } from "../servers/tmpfs.ts";
import { calm, connectionsBroken, crowded, diskFull, serverKilled, serverPaused, workersKilled } from "./faults.ts";
import type { Kind } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { given, Report, refused, unknown } from "./report.ts";
import { type Outcome, run, type Scenario } from "./run.ts";
import { seedOf } from "./seed.ts";

/** Fewer would prove nothing. */
interface Floors {
  readonly given: number;
  readonly faults: number;
}

interface Trial extends Omit<Scenario, "seed"> {
  readonly name: string;
  readonly floors: Floors;
  /** What else must have happened. */
  readonly happened?: (outcome: Outcome) => void;
}

const CROWD = 12;

const trials = ({ few }: Kind): readonly Trial[] => [
  {
    name: "nothing goes wrong, but many want the same",
    supply: { hot: 1000, growing: 20, once: 250, named: 150 },
    faults: calm(3000),
    floors: { given: 2000, faults: 0 },
    happened: (outcome) => {
      expect(refused(outcome, "no_voucher_suitable_for_publication")).toBeGreaterThan(0);
      expect(refused(outcome, "voucher_already_published")).toBeGreaterThan(0);
      expect(refused(outcome, "storage_failed") + unknown(outcome)).toBe(0);
    },
  },
  { name: "workers are killed", faults: workersKilled(5), floors: { given: 500, faults: 5 } },
  { name: "the server is killed", faults: serverKilled(6), floors: { given: 500, faults: 6 } },
  {
    name: "the server stands still",
    faults: serverPaused(4),
    floors: { given: 400, faults: 4 },
    happened: ({ attempts }) =>
      expect(attempts.some(({ end, askedAt }) => (end?.at ?? askedAt) - askedAt > 4900)).toBe(true),
  },
  {
    name: "requests get lost",
    faults: connectionsBroken({ at: "before", share: 0.4 }, 600),
    floors: { given: 500, faults: 30 },
    happened: (outcome) => expect(unknown(outcome)).toBeGreaterThan(0),
  },
  {
    name: "connections break while the server is at it",
    faults: connectionsBroken({ at: "sent", share: 0.4 }, 600),
    floors: { given: 500, faults: 30 },
  },
  {
    name: "answers get lost",
    faults: connectionsBroken({ at: "after", share: 0.4 }, 600),
    floors: { given: 500, faults: 30 },
  },
  {
    name: "answers are late",
    faults: connectionsBroken({ at: "stall", share: 0.1, stall: 1500 }, 600),
    floors: { given: 500, faults: 10 },
  },
  {
    name: "there is one connection for each process",
    connections: 1,
    faults: calm(800),
    floors: { given: 700, faults: 0 },
  },
  {
    name: "the server has no connection left",
    starting: { settings: few(CROWD) },
    faults: crowded(600),
    floors: { given: 500, faults: 1 },
    bound: 45_000,
  },
];

const settled = ({ floors, happened }: Trial, outcome: Outcome): void => {
  expect(outcome.violations.slice(0, 20)).toEqual([]);
  expect(given(outcome)).toBeGreaterThanOrEqual(floors.given);
  expect(outcome.faults).toBeGreaterThanOrEqual(floors.faults);
  happened?.(outcome);
};

describe.each(KINDS)("$name keeps every promise when", (kind) => {
  const report = new Report();
  afterAll(() => report.print(`${kind.name}, seed ${seedOf("")}`));

  const tried = async (trial: Trial): Promise<void> => {
    const outcome = await run(kind, { ...trial, seed: seedOf(trial.name) });
    report.add(trial.name, outcome);
    settled(trial, outcome);
  };

  it.each(trials(kind))("$name", tried);

  it.skipIf(!canMount())("the disk is full (skipped unless run by root, who may mount one)", async () => {
    const disk = smallDisk(160);
    onTestFinished(() => disk.remove());
    await tried({
      name: "the disk is full",
      starting: { folder: disk.folder, settings: kind.small },
      faults: diskFull(disk, 2),
      floors: { given: 300, faults: 2 },
      happened: (outcome) => expect(refused(outcome, "storage_failed") + unknown(outcome)).toBeGreaterThan(0),
    });
  });
});
