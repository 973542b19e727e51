import assert from "node:assert/strict";
import fc from "fast-check";
import { ATTRIBUTES, type Column, columnOf, ORDERS, type ValueType } from "../../domain/attributes.ts";
import { type Condition, type Filter, type Operator, operatorsOn, type Scalar } from "../../domain/filters.ts";
import { matches } from "../../domain/matching.ts";
import type { Kind, Records } from "../../domain/model.ts";
import { comparePositions, type Position, positionOf, type Query } from "../../domain/pages.ts";
import type { Law, Laws } from "../law.ts";
import { KEYS, TEXTS } from "../nasty.ts";
import { LATER, NOW, TOMORROW, YESTERDAY } from "../records.ts";
import { inCalls } from "../setting.ts";
import { populate, type World } from "../world.ts";

const KINDS: readonly Kind[] = ["publications", "vouchers", "campaigns", "customers"];

interface Filterable {
  readonly attribute: string;
  readonly type: ValueType;
}
const attributesOf = (kind: Kind): readonly Filterable[] => [
  ...Object.keys(ATTRIBUTES[kind]).map((attribute) => ({ attribute, type: columnOf(kind, attribute)?.type ?? "text" })),
  ...[...KEYS, "missing"].map((name): Filterable => ({ attribute: `metadata.${name}`, type: "json" })),
];

const isScalar = (value: unknown): value is Scalar => ["string", "number", "boolean"].includes(typeof value);

/** Scalars that the records have there, so that conditions hit as well as miss. */
const storedScalars = (kind: Kind, world: World, { attribute }: Filterable): readonly Scalar[] => {
  const column: Column | undefined = columnOf(kind, attribute);
  const values = world[kind].map((record): unknown =>
    column === undefined ? record.metadata[attribute.slice("metadata.".length)] : Reflect.get(record, column.field),
  );
  return values.flat().filter(isScalar);
};

const operandsFor = (type: ValueType, stored: readonly Scalar[]): readonly Scalar[] => {
  switch (type) {
    case "instant":
      return [NOW, YESTERDAY, TOMORROW, LATER];
    case "boolean":
      return [true, false, "true", "false", "x"];
    case "text":
    case "texts":
    case "json": {
      const parts = stored
        .filter((value) => typeof value === "string")
        .flatMap((text) => [text.slice(0, 1), text.slice(-1)]);
      return [
        ...stored,
        ...parts,
        ...TEXTS,
        "",
        0,
        9,
        10,
        1000,
        -1,
        0.1,
        1e21,
        true,
        false,
        "-1",
        "0.1",
        "1e21",
        "0x10",
      ];
    }
  }
};

const LENGTHS: readonly Scalar[] = [0, 1, 2, 3, 7, "1", "2", "1.5", "x", true, -1];
const OPERANDS_PER_OPERATOR = 12;

const spread = <T>(items: readonly T[], count: number, from: number): readonly T[] => {
  const step = Math.max(1, items.length / count);
  return Array.from(
    { length: Math.min(count, items.length) },
    (_, i) => items[Math.floor(from + i * step) % items.length],
  ).filter((item) => item !== undefined);
};

/** Conditions of every operator on every attribute, each with a choice of operands. */
const conditionsOf = (kind: Kind, world: World): readonly Condition[] =>
  attributesOf(kind).flatMap((filterable, i) => {
    const stored = [...new Set(storedScalars(kind, world, filterable))];
    const operands = [...new Set(operandsFor(filterable.type, stored))];
    const condition = (operator: Operator, ...some: readonly Scalar[]): Condition => ({
      type: "condition",
      attribute: filterable.attribute,
      operator,
      operands: some,
    });
    return operatorsOn(filterable.type).flatMap((operator, j): readonly Condition[] => {
      const chosen = spread(operands, OPERANDS_PER_OPERATOR, i * 5 + j * 3);
      switch (operator) {
        case "hasValue":
        case "isUnknown":
          return [condition(operator)];
        case "in":
        case "notIn":
          return [[], chosen.slice(0, 1), chosen.slice(0, 4), operands].map((some) => condition(operator, ...some));
        case "count":
        case "countMore":
        case "countLess":
          return LENGTHS.map((length) => condition(operator, length));
        default:
          return chosen.map((operand) => condition(operator, operand));
      }
    });
  });

const idsOf = (records: readonly { readonly id: string }[]): readonly string[] => records.map(({ id }) => id);

const conditionLaw = (law: Parameters<Laws>[0], kind: Kind): Law =>
  law(
    `every condition on ${kind} holds for the records that \`matches\` says, and no other`,
    "a host would act on records that it did not ask for, and differently on every store",
    async (repository) => {
      const world = await populate(repository);
      const records: readonly Records[Kind][] = world[kind];
      const ordered = records.toSorted((a, b) => comparePositions(positionOf("id", a), positionOf("id", b)));
      const conditions = conditionsOf(kind, world);
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
        await inCalls(repository, queries, (some) => repository.count(some)),
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
        filter: trees(conditionsOf(kind, world)),
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
