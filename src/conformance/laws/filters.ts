import assert from "node:assert/strict";
import fc from "fast-check";
import { ORDERS } from "../../domain/attributes.ts";
import { matches } from "../../domain/filter-evaluation.ts";
import type { Condition, Filter } from "../../domain/filters.ts";
import type { Kind, Records } from "../../domain/model.ts";
import { comparePositions, type Position, positionOf, type Query } from "../../domain/pages.ts";
import { populate } from "../fixture.ts";
import type { Law, LawGroup } from "../law.ts";
import { sampleConditions } from "../sample-conditions.ts";

const KINDS: readonly Kind[] = ["publications", "vouchers", "campaigns", "customers"];

const idsOf = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id);

const conditionLaw = (law: Parameters<LawGroup>[0], kind: Kind): Law =>
  law(
    `each condition on ${kind} matches the same records as \`matches\``,
    "a host would act on records that it did not ask for, and differently on every store",
    async (repository) => {
      const fixture = await populate(repository);
      const records: readonly Records[Kind][] = fixture[kind];
      const ordered = records.toSorted((a, b) => comparePositions(positionOf("id", a), positionOf("id", b)));
      const conditions = sampleConditions(kind, fixture[kind]);
      const expected = conditions.map((filter) => ordered.filter((record) => matches(kind, filter, record)));
      const query = { kind, by: "id", descending: false, after: null, offset: 0, limit: 1000 };
      for (const [i, filter] of conditions.entries())
        assert.deepEqual(
          idsOf(await repository.page({ ...query, filter })),
          idsOf(expected[i] ?? []),
          JSON.stringify(filter),
        );
      const queries = conditions.map((filter) => ({ kind, filter }));
      assert.deepEqual(
        await repository.count(queries),
        expected.map(({ length }) => length),
      );
    },
  );

const filterTrees = (conditions: readonly Condition[]): fc.Arbitrary<Filter> => {
  const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(...conditions),
      fc.record({ type: fc.constantFrom("and", "or"), filters: fc.array(tie("tree"), { maxLength: 4 }) }),
    ),
  }));
  return tree;
};

const expectedPage = <K extends Kind>(records: readonly Records[K][], query: Query<K>): readonly Records[K][] => {
  const compare = (a: Position, b: Position): number => comparePositions(a, b) * (query.descending ? -1 : 1);
  const positionIn = (record: Records[K]): Position => positionOf(query.by, record);
  return records
    .filter((record) => matches(query.kind, query.filter, record))
    .filter((record) => query.after === null || compare(positionIn(record), query.after) > 0)
    .toSorted((a, b) => compare(positionIn(a), positionIn(b)))
    .slice(query.offset, query.offset + query.limit);
};

const treeLaw = (law: Parameters<LawGroup>[0], kind: Kind): Law =>
  law(
    `pages of ${kind} with any filter tree, order and start have the records that \`matches\` accepts, in order`,
    "each condition would be right, but their combination would be wrong",
    async (repository) => {
      const fixture = await populate(repository);
      const records: readonly Records[Kind][] = fixture[kind];
      const orders: readonly string[] = ORDERS[kind];
      const query = fc.record({
        kind: fc.constant(kind),
        filter: filterTrees(sampleConditions(kind, fixture[kind])),
        by: fc.constantFrom(...orders),
        descending: fc.boolean(),
        from: fc.option(fc.constantFrom(...records)),
        offset: fc.nat(4),
        limit: fc.constantFrom(1, 5, 50),
      });
      const property = fc.asyncProperty(query, async ({ from, ...rest }) => {
        const pageQuery = { ...rest, after: from === null ? null : positionOf(rest.by, from) };
        assert.deepEqual(idsOf(await repository.page(pageQuery)), idsOf(expectedPage(records, pageQuery)));
        const [total] = await repository.count([pageQuery]);
        assert.equal(total, records.filter((record) => matches(kind, rest.filter, record)).length);
      });
      await fc.assert(property, { numRuns: 150 });
    },
  );

/** Filters in a store match the same records as the pure function `matches`. */
export const filterLaws: LawGroup = (law) => [
  ...KINDS.map((kind) => conditionLaw(law, kind)),
  ...KINDS.map((kind) => treeLaw(law, kind)),
];
