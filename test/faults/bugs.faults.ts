import { afterAll, describe, expect, it } from "vitest";
import type { Rule } from "./check.ts";
import { breakConnections, type Fault, killServer, noFault } from "./faults.ts";
import { acknowledgedCount, Report } from "./report.ts";
import { runScenario, type Scenario } from "./run.ts";
import { seedOf } from "./seed.ts";
import { SERVER_KINDS } from "./server-kinds.ts";

/** Only the campaign that broken repositories can publish from. */
const SUPPLY = { hot: 8000, growing: 0, once: 0, named: 0 };

interface Bug extends Pick<Scenario, "startOptions" | "isUnsafe"> {
  readonly name: string;
  readonly faults: Fault;
  /** The rule that must find the bug. Other rules may find it, too. */
  readonly foundBy: Rule;
}

const bugs = (lossySettings: Readonly<Record<string, string>>): readonly Bug[] => [
  { name: "no outer condition", faults: noFault(200), foundBy: "UNIQUE" },
  { name: "lock only", faults: noFault(400), foundBy: "UNIQUE" },
  { name: "row count ignored", faults: noFault(400), foundBy: "UNIQUE" },
  { name: "too many", faults: noFault(300), foundBy: "CONSERVED" },
  { name: "commit again", faults: breakConnections({ at: "before", share: 0.2 }, 400), foundBy: "ACKNOWLEDGED" },
  { name: "unknown is failed", faults: breakConnections({ at: "after", share: 0.2 }, 400), foundBy: "NO PHANTOM" },
  { name: "new id", faults: breakConnections({ at: "after", share: 0.2 }, 400), foundBy: "NO PHANTOM" },
  {
    name: "forgetful settings",
    startOptions: { settings: lossySettings },
    isUnsafe: true,
    faults: killServer(3),
    foundBy: "ACKNOWLEDGED",
  },
];

describe.each(SERVER_KINDS)("on $name", (kind) => {
  const report = new Report();
  afterAll(() => report.print(`${kind.name}, workers with a bug, seed ${seedOf("")}`));

  it.each(bugs(kind.lossySettings))("the checker finds $name", async ({ name, foundBy, ...scenario }) => {
    const bug = name === "forgetful settings" ? {} : { bug: name };
    const outcome = await runScenario(kind, { ...scenario, ...bug, supply: SUPPLY, seed: seedOf(name) });
    report.add(name, outcome);
    expect(acknowledgedCount(outcome)).toBeGreaterThan(50);
    expect(outcome.violations.map(({ rule }) => rule)).toContain(foundBy);
  });
});
