import fc from "fast-check";
import {
  type Condition,
  type Customer,
  type Filter,
  type Kind,
  type Metadata,
  matches,
  type Query,
  type Repository,
  where,
} from "oncecode";
import { code, creation, customer, draft, failedDraft, voucher, voucherSelection } from "oncecode/conformance";
import { beforeEach, describe, expect, it } from "vitest";
import { allStores } from "../../support/stores.ts";

const page = <K extends Kind>(kind: K, filter: Filter, details: Partial<Query<K>> = {}): Query<K> => ({
  kind,
  filter,
  by: "id",
  descending: false,
  after: null,
  offset: 0,
  limit: 100,
  ...details,
});

const EVERYONE: Filter = { type: "and", filters: [] };

const INJECTIONS = [
  "' or '1' = '1",
  '" or "1" = "1',
  "') or 1=1 --",
  "'); drop table oncecode_customers; --",
  "$.a' or 1=1 --",
  "\\' or 1=1 --",
  "? or 1=1",
  "/* */ or 1=1",
  "%",
  "_",
  "\\",
  '\\"',
  "\\u0041",
];

/** Values that the laws do not cover: the largest and smallest numbers, and keys and arrays of any kind. */
const anyMetadata = (nul: readonly string[]) => {
  const text = fc.oneof(
    fc.constantFrom(
      "",
      "a",
      "ab",
      "A",
      "a ",
      " ",
      "%",
      "\u{10ffff}",
      "\uffff",
      "1",
      "1.0",
      "1e400",
      "true",
      "[1]",
      "'",
      "\\",
      '"',
      "\\n",
      "\n",
      "\u0001",
      "é",
      "e\u0301",
      "null",
      ...nul,
    ),
    fc
      .string({ unit: "binary", maxLength: 3 })
      .map((string) => (nul.length > 0 ? string : string.replaceAll("\0", "0")).toWellFormed()),
  );
  const number = fc.oneof(
    fc.constantFrom(0, -0, 1, 0.1, 0.30000000000000004, 2 ** 53, 2 ** 63, 2 ** 64, 1e21, 1e308, 5e-324),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
  );
  const scalar = fc.oneof(text, number, fc.boolean());
  const element = fc.oneof(scalar, fc.constant(null), fc.array(scalar, { maxLength: 2 }));
  const value = fc.oneof(
    element,
    fc.array(element, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "1"), scalar),
  );
  // No backslash: after an object with the key "\\", V8 13.6 (Node 24) parses '{"\\n":1}' as if it had that key, too.
  const KEYS = [
    ...nul,
    "k",
    "",
    "-",
    "-0",
    "a-b",
    "a.b",
    "$",
    "__proto__",
    'q"',
    "1",
    "[0]",
    "*",
    "é",
    "\u0001",
    "'",
    "\u{1f600}",
  ];
  const metadata = fc
    .array(fc.tuple(fc.constantFrom(...KEYS), value), { maxLength: 5 })
    .map(
      (entries): Metadata =>
        JSON.parse(`{${entries.map((pair) => pair.map((part) => JSON.stringify(part)).join(":"))}}`),
    );
  const operator = fc.constantFrom(
    ...(["is", "isNot", "in", "notIn", "hasValue", "isUnknown", "contains", "notContain", "startsWith"] as const),
    ...(["endsWith", "moreThan", "lessThan", "moreThanEqual", "lessThanEqual", "after", "before"] as const),
    ...(["count", "countMore", "countLess"] as const),
  );
  const condition = fc.record({
    type: fc.constant("condition" as const),
    attribute: fc.constantFrom("name", ...KEYS.map((key) => `metadata.${key}`)),
    operator,
    operands: fc.array(scalar, { maxLength: 3 }),
  });
  return { text, metadata, condition };
};

/** Stores without the limits of servers. Servers store no NUL characters (the engine refuses them) and are slower. */
const UNRESTRICTED_STORES = ["memory", "SQLite"];

describe.each(allStores)("filters on %s", (name, open) => {
  const [nul, depth, runs] = UNRESTRICTED_STORES.includes(name) ? [["\0", "a\0b"], 400, 150] : [[], 40, 60];
  const { text, metadata, condition } = anyMetadata(nul);
  const injections = [...INJECTIONS, ...nul.map((character) => `${character}' or 1=1 --`)];
  let repository: Repository;
  beforeEach(async () => {
    repository = await open();
  });
  const store = (customers: readonly Customer[]) => repository.put("customers", customers.map(creation));
  const names = async (filter: Filter) => (await repository.page(page("customers", filter))).map((found) => found.name);

  it.each(injections)("treat %j as ordinary text, as an operand, a key and an attribute", async (injected) => {
    await store([
      customer({ name: "Ann", metadata: { a: 1 } }),
      customer({ name: "Bob" }),
      customer({ name: "Eve", metadata: { [injected]: "x" } }),
    ]);
    expect(await names(where("name").is(injected))).toEqual([]);
    expect(await names(where("name").in([injected, "Bob"]))).toEqual(["Bob"]);
    for (const operator of ["contains", "startsWith", "endsWith"] as const)
      expect(await names(where("name")[operator](injected))).toEqual([]);
    expect(await names(where(`metadata.${injected}`).is("x"))).toEqual(["Eve"]);
    expect(await names(where("metadata.a").is(injected))).toEqual([]);
    expect(await names(where("metadata.a").notIn([injected]))).toEqual(["Ann", "Bob", "Eve"]);
    const unknown: Condition = { type: "condition", attribute: injected, operator: "hasValue", operands: [] };
    expect(await names(unknown)).toEqual([]);
    expect(await names({ ...unknown, operator: "isUnknown" })).toEqual(["Ann", "Bob", "Eve"]);
  });

  it.each(injections)("treat %j as an ordinary cursor", async (injected) => {
    await store([customer({ name: "Ann" })]);
    await repository.page(page("customers", EVERYONE, { by: "createdAt", after: { value: injected, id: injected } }));
    expect(await repository.count([{ kind: "customers", filter: EVERYONE }])).toEqual([1]);
  });

  it("find publications by their codes and vouchers, whether they succeeded or failed", async () => {
    const [taken, attempted] = [voucher(), voucher()];
    await repository.add([taken]);
    const success = draft(voucherSelection(taken));
    const failure = failedDraft({ codes: [attempted.code], voucherIds: [attempted.id] });
    await repository.settle([success]);
    await repository.record([failure]);
    const idsOf = async (filter: Filter) => (await repository.page(page("publications", filter))).map(({ id }) => id);

    for (const [{ code, id }, { publication }] of [
      [taken, success],
      [attempted, failure],
    ] as const) {
      expect(await idsOf(where("voucherCode").is(code))).toEqual([publication.id]);
      expect(await idsOf(where("relatedObjectId").in([id, "v_other"]))).toEqual([publication.id]);
      expect(await idsOf(where("voucherCode").isNot(code))).not.toContain(publication.id);
    }
  });

  it("find nothing if they contradict themselves", async () => {
    await repository.record([failedDraft({ codes: [code("A1")] })]);
    const than = (operator: "lessThan" | "moreThan", operand: string): Condition => ({
      type: "condition",
      attribute: "customerId",
      operator,
      operands: [operand],
    });
    const nobody: Filter = { type: "and", filters: [than("lessThan", "a"), than("moreThan", "b")] };
    for (const array of ["voucherCode", "relatedObjectId"] as const) {
      const filter: Filter = { type: "and", filters: [nobody, where(array).endsWith("1")] };
      expect(await repository.page(page("publications", filter))).toEqual([]);
      expect(await repository.count([{ kind: "publications", filter }])).toEqual([0]);
    }
  });

  it("may be of any size", async () => {
    const named = (i: number): Filter => where("name").is(`n${i}`);
    await store([customer({ name: "n7" })]);
    const operands = Array.from({ length: 40_000 }, (_, i) => `n${i}`);
    expect(await names(where("name").in(operands))).toEqual(["n7"]);
    expect(await names({ type: "or", filters: Array.from({ length: 2000 }, (_, i) => named(i)) })).toEqual(["n7"]);
    const deep = Array.from({ length: depth }).reduce<Filter>(
      (inner, _, i) => ({ type: i % 2 === 0 ? "or" : "and", filters: [inner, where("name").isNot("n8")] }),
      named(7),
    );
    expect(await names(deep)).toEqual(["n7"]);
  });

  it("match the same records as `matches`", { timeout: 170_000 }, async () => {
    const people = fc.array(fc.record({ name: fc.option(text), metadata }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(people, fc.array(condition, { minLength: 10, maxLength: 30 }), async (details, conditions) => {
        const customers = details.map(customer);
        await store(customers);
        for (const each of conditions) {
          const own = where("id").in(customers.map(({ id }) => id));
          const found = await repository.page(page("customers", { type: "and", filters: [own, each] }));
          expect(found).toEqual(customers.filter((one) => matches("customers", each, one)));
        }
      }),
      { numRuns: runs },
    );
  });
});

describe.each(allStores.filter(([name]) => name !== "memory"))("an order on %s", (_, open) => {
  it.each(INJECTIONS)("is not %j", async (by) => {
    const repository = await open();
    await expect(repository.page(page("customers", EVERYONE, { by }))).rejects.toThrow();
    expect(await repository.count([{ kind: "customers", filter: EVERYONE }])).toEqual([0]);
  });
});
