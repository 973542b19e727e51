import type { Repository } from "oncecode";
import { type Attack, attack } from "./attack.ts";
import * as values from "./values.ts";

const PORT = ["settle", "record", "add", "find", "put", "remove", "page", "count", "batchMax", "lanes"] as const;

const withOption =
  (name: string, value: unknown) =>
  (repository: Repository): readonly unknown[] => [{ repository, [name]: value }];
const refused = (name: string, title: string, make: () => unknown, path: string = name): Attack =>
  attack("createEngine", `${title} as ${name}`, (repository) => withOption(name, make())(repository), [
    "invalid_payload",
    path,
  ]);

const refusedEach = (name: string, hostile: Readonly<Record<string, () => unknown>>): readonly Attack[] =>
  Object.entries(hostile).map(([title, make]) => refused(name, title, make));

const schema = (definition: unknown) => ({ publications: { definitions: { tier: definition } } });
const DEFINITION = "metadataSchemas.publications.definitions.tier";

export const optionAttacks: readonly Attack[] = [
  ...Object.entries({ ...values.notObject, nothing: () => undefined }).map(([title, make]) =>
    attack("createEngine", title, () => [make()], ["invalid_payload", ""]),
  ),
  attack("createEngine", "no repository", () => [{}], ["invalid_payload", "repository"]),
  attack("createEngine", "a promise of a repository", (repository) => [{ repository: Promise.resolve(repository) }], [
    "invalid_payload",
    "repository.settle",
  ]),
  ...PORT.map((name) =>
    attack(
      "createEngine",
      `a repository without ${name}`,
      (repository) => [{ repository: { ...repository, [name]: undefined } }],
      ["invalid_payload", `repository.${name}`],
    ),
  ),
  ...refusedEach("publicationMax", { ...values.notCount, zero: () => 0, "10,001": () => 10_001 }),
  ...refusedEach("extendBy", { ...values.notCount, "10,001": () => 10_001 }),
  ...refusedEach("sourceIdMode", { "a mode that is none": () => "ignore", null: () => null }),
  ...refusedEach("recordFailures", values.notFlag),
  ...refusedEach("refuseGuessable", values.notFlag),
  ...["onWarning", "clock", "randomBytes", "nextId", "gather"].flatMap((name) =>
    refusedEach(name, { text: () => "now", null: () => null }),
  ),
  ...refusedEach("clock", {
    "a clock that gives no Date": () => () => 0,
    "a clock that gives no time": () => () => new Date(Number.NaN),
    "a clock before 1970": () => () => new Date(-1),
    "a clock that throws": () => () => {
      throw new Error("The battery is empty");
    },
  }),
  ...refusedEach("lanes", { ...values.notCount, zero: () => 0 }),
  ...refusedEach("batchMax", { ...values.notCount, zero: () => 0 }),
  ...refusedEach("metadataSchemas", { text: () => "string", "a list": () => [] }),
  refused("metadataSchemas", "no definitions", () => ({ vouchers: {} }), "metadataSchemas.vouchers.definitions"),
  refused(
    "metadataSchemas",
    "101 definitions",
    () => ({
      vouchers: {
        definitions: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, { type: "string" }])),
      },
    }),
    "metadataSchemas.vouchers.definitions",
  ),
  refused("metadataSchemas", "a definition of text", () => schema("string"), DEFINITION),
  refused("metadataSchemas", "an unknown type", () => schema({ type: "text" }), `${DEFINITION}.type`),
  refused("metadataSchemas", "a rule of another type", () => schema({ type: "number", gte: "1" }), `${DEFINITION}.gte`),
  refused(
    "metadataSchemas",
    "a value that is no list",
    () => schema({ type: "string", eq: "gold" }),
    `${DEFINITION}.eq`,
  ),
  refused(
    "metadataSchemas",
    "a length below zero",
    () => schema({ type: "string", minLength: -1 }),
    `${DEFINITION}.minLength`,
  ),
  refused(
    "metadataSchemas",
    "February 30 for a date",
    () => schema({ type: "date", lt: "2026-02-30" }),
    `${DEFINITION}.lt`,
  ),
];
