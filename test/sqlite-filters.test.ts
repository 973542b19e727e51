import fc from "fast-check";
import { type Condition, type Customer, type Filter, type Metadata, matches, type Query, where } from "oncecode";
import { creation, customer, draft, failedDraft, takeNamed, voucher } from "oncecode/conformance";
import { type SqliteRepository, sqliteRepository } from "oncecode/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newFile, openHandle, openRepository } from "./sqlite/folder.ts";
import { watched } from "./sqlite/handles.ts";

let repository: SqliteRepository;
beforeEach(async () => {
  repository = await sqliteRepository({ filename: ":memory:" });
});
afterEach(() => repository.close());

const page = (filter: Filter, details: Partial<Query<"customers">> = {}): Query<"customers"> => ({
  kind: "customers",
  filter,
  by: "id",
  descending: false,
  after: null,
  offset: 0,
  limit: 100,
  ...details,
});

const namesOf = async (filter: Filter): Promise<readonly (string | null)[]> =>
  (await repository.page(page(filter))).map(({ name }) => name);

const store = (customers: readonly Customer[]): Promise<unknown> =>
  repository.put("customers", customers.map(creation));

const INJECTIONS = [
  "' or '1' = '1",
  '" or "1" = "1',
  "') or 1=1 --",
  "'); drop table oncecode_customers; --",
  "$.a' or 1=1 --",
  "\\' or 1=1 --",
  "? or 1=1",
  "/* */ or 1=1",
  "\0' or 1=1 --",
  "%",
  "_",
];

describe("text that looks like SQL", () => {
  beforeEach(() => store([customer({ name: "Ann", metadata: { a: 1 } }), customer({ name: "Bob" })]));

  it.each(INJECTIONS)("%j is an ordinary operand", async (text) => {
    expect(await namesOf(where("name").is(text))).toEqual([]);
    expect(await namesOf(where("name").in([text, "Bob"]))).toEqual(["Bob"]);
    expect(await namesOf(where("name").contains(text))).toEqual([]);
    expect(await namesOf(where("name").startsWith(text))).toEqual([]);
    expect(await namesOf(where("name").endsWith(text))).toEqual([]);
    expect(await namesOf(where("metadata.a").is(text))).toEqual([]);
    expect(await namesOf(where("metadata.a").notIn([text]))).toEqual(["Ann", "Bob"]);
  });

  it.each(INJECTIONS)("metadata.%j is an ordinary key", async (key) => {
    expect(await namesOf(where(`metadata.${key}`).hasValue())).toEqual([]);
    await store([customer({ name: "Eve", metadata: { [key]: "x" } })]);
    expect(await namesOf(where(`metadata.${key}`).is("x"))).toEqual(["Eve"]);
  });

  it.each(INJECTIONS)("%j is an attribute that nobody has", async (attribute) => {
    const condition: Condition = { type: "condition", attribute, operator: "hasValue", operands: [] };
    expect(await namesOf(condition)).toEqual([]);
    expect(await namesOf({ ...condition, operator: "isUnknown" })).toEqual(["Ann", "Bob"]);
  });

  it.each(INJECTIONS)("%j is no order, and a cursor like any other", async (text) => {
    const everyone: Filter = { type: "and", filters: [] };
    await expect(repository.page(page(everyone, { by: text }))).rejects.toThrow();
    await repository.page(page(everyone, { by: "createdAt", after: { value: text, id: text } }));
    expect(await repository.count([{ kind: "customers", filter: everyone }])).toEqual([2]);
  });
});

describe("codes and vouchers of publications", () => {
  it("are found whether the publication succeeded or failed", async () => {
    const [taken, wanted] = [voucher(), voucher()];
    await repository.add([taken]);
    const success = draft(takeNamed(taken));
    const failure = failedDraft({ codes: [wanted.code], voucherIds: [wanted.id] });
    await repository.settle([success]);
    await repository.record([failure]);
    const idsOf = async (filter: Filter): Promise<readonly string[]> =>
      (await repository.page({ ...page(filter), kind: "publications" })).map(({ id }) => id);

    for (const [{ code, id }, owner] of [
      [taken, success],
      [wanted, failure],
    ] as const) {
      expect(await idsOf(where("voucherCode").is(code))).toEqual([owner.publication.id]);
      expect(await idsOf(where("relatedObjectId").in([id, "v_other"]))).toEqual([owner.publication.id]);
      expect(await idsOf(where("voucherCode").isNot(code))).not.toContain(owner.publication.id);
    }
  });
});

describe("counts", () => {
  it("are of one instant, whatever others write meanwhile", async () => {
    const filename = await newFile();
    const other = await openRepository(filename);
    let counted = 0;
    const handle = watched(openHandle(filename), (sql) => {
      if (sql.includes("count(*)") && ++counted === 2) openHandle(filename).exec("delete from oncecode_customers");
    });
    await other.put("customers", [creation(customer())]);
    const counting = await sqliteRepository({ handle });
    const everyone = { kind: "customers", filter: { type: "and", filters: [] } } as const;
    expect(await counting.count([everyone, everyone, everyone])).toEqual([1, 1, 1]);
    expect(await counting.count([everyone])).toEqual([0]);
  });
});

describe("a filter of any size", () => {
  const condition = (i: number): Filter => where("name").is(`n${i}`);

  it("may have thousands of operands and conditions", async () => {
    await store([customer({ name: "n7" })]);
    const operands = Array.from({ length: 40_000 }, (_, i) => `n${i}`);
    expect(await namesOf(where("name").in(operands))).toEqual(["n7"]);
    expect(await namesOf({ type: "or", filters: Array.from({ length: 2000 }, (_, i) => condition(i)) })).toEqual([
      "n7",
    ]);
  });

  it("may be hundreds of levels deep", async () => {
    await store([customer({ name: "n7" })]);
    const deep = Array.from({ length: 400 }).reduce<Filter>(
      (inner, _, i) => ({ type: i % 2 === 0 ? "or" : "and", filters: [inner, where("name").isNot("n8")] }),
      condition(7),
    );
    expect(await namesOf(deep)).toEqual(["n7"]);
  });
});

/** Beyond what the laws try: NUL characters, numbers at the ends of their range, keys and arrays of any kind. */
describe("any condition on any metadata", () => {
  const text = fc.oneof(
    fc.constantFrom(
      "",
      "a",
      "ab",
      "A",
      "%",
      "\0",
      "a\0b",
      "\u{10ffff}",
      "\uffff",
      "1",
      "1.0",
      "1e400",
      "true",
      "[1]",
      "'",
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
  // No backslash: after an object with the key "\\", V8 13.6 (Node 24) parses '{"\\n":1}' as if it had that key, too.
  const KEYS = ["k", "", "a.b", "$", "__proto__", "\0", 'q"', "1", "[0]"];
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

  it("means what `matches` says", async () => {
    const people = fc.array(fc.record({ name: fc.option(text), metadata }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(people, fc.array(condition, { minLength: 10, maxLength: 30 }), async (details, conditions) => {
        const customers = details.map(customer);
        await store(customers);
        for (const each of conditions) {
          const own = where("id").in(customers.map(({ id }) => id));
          const found = await repository.page(page({ type: "and", filters: [own, each] }));
          expect(found).toEqual(customers.filter((one) => matches("customers", each, one)));
        }
      }),
      { numRuns: 150 },
    );
  });
});
