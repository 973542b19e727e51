import { and, type Filter, or, where } from "oncecode";
import { type Attack, attack, attacks } from "./attack.ts";
import * as values from "./values.ts";

const code = "invalid_query_params";
const LISTS = ["campaigns.list", "vouchers.list", "customers.list", "publications.list"];
const QUERIES = [...LISTS, "publications.iterate", "publications.count"];

const condition = (change: object): object => ({
  type: "condition",
  attribute: "id",
  operator: "is",
  operands: ["a"],
  ...change,
});
const deep = (levels: number): unknown => {
  let filter: Filter = and();
  for (let i = 0; i < levels; i++) filter = or(filter);
  return filter;
};
const circular = (): unknown => {
  const filter = { type: "and", filters: [] as unknown[] };
  filter.filters.push(filter);
  return filter;
};
const cursor = (...fields: readonly unknown[]): string => Buffer.from(JSON.stringify(fields)).toString("base64url");

const kindOf = (entry: string): string => entry.slice(0, entry.indexOf("."));

const pageAttacks: readonly Attack[] = LISTS.flatMap((entry) => [
  ...attacks(entry, (hostile) => [hostile], [code, ""], {
    text: () => "page=1",
    "a number": () => 5,
    "a list": () => [],
    ...values.traps,
  }),
  ...attacks(entry, (limit) => [{ limit }], [code, "limit"], {
    ...values.notCount,
    zero: () => 0,
    "101": () => 101,
    null: () => null,
  }),
  ...attacks(entry, (page) => [{ page }], [code, "page"], { ...values.notCount, zero: () => 0, null: () => null }),
  ...attacks(entry, (page) => [{ page }], ["page_over_limit", "page"], { "1001": () => 1001, "a billion": () => 1e9 }),
  ...attacks(entry, (order) => [{ order }], [code, "order"], {
    "an unknown attribute": () => "rank",
    "a key of every object": () => "toString",
    "two signs": () => "--createdAt",
    SQL: () => "createdAt; DROP TABLE vouchers",
    "empty text": () => "",
    "a list": () => ["createdAt"],
  }),
  ...attacks(entry, (value) => [{ cursor: value }], [code, "cursor"], {
    "empty text": () => "",
    "a number": () => 5,
    garbage: () => "garbage!",
    "10 MB of text": () => "A".repeat(values.MEGABYTES),
    "JSON of something else": () => Buffer.from('{"by":"id"}').toString("base64url"),
    "a cursor of another list": () => cursor("another", "createdAt", true, null, "a"),
    "a cursor of another order": () => cursor(kindOf(entry), "id", true, "a", "a"),
    "a cursor of the other direction": () => cursor(kindOf(entry), "createdAt", false, "2026-01-01T00:00:00.000Z", "a"),
    "a cursor at no date": () => cursor(kindOf(entry), "createdAt", true, "2026-02-30", "a"),
    "a cursor at a number": () => cursor(kindOf(entry), "createdAt", true, 5, "a"),
    "a cursor with U+0000": () => cursor(kindOf(entry), "createdAt", true, null, "a\u0000"),
    "a cursor with more in it": () => cursor(kindOf(entry), "createdAt", true, null, "a", "b"),
    "a cursor and a line break": () => `${cursor(kindOf(entry), "createdAt", true, null, "a")}\n`,
  }),
  attack(entry, "page and cursor", () => [{ page: 2, cursor: cursor(kindOf(entry), "createdAt", true, null, "a") }], [
    code,
    "page",
  ]),
]);

const filterAttacks: readonly Attack[] = QUERIES.flatMap((entry) => {
  const query = (tree: unknown) => [{ filters: tree }];
  return [
    ...attacks(entry, query, [code, "filters"], {
      text: () => "id=a",
      null: () => null,
      "a number": () => 5,
      ...values.traps,
    }),
    ...attacks(entry, query, [code, "filters.type"], {
      "an empty object": () => ({}),
      "an unknown junction": () => ({ type: "xor", filters: [] }),
      "the contract's nested form": () => ({ id: { conditions: { $is: "a" } } }),
    }),
    ...attacks(entry, query, [code, "filters.filters"], {
      "no list": () => ({ type: "or" }),
      "an object for a list": () => ({ type: "or", filters: {} }),
    }),
    ...attacks(entry, (one) => query(condition({ attribute: one })), [code, "filters.attribute"], {
      "an unknown attribute": () => "rank",
      "an attribute's contract name": () => "created_at",
      "a key of every object": () => "constructor",
      "nothing at all": () => undefined,
      "metadata without a key": () => "metadata",
      "a metadata key with U+0000": () => "metadata.a\u0000",
      SQL: () => 'id" OR 1=1 --',
    }),
    ...attacks(entry, (operator) => query(condition({ operator })), [code, "filters.operator"], {
      "an unknown operator": () => "like",
      "the contract's spelling": () => "$is",
      "a key of every object": () => "valueOf",
      "an operator of dates": () => "after",
      "an operator of lists": () => "countMore",
    }),
    ...attacks(entry, (operands) => query(condition({ operands })), [code, "filters.operands"], {
      nothing: () => undefined,
      text: () => "a",
      "no operand": () => [],
      "two operands": () => ["a", "b"],
    }),
    ...attacks(entry, (operand) => query(condition({ operands: [operand] })), [code, "filters.operands[0]"], {
      null: () => null,
      "a number": () => 5,
      "an object": () => ({ $gt: "" }),
      "half of an emoji": () => "\ud83d",
      "text with U+0000": () => "a\u0000",
      "10 MB of text": () => "a".repeat(values.MEGABYTES),
    }),
    ...attacks(
      entry,
      (operand) => query(condition({ attribute: "createdAt", operator: "after", operands: [operand] })),
      [code, "filters.operands[0]"],
      values.notDate,
    ),
    ...attacks(
      entry,
      (operand) => query(condition({ attribute: "metadata.a", operands: [operand] })),
      [code, "filters.operands[0]"],
      {
        NaN: () => Number.NaN,
        "a bigint": () => 1n,
        "a list": () => ["a"],
      },
    ),
    attack(
      entry,
      "something wrong deep inside",
      () => query(and(where("id").is("a"), or(condition({ attribute: "no" }) as never))),
      [code, "filters.filters[1].filters[0].attribute"],
    ),
    ...attacks(entry, query, ["query_too_large", "filters"], {
      "101 conditions": () => and(...Array.from({ length: 101 }, () => where("id").is("a"))),
      "1001 operands": () => where("id").in(new Array(1001).fill("a")),
      "a million operands": () => where("id").in(new Array(1_000_000).fill("a")),
      "a million groups": () => ({ type: "and", filters: new Array(1_000_000).fill(and()) }),
    }),
    ...attacks(entry, query, ["query_too_large", `filters${".filters[0]".repeat(20)}`], {
      "21 levels": () => deep(20),
      "a million levels": () => deep(1_000_000),
      "a circle": circular,
    }),
  ];
});

const shorthandAttacks: readonly Attack[] = ["publications.list", "publications.iterate", "publications.count"].flatMap(
  (entry) => [
    ...["campaign", "customer", "voucher", "sourceId"].flatMap((name) =>
      attacks(entry, (hostile) => [{ [name]: hostile }], [code, name], { ...values.notName, null: () => null }),
    ),
    ...attacks(entry, (result) => [{ result }], [code, "result"], {
      "an unknown result": () => "MAYBE",
      "small letters": () => "success",
    }),
    ...attacks(entry, (voucherType) => [{ voucherType }], [code, "voucherType"], {
      "an unknown type": () => "LUCKY_DRAW",
      "empty text": () => "",
    }),
    ...attacks(entry, (isReferralCode) => [{ isReferralCode }], [code, "isReferralCode"], { text: () => "true" }),
    ...attacks(entry, (before) => [{ createdAt: { before } }], [code, "createdAt.before"], values.notDate),
    ...attacks(entry, (after) => [{ createdAt: { after } }], [code, "createdAt.after"], values.notDate),
    attack(entry, "an attribute of vouchers", () => [{ filters: where("holderId").is("cust_1") }], [
      code,
      "filters.attribute",
    ]),
  ],
);

const nestedFilterAttacks: readonly Attack[] = [
  ...attacks("parseFilters", (hostile) => [hostile], [code, "filters"], {
    ...values.notObject,
    ...values.traps,
    nothing: () => undefined,
  }),
  ...attacks("parseFilters", (junction) => [{ junction }], [code, "filters.junction"], {
    "an unknown junction": () => "xor",
    null: () => null,
    "a list": () => ["or"],
  }),
  attack("parseFilters", "an unknown attribute", () => [{ rank: { conditions: { $is: "1" } } }], [
    code,
    "filters.rank",
  ]),
  attack("parseFilters", "an attribute of another kind", () => [{ code: { conditions: { $is: "1" } } }], [
    code,
    "filters.code",
  ]),
  attack("parseFilters", "a key of every object", () => [{ constructor: { conditions: { $is: "1" } } }], [
    code,
    "filters.constructor",
  ]),
  attack("parseFilters", "an own __proto__", () => [JSON.parse('{"__proto__":{"conditions":{"$is":"1"}}}')], [
    code,
    "filters.__proto__",
  ]),
  ...attacks("parseFilters", (conditions) => [{ channel: { conditions } }], [code, "filters.channel.conditions"], {
    nothing: () => undefined,
    text: () => "a",
    "no operator": () => ({}),
    "a list": () => [{ $is: "a" }],
  }),
  attack("parseFilters", "an attribute without conditions", () => [{ channel: "API" }], [
    code,
    "filters.channel.conditions",
  ]),
  attack("parseFilters", "an unknown operator", () => [{ channel: { conditions: { $regex: "(a+)+" } } }], [
    code,
    "filters.channel.conditions.$regex",
  ]),
  attack(
    "parseFilters",
    "an operator of dates on text",
    () => [{ channel: { conditions: { $after: "2026-01-01" } } }],
    [code, "filters.channel.conditions.$after"],
  ),
  ...attacks(
    "parseFilters",
    ($is) => [{ channel: { conditions: { $is } } }],
    [code, "filters.channel.conditions.$is"],
    {
      null: () => null,
      "an object": () => ({ a: "b" }),
      "no value": () => [],
    },
  ),
  attack("parseFilters", "a bad value among good ones", () => [{ channel: { conditions: { $in: ["a", null] } } }], [
    code,
    "filters.channel.conditions.$in[1]",
  ]),
  attack("parseFilters", "false for presence", () => [{ channel: { conditions: { $has_value: false } } }], [
    code,
    "filters.channel.conditions.$has_value",
  ]),
  attack("parseFilters", "101 conditions", () => [{ channel: { conditions: { $is: new Array(101).fill("a") } } }], [
    "query_too_large",
    "filters",
  ]),
  attack(
    "parseFilters",
    "101 attributes",
    () => [Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`metadata.${i}`, { conditions: { $is: "a" } }]))],
    ["query_too_large", "filters"],
  ),
  attack(
    "parseFilters",
    "a million operands",
    () => [{ channel: { conditions: { $in: new Array(1_000_000).fill("a") } } }],
    ["query_too_large", "filters"],
  ),
];

export const listAttacks: readonly Attack[] = [
  ...pageAttacks,
  ...filterAttacks,
  ...shorthandAttacks,
  ...nestedFilterAttacks,
];
