import fc from "fast-check";
import type { Repository } from "oncecode";
import { describe, expect, it } from "vitest";
import { broken } from "../broken/index.ts";
import { type Fault, nothingReached, type Reached } from "./delayed.ts";
import { type Invariant, JUDGES } from "./judges.ts";
import { AUTO, ONCE, requestsOf, STATIC } from "./requests.ts";
import { type Plan, run } from "./world.ts";

const SCHEDULES = 10_000;
const TIMEOUT = 170_000;

const planOf = (campaigns: readonly string[], faults: readonly Fault[]): fc.Arbitrary<Plan> =>
  fc.record({
    codes: fc.integer({ min: 0, max: 3 }),
    requests: requestsOf(campaigns),
    faults: fc.array(fc.constantFrom<Fault>("none", "none", ...faults), { maxLength: 6 }),
    lostReads: fc.array(fc.nat({ max: 30 }), { maxLength: faults.length }),
    extendBy: fc.constantFrom(0, 0, 3),
  });

const FAULTS = ["lost before", "lost after", "refused"] as const;
const RACING = { lastCode: 1000, extension: 700, replay: 1500 } as const;
const FAILING = { lostReads: 2000, lostBefore: 2000, lostAfter: 2000, refused: 2000 } as const;

/** What is tried. */
interface Trial {
  readonly plan: fc.Arbitrary<Plan>;
  /** Half of what trial runs reached, at most: below that, the schedules no longer try what they are meant to. */
  readonly floors: Partial<Reached>;
}

const ANY: Trial = { plan: planOf([STATIC, AUTO], FAULTS), floors: { ...RACING, ...FAILING } };
const JOINING: Trial = { plan: planOf([ONCE], FAULTS), floors: { lastCode: 1000, replay: 1500, ...FAILING } };
const FAULTLESS: Trial = { plan: planOf([STATIC, ONCE], []), floors: { lastCode: 700, replay: 1000 } };

interface Property {
  readonly invariant: Invariant;
  /** Where it is hardest to keep. */
  readonly trial: Trial;
  /** Repositories that are wrong in the way that the invariant forbids. */
  readonly failsOn: readonly (keyof typeof broken)[];
}

const PROPERTIES: readonly Property[] = [
  { invariant: "UNIQUE", trial: ANY, failsOn: ["readsThenClaims"] },
  { invariant: "CONSERVED", trial: ANY, failsOn: ["takesOneTooMany", "strandsMintedCodes"] },
  { invariant: "WHOLE", trial: ANY, failsOn: ["givesWhatItHas"] },
  { invariant: "REPLAYED", trial: ANY, failsOn: ["ignoresKeys"] },
  { invariant: "ONCE", trial: JOINING, failsOn: ["ignoresKeys"] },
  { invariant: "EMPTY", trial: FAULTLESS, failsOn: ["refusesAllBehindABigOne"] },
  { invariant: "NO PHANTOM", trial: ANY, failsOn: ["doesNotKnowItsOwnIds"] },
];

const property = (
  invariants: readonly Invariant[],
  { plan }: Trial,
  reached: Reached,
  breaks?: (inner: Repository) => Repository,
): fc.IAsyncProperty<[fc.Scheduler, Plan]> =>
  fc.asyncProperty(fc.scheduler(), plan, async (scheduler, planned) => {
    const history = await run(planned, scheduler, reached, breaks);
    for (const invariant of invariants) JUDGES[invariant](history);
  });

/** Tries these invariants. In more than one file, so that the processors share the work. */
export const tryInvariants = (...invariants: readonly Invariant[]): void => {
  const tried = PROPERTIES.filter(({ invariant }) => invariants.includes(invariant));

  // Each schedule is judged by all invariants that are hardest to keep there.
  for (const trial of new Set(tried.map((one) => one.trial))) {
    const judged = tried.filter((one) => one.trial === trial).map(({ invariant }) => invariant);
    it(`every schedule keeps ${judged.join(", ")}`, { timeout: TIMEOUT }, async () => {
      const reached = nothingReached();
      await fc.assert(property(judged, trial, reached), { numRuns: SCHEDULES });
      for (const [state, floor] of Object.entries(trial.floors))
        expect(reached[state as keyof Reached], `schedules that reached ${state}`).toBeGreaterThanOrEqual(floor);
    });
  }

  describe.each(tried)("$invariant", ({ invariant, trial, failsOn }) => {
    it.each(failsOn)("fails on a repository that %s", { timeout: TIMEOUT }, async (name) => {
      const { failed } = await fc.check(property([invariant], trial, nothingReached(), broken[name]), {
        numRuns: SCHEDULES,
        endOnFailure: true,
      });
      expect(failed).toBe(true);
    });
  });
};
