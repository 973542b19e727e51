import fc from "fast-check";
import type { PublicationInput } from "oncecode";

/** The requests of a run. There are few customers, campaigns and source ids, so that requests conflict. */

export const STATIC = "static";
export const AUTO = "auto";
export const ONCE = "once";
export const STANDALONE = "standalone";
const NAMED = "STATIC-0";

const customer = fc.constantFrom("ann", "bob");

const source = (campaigns: readonly string[]) =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        campaign: fc.record({ name: fc.constantFrom(...campaigns), count: fc.constantFrom(1, 1, 1, 2, 3) }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ voucher: fc.constantFrom(STANDALONE, NAMED) }) },
  );

const requestOf = (campaigns: readonly string[]): fc.Arbitrary<PublicationInput> =>
  fc
    .record({
      source: source(campaigns),
      customer: fc.oneof(
        customer,
        fc.record({ sourceId: customer, metadata: fc.record({ visits: fc.integer({ min: 0, max: 2 }) }) }),
      ),
      sourceId: fc.constantFrom(null, null, null, "order-1", "order-2"),
      joinOnce: fc.constantFrom(false, false, false, true),
    })
    .map(({ source: from, ...rest }) => ({ ...from, ...rest }));

/** A few requests. Some repeat another one exactly, as a client does after a lost answer. */
export const requestsOf = (campaigns: readonly string[]): fc.Arbitrary<readonly PublicationInput[]> =>
  fc
    .tuple(
      fc.array(requestOf(campaigns), { minLength: 2, maxLength: 4 }),
      fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
    )
    .map(([requests, repeats]) => [...requests, ...repeats.flatMap((i) => requests.slice(i, i + 1))]);
