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
const ANY = planOf([STATIC, AUTO], FAULTS);

interface Property {
  readonly invariant: Invariant;
  readonly plan: fc.Arbitrary<Plan>;
  /** Half of what trial runs reached, at most: below that, the schedules no longer try what they are meant to. */
  readonly floors: Partial<Reached>;
  /** Repositories that are wrong in the way that the invariant forbids. */
  readonly failsOn: readonly (keyof typeof broken)[];
}

const RACING = { lastCode: 1000, extension: 700, replay: 1500 } as const;
const FAILING = { lostReads: 2000, lostBefore: 2000, lostAfter: 2000, refused: 2000 } as const;

/** Each invariant is tried where it is hardest to keep. */
const PROPERTIES: readonly Property[] = [
  { invariant: "UNIQUE", plan: ANY, floors: { ...RACING, ...FAILING }, failsOn: ["readsThenClaims"] },
  {
    invariant: "CONSERVED",
    plan: ANY,
    floors: { ...RACING, ...FAILING },
    failsOn: ["takesOneTooMany", "strandsMintedCodes"],
  },
  { invariant: "WHOLE", plan: ANY, floors: { ...RACING, ...FAILING }, failsOn: ["givesWhatItHas"] },
  { invariant: "REPLAYED", plan: ANY, floors: { ...RACING, ...FAILING }, failsOn: ["ignoresKeys"] },
  {
    invariant: "ONCE",
    plan: planOf([ONCE], FAULTS),
    floors: { lastCode: 1000, replay: 1500, ...FAILING },
    failsOn: ["ignoresKeys"],
  },
  {
    invariant: "EMPTY",
    plan: planOf([STATIC, ONCE], []),
    floors: { lastCode: 700, replay: 1000 },
    failsOn: ["refusesAllBehindABigOne"],
  },
  { invariant: "NO PHANTOM", plan: ANY, floors: { ...RACING, ...FAILING }, failsOn: ["doesNotKnowItsOwnIds"] },
];

const property = (
  { invariant, plan }: Property,
  reached: Reached,
  breaks?: (inner: Repository) => Repository,
): fc.IAsyncProperty<[fc.Scheduler, Plan]> =>
  fc.asyncProperty(fc.scheduler(), plan, async (scheduler, planned) => {
    JUDGES[invariant](await run(planned, scheduler, reached, breaks));
  });

/** Tries these invariants. In more than one file, so that the processors share the work. */
export const tryInvariants = (...invariants: readonly Invariant[]): void =>
  describe.each(PROPERTIES.filter(({ invariant }) => invariants.includes(invariant)))("$invariant", (one) => {
    it("holds under every schedule", { timeout: TIMEOUT }, async () => {
      const reached = nothingReached();
      await fc.assert(property(one, reached), { numRuns: SCHEDULES });
      for (const [state, floor] of Object.entries(one.floors))
        expect(reached[state as keyof Reached], `schedules that reached ${state}`).toBeGreaterThanOrEqual(floor);
    });

    it.each(one.failsOn)("fails on a repository that %s", { timeout: TIMEOUT }, async (name) => {
      const { failed } = await fc.check(property(one, nothingReached(), broken[name]), {
        numRuns: SCHEDULES,
        endOnFailure: true,
      });
      expect(failed).toBe(true);
    });
  });
