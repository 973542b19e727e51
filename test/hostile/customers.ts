import { type Attack, attack, attacks } from "./attack.ts";
import * as values from "./values.ts";

/** Attacks on the fields of a customer; `prefix` is the path of the customer. */
const fields = (entry: string, args: (customer: unknown) => readonly unknown[], prefix: string): readonly Attack[] => {
  const field = (name: string) => (hostile: unknown) => args({ sourceId: "shop-2", [name]: hostile });
  return [
    ...attacks(entry, field("name"), ["invalid_payload", `${prefix}name`], values.notName),
    ...attacks(entry, field("email"), ["invalid_payload", `${prefix}email`], {
      ...values.notText,
      ...values.brokenText,
      "321 characters": () => `${"x".repeat(315)}@a.com`.slice(0, 321),
    }),
    ...attacks(entry, field("phone"), ["invalid_payload", `${prefix}phone`], { "a number": () => 5 }),
    ...attacks(entry, field("birthdate"), ["invalid_payload", `${prefix}birthdate`], {
      "February 29 of no leap year": () => "2025-02-29",
      "a time": () => "1990-04-01T00:00:00Z",
      "a Date": () => new Date(0),
    }),
    ...attacks(entry, field("address"), ["invalid_payload", `${prefix}address`], {
      text: () => "Graz",
      "a list": () => [],
    }),
    ...attacks(
      entry,
      (city) => field("address")({ city }),
      ["invalid_payload", `${prefix}address.city`],
      values.notName,
    ),
    ...Object.entries(values.notMetadata).map(([title, [path, make]]) =>
      attack(entry, `${title} in metadata`, () => field("metadata")(make()), [
        "invalid_payload",
        `${prefix}metadata${path}`,
      ]),
    ),
  ];
};

const identity = (
  entry: string,
  args: (customer: unknown) => readonly unknown[],
  path: string,
  prefix: string,
): readonly Attack[] => [
  ...attacks(entry, args, ["invalid_customer", path], {
    "nothing known": () => ({}),
    "nothing but nulls": () => ({ id: null, sourceId: null, name: null, metadata: {}, address: { city: null } }),
    "keys that say nothing": () => ({ __proto__: { a: 1 }, constructor: 1, unknown: 2 }),
  }),
  ...attacks(entry, (sourceId) => args({ sourceId }), ["invalid_payload", `${prefix}sourceId`], values.notName),
  ...attacks(entry, (id) => args({ id }), ["invalid_payload", `${prefix}id`], values.notName),
  attack(entry, "a source id that looks like an id", () => args({ sourceId: "cust_1" }), [
    "invalid_customer",
    `${prefix}sourceId`,
  ]),
  attack(entry, "an id that is none", () => args({ id: "cust_none", sourceId: "shop-1" }), ["not_found"]),
];

/** Attacks on the customer of a publication. */
export const publicationCustomerAttacks: readonly Attack[] = [
  ...fields("publications.create", (customer) => [{ campaign: "spring", customer }], "customer."),
  ...identity("publications.create", (customer) => [{ campaign: "spring", customer }], "customer", "customer."),
  ...attacks(
    "publications.create",
    (customer) => [{ campaign: "spring", customer }],
    ["missing_customer", "customer"],
    {
      nothing: () => undefined,
      null: () => null,
    },
  ),
  ...attacks(
    "publications.create",
    (customer) => [{ campaign: "spring", customer }],
    ["invalid_customer", "customer"],
    {
      ...values.brokenText,
      "empty text": () => "",
      "256 characters": () => "x".repeat(256),
    },
  ),
  ...attacks("publications.create", (customer) => [{ campaign: "spring", customer }], ["invalid_payload", "customer"], {
    "a number": () => 5,
    "a list": () => ["shop-1"],
    ...values.traps,
  }),
  attack("publications.create", "an id, as text, that is none", () => [{ campaign: "spring", customer: "cust_none" }], [
    "not_found",
  ]),
];

export const customerAttacks: readonly Attack[] = [
  ...attacks("customers.upsert", (hostile) => [hostile], ["invalid_payload", ""], {
    ...values.notObject,
    ...values.traps,
    nothing: () => undefined,
  }),
  ...identity("customers.upsert", (customer) => [customer], "", ""),
  ...fields("customers.upsert", (customer) => [customer], ""),
  ...attacks("customers.update", (hostile) => ["shop-1", hostile], ["invalid_payload", ""], {
    ...values.notObject,
    nothing: () => undefined,
  }),
  ...fields("customers.update", (change) => ["shop-1", { ...(change as object), sourceId: undefined }], ""),
  attack("customers.update", "another source id", () => ["shop-1", { sourceId: "shop-2" }], [
    "invalid_customer",
    "sourceId",
  ]),
  attack("customers.update", "no source id any more", () => ["shop-1", { sourceId: null }], [
    "invalid_customer",
    "sourceId",
  ]),
  attack("customers.update", "a source id that looks like an id", () => ["shop-1", { sourceId: "cust_1" }], [
    "invalid_customer",
    "sourceId",
  ]),
  ...["get", "update", "delete"].flatMap((method) => [
    ...attacks(`customers.${method}`, (hostile) => [hostile, {}], ["invalid_payload", "customer"], {
      ...values.notName,
      nothing: () => undefined,
      null: () => null,
    }),
    ...attacks(`customers.${method}`, (hostile) => [hostile, {}], ["not_found"], {
      "a source id that is none": () => "shop-9",
      "an id that is none": () => "cust_none",
      "an email": () => "ann@example.test",
    }),
  ]),
];
