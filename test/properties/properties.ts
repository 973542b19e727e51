import fc from "fast-check";
import type { Repository } from "oncecode";
import { describe, expect, it } from "vitest";
import { brokenRepositories } from "../conformance/broken/index.ts";
import { INVARIANTS, type Invariant } from "./invariants.ts";
import { AUTO, ONCE, requestsOf, STATIC } from "./requests.ts";
import { type Plan, run } from "./run.ts";
import { type Fault, noStatesReached, type ReachedStates } from "./scheduled-repository.ts";

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
const RACE_FLOORS = { lastCode: 1000, extension: 700, replay: 1500 } as const;
const FAULT_FLOORS = { lostReads: 2000, lostBefore: 2000, lostAfter: 2000, refused: 2000 } as const;

/** The plans of a property's runs. */
interface Trial {
  readonly plan: fc.Arbitrary<Plan>;
  /** At most half of the counts of trial runs. With lower counts the schedules would no longer try the states in question. */
  readonly floors: Partial<ReachedStates>;
}

const ANY_TRIAL: Trial = { plan: planOf([STATIC, AUTO], FAULTS), floors: { ...RACE_FLOORS, ...FAULT_FLOORS } };
const JOIN_ONCE_TRIAL: Trial = {
  plan: planOf([ONCE], FAULTS),
  floors: { lastCode: 1000, replay: 1500, ...FAULT_FLOORS },
};
const FAULTLESS_TRIAL: Trial = { plan: planOf([STATIC, ONCE], []), floors: { lastCode: 700, replay: 1000 } };

interface Property {
  readonly invariant: Invariant;
  /** The plans in which the invariant is hardest to keep. */
  readonly trial: Trial;
  /** Broken repositories on which the property must fail. */
  readonly failsOn: readonly (keyof typeof brokenRepositories)[];
}

const PROPERTIES: readonly Property[] = [
  { invariant: "UNIQUE", trial: ANY_TRIAL, failsOn: ["readsThenClaims"] },
  { invariant: "CONSERVED", trial: ANY_TRIAL, failsOn: ["claimsOneTooMany", "storesUnusedFreshVouchersInactive"] },
  { invariant: "WHOLE", trial: ANY_TRIAL, failsOn: ["publishesFewerThanAsked"] },
  { invariant: "REPLAYED", trial: ANY_TRIAL, failsOn: ["ignoresKeys"] },
  { invariant: "ONCE", trial: JOIN_ONCE_TRIAL, failsOn: ["ignoresKeys"] },
  { invariant: "EMPTY", trial: FAULTLESS_TRIAL, failsOn: ["refusesDraftsAfterAShortOne"] },
  { invariant: "NO PHANTOM", trial: ANY_TRIAL, failsOn: ["ignoresPublicationIds"] },
];

const property = (
  invariants: readonly Invariant[],
  { plan }: Trial,
  reached: ReachedStates,
  breakRepository?: (inner: Repository) => Repository,
): fc.IAsyncProperty<[fc.Scheduler, Plan]> =>
  fc.asyncProperty(fc.scheduler(), plan, async (scheduler, drawnPlan) => {
    const history = await run(drawnPlan, scheduler, reached, breakRepository);
    for (const invariant of invariants) INVARIANTS[invariant](history);
  });

/** Tests these invariants. Two test files call this function with different invariants, so that they run in parallel. */
export const testInvariants = (...invariants: readonly Invariant[]): void => {
  const properties = PROPERTIES.filter(({ invariant }) => invariants.includes(invariant));

  // Invariants with the same plans are checked in the same runs.
  for (const trial of new Set(properties.map((one) => one.trial))) {
    const trialInvariants = properties.filter((one) => one.trial === trial).map(({ invariant }) => invariant);
    it(`every schedule keeps ${trialInvariants.join(", ")}`, { timeout: TIMEOUT }, async () => {
      const reached = noStatesReached();
      await fc.assert(property(trialInvariants, trial, reached), { numRuns: SCHEDULES });
      for (const [state, floor] of Object.entries(trial.floors))
        expect(reached[state as keyof ReachedStates], `schedules that reached ${state}`).toBeGreaterThanOrEqual(floor);
    });
  }

  describe.each(properties)("$invariant", ({ invariant, trial, failsOn }) => {
    it.each(failsOn)("fails on a repository that %s", { timeout: TIMEOUT }, async (name) => {
      const { failed } = await fc.check(property([invariant], trial, noStatesReached(), brokenRepositories[name]), {
        numRuns: SCHEDULES,
        endOnFailure: true,
      });
      expect(failed).toBe(true);
    });
  });
};
