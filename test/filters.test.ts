import fc from "fast-check";
import {
  type Condition,
  type Customer,
  type Filter,
  type Metadata,
  matches,
  type Query,
  type Repository,
  where,
} from "oncecode";
import { creation, customer } from "oncecode/conformance";
import { beforeEach, describe, expect, it } from "vitest";
import { stores } from "./stores.ts";

const page = (filter: Filter): Query<"customers"> => ({
  kind: "customers",
  filter,
  by: "id",
  descending: false,
  after: null,
  offset: 0,
  limit: 100,
});

const INJECTIONS = [
  "' or '1' = '1",
  '" or "1" = "1',
  "') or 1=1 --",
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

describe.each(stores)("filters on %s", (_, open) => {
  let repository: Repository;
  beforeEach(async () => {
    repository = await open();
  });
  const store = (customers: readonly Customer[]) => repository.put("customers", customers.map(creation));

  const names = async (filter: Filter) => (await repository.page(page(filter))).map(({ name }) => name);

  it.each(INJECTIONS)("take %j for ordinary text, as an operand and as a key", async (text) => {
    await store([
      customer({ name: "Ann", metadata: { a: 1 } }),
      customer({ name: "Bob" }),
      customer({ name: "Eve", metadata: { [text]: "x" } }),
    ]);
    expect(await names(where("name").is(text))).toEqual([]);
    expect(await names(where("name").in([text, "Bob"]))).toEqual(["Bob"]);
    expect(await names(where("name").contains(text))).toEqual([]);
    expect(await names(where(`metadata.${text}`).is("x"))).toEqual(["Eve"]);
    expect(await names(where("metadata.a").notIn([text]))).toEqual(["Ann", "Bob", "Eve"]);
  });

  it("may be of any size", async () => {
    const condition = (i: number): Filter => where("name").is(`n${i}`);
    await store([customer({ name: "n7" })]);
    const operands = Array.from({ length: 40_000 }, (_, i) => `n${i}`);
    expect(await names(where("name").in(operands))).toEqual(["n7"]);
    expect(await names({ type: "or", filters: Array.from({ length: 2000 }, (_, i) => condition(i)) })).toEqual(["n7"]);
    const deep = Array.from({ length: 40 }).reduce<Filter>(
      (inner, _, i) => ({ type: i % 2 === 0 ? "or" : "and", filters: [inner, where("name").isNot("n8")] }),
      condition(7),
    );
    expect(await names(deep)).toEqual(["n7"]);
  });

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
    ),
    fc.string({ unit: "binary", maxLength: 3 }).map((string) => string.toWellFormed()),
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
  const KEYS = [
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

  it("mean what `matches` says", { timeout: 170_000 }, async () => {
    const people = fc.array(fc.record({ name: fc.option(text), metadata }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(people, fc.array(condition, { minLength: 10, maxLength: 30 }), async (details, conditions) => {
        const customers = details.map(customer);
        await store(customers);
        for (const each of conditions as Condition[]) {
          const own = where("id").in(customers.map(({ id }) => id));
          const found = await repository.page(page({ type: "and", filters: [own, each] }));
          expect(found).toEqual(customers.filter((one) => matches("customers", each, one)));
        }
      }),
      { numRuns: 80 },
    );
  });
});
