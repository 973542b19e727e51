import assert from "node:assert/strict";
import fc from "fast-check";
import { ORDERS } from "../../domain/attributes.ts";
import type { Condition, Filter } from "../../domain/filters.ts";
import { matches } from "../../domain/matching.ts";
import type { Kind, Records } from "../../domain/model.ts";
import { comparePositions, type Position, positionOf, type Query } from "../../domain/pages.ts";
import { conditionsOf } from "../conditions.ts";
import type { Law, Laws } from "../law.ts";
import { populate } from "../world.ts";

const KINDS: readonly Kind[] = ["publications", "vouchers", "campaigns", "customers"];

const idsOf = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id);

const conditionLaw = (law: Parameters<Laws>[0], kind: Kind): Law =>
  law(
    `every condition on ${kind} holds for the records that \`matches\` says, and no other`,
    "a host would act on records that it did not ask for, and differently on every store",
    async (repository) => {
      const world = await populate(repository);
      const records: readonly Records[Kind][] = world[kind];
      const ordered = records.toSorted((a, b) => comparePositions(positionOf("id", a), positionOf("id", b)));
      const conditions = conditionsOf(kind, world[kind]);
      const meant = conditions.map((filter) => ordered.filter((record) => matches(kind, filter, record)));
      const query = { kind, by: "id", descending: false, after: null, offset: 0, limit: 1000 };
      for (const [i, filter] of conditions.entries())
        assert.deepEqual(
          idsOf(await repository.page({ ...query, filter })),
          idsOf(meant[i] ?? []),
          JSON.stringify(filter),
        );
      const queries = conditions.map((filter) => ({ kind, filter }));
      assert.deepEqual(
        await repository.count(queries),
        meant.map(({ length }) => length),
      );
    },
  );

const trees = (conditions: readonly Condition[]): fc.Arbitrary<Filter> => {
  const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(...conditions),
      fc.record({ type: fc.constantFrom("and", "or"), filters: fc.array(tie("tree"), { maxLength: 4 }) }),
    ),
  }));
  return tree;
};

const pageOf = <K extends Kind>(records: readonly Records[K][], query: Query<K>): readonly Records[K][] => {
  const compare = (a: Position, b: Position): number => comparePositions(a, b) * (query.descending ? -1 : 1);
  const place = (record: Records[K]): Position => positionOf(query.by, record);
  return records
    .filter((record) => matches(query.kind, query.filter, record))
    .filter((record) => query.after === null || compare(place(record), query.after) > 0)
    .toSorted((a, b) => compare(place(a), place(b)))
    .slice(query.offset, query.offset + query.limit);
};

const treeLaw = (law: Parameters<Laws>[0], kind: Kind): Law =>
  law(
    `pages of ${kind} under any tree of conditions, in any order, from any place, are as the memory repository has them`,
    "the parts of a filter would each be right, and their sum wrong",
    async (repository) => {
      const world = await populate(repository);
      const records: readonly Records[Kind][] = world[kind];
      const orders: readonly string[] = ORDERS[kind];
      const query = fc.record({
        kind: fc.constant(kind),
        filter: trees(conditionsOf(kind, world[kind])),
        by: fc.constantFrom(...orders),
        descending: fc.boolean(),
        from: fc.option(fc.constantFrom(...records)),
        offset: fc.nat(4),
        limit: fc.constantFrom(1, 5, 50),
      });
      const property = fc.asyncProperty(query, async ({ from, ...rest }) => {
        const asked = { ...rest, after: from === null ? null : positionOf(rest.by, from) };
        assert.deepEqual(idsOf(await repository.page(asked)), idsOf(pageOf(records, asked)));
        const [all] = await repository.count([asked]);
        assert.equal(all, records.filter((record) => matches(kind, rest.filter, record)).length);
      });
      await fc.assert(property, { numRuns: 150 });
    },
  );

/** What filters mean: what the pure evaluator says. */
export const filterLaws: Laws = (law) => [
  ...KINDS.map((kind) => conditionLaw(law, kind)),
  ...KINDS.map((kind) => treeLaw(law, kind)),
];
