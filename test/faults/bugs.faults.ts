import { afterAll, describe, expect, it } from "vitest";
import type { Rule } from "./check.ts";
import { calm, connectionsBroken, type Fault, serverKilled } from "./faults.ts";
import { KINDS } from "./kinds.ts";
import { given, Report } from "./report.ts";
import { run, type Scenario } from "./run.ts";
import { seedOf } from "./seed.ts";

/** Only what the broken ones can do. */
const SUPPLY = { hot: 8000, growing: 0, once: 0, named: 0 };

interface Bug extends Pick<Scenario, "starting" | "isUnsafe"> {
  readonly name: string;
  readonly faults: Fault;
  /** What must find it. Others may, too. */
  readonly foundBy: Rule;
}

const bugs = (forgetful: Readonly<Record<string, string>>): readonly Bug[] => [
  { name: "no outer condition", faults: calm(200), foundBy: "UNIQUE" },
  { name: "lock only", faults: calm(400), foundBy: "UNIQUE" },
  { name: "row count ignored", faults: calm(400), foundBy: "UNIQUE" },
  { name: "too many", faults: calm(300), foundBy: "CONSERVED" },
  { name: "commit again", faults: connectionsBroken({ at: "before", share: 0.2 }, 400), foundBy: "ACKNOWLEDGED" },
  { name: "unknown is failed", faults: connectionsBroken({ at: "after", share: 0.2 }, 400), foundBy: "NO PHANTOM" },
  { name: "new id", faults: connectionsBroken({ at: "after", share: 0.2 }, 400), foundBy: "NO PHANTOM" },
  {
    name: "forgetful settings",
    starting: { settings: forgetful },
    isUnsafe: true,
    faults: serverKilled(3),
    foundBy: "ACKNOWLEDGED",
  },
];

describe.each(KINDS)("on $name", (kind) => {
  const report = new Report();
  afterAll(() => report.print(`${kind.name}, what is wrong on purpose, seed ${seedOf("")}`));

  it.each(bugs(kind.forgetful))("$name is found out", async ({ name, foundBy, ...scenario }) => {
    const bug = name === "forgetful settings" ? {} : { bug: name };
    const outcome = await run(kind, { ...scenario, ...bug, supply: SUPPLY, seed: seedOf(name) });
    report.add(name, outcome);
    expect(given(outcome)).toBeGreaterThan(50);
    expect(outcome.violations.map(({ rule }) => rule)).toContain(foundBy);
  });
});
