import { type Attack, attack, attacks } from "./attack.ts";
import * as values from "./values.ts";

const from = (source: object) => [{ ...source, customer: "shop-1" }];
const field = (name: string) => (hostile: unknown) => [{ campaign: "spring", customer: "shop-1", [name]: hostile }];

const pool = (name: unknown) => from({ campaign: { name } });

const sources: readonly Attack[] = [
  ...attacks("publications.create", (hostile) => [hostile], ["invalid_payload", ""], {
    ...values.notObject,
    nothing: () => undefined,
  }),
  attack("publications.create", "a revoked proxy", () => [values.revoked()], ["invalid_payload", ""]),
  ...attacks("publications.create", () => from({}), ["missing_vouchers", "campaign"], { "no source": () => undefined }),
  attack("publications.create", "null for both sources", () => from({ voucher: null, campaign: null }), [
    "missing_vouchers",
    "campaign",
  ]),
  attack("publications.create", "neither source nor customer", () => [{}], ["missing_vouchers", "campaign"]),
  ...attacks("publications.create", (voucher) => from({ voucher }), ["invalid_payload", "voucher"], values.notName),
  attack("publications.create", "a voucher that is none", () => from({ voucher: "NONE" }), ["not_found"]),
  attack("publications.create", "a voucher in other letters", () => from({ voucher: "solo" }), ["not_found"]),
  attack("publications.create", "a voucher that is published", () => from({ voucher: "GIVEN" }), [
    "voucher_already_published",
  ]),
  ...attacks("publications.create", (campaign) => from({ campaign }), ["invalid_payload", "campaign"], {
    ...values.brokenText,
    "a number": () => 5,
    "a list": () => [{ name: "spring" }],
    "empty text": () => "",
    "256 characters": () => "x".repeat(256),
  }),
  ...attacks("publications.create", pool, ["invalid_payload", "campaign.name"], {
    ...values.notName,
    nothing: () => undefined,
    null: () => null,
  }),
  attack("publications.create", "a campaign that is none", () => from({ campaign: "winter" }), ["not_found"]),
  attack("publications.create", "a wildcard for a campaign", () => from({ campaign: "%" }), ["not_found"]),
  ...attacks(
    "publications.create",
    (count) => from({ campaign: { name: "spring", count } }),
    ["invalid_payload", "campaign.count"],
    {
      ...values.notCount,
      zero: () => 0,
      null: () => null,
    },
  ),
  ...attacks(
    "publications.create",
    (count) => from({ campaign: { name: "auto", count } }),
    ["too_many_vouchers_requested"],
    { "51 vouchers": () => 51, "more vouchers than there are numbers for": () => Number.MAX_SAFE_INTEGER },
  ),
  attack("publications.create", "more than the campaign has", () => from({ campaign: { name: "spring", count: 50 } }), [
    "no_voucher_suitable_for_publication",
  ]),
  attack(
    "publications.create",
    "two of a kind that one joins once",
    () => [{ campaign: { name: "once", count: 2 }, customer: "shop-1" }],
    ["too_many_vouchers_requested"],
  ),
];

const fields: readonly Attack[] = [
  ...attacks("publications.create", field("channel"), ["invalid_payload", "channel"], values.notName),
  ...attacks("publications.create", field("sourceId"), ["invalid_payload", "sourceId"], values.notName),
  attack("publications.create", "a source id of another request", () => field("sourceId")("order-1"), [
    "duplicate_source_id",
  ]),
  ...attacks("publications.create", field("joinOnce"), ["invalid_payload", "joinOnce"], values.notFlag),
  ...Object.entries(values.notMetadata).map(([title, [path, make]]) =>
    attack("publications.create", `${title} in metadata`, () => field("metadata")(make()), [
      "invalid_payload",
      `metadata${path}`,
    ]),
  ),
  attack("publications.create", "metadata against the schema", () => field("metadata")({ tier: "lead" }), [
    "metadata_validation_failed",
    "metadata.tier",
  ]),
  attack("customers.upsert", "metadata against the schema", () => [{ sourceId: "shop-2", metadata: { age: -1 } }], [
    "metadata_validation_failed",
    "metadata.age",
  ]),
  attack(
    "publications.create",
    "a customer's metadata against the schema",
    () => [{ campaign: "spring", customer: { sourceId: "shop-2", metadata: { age: "1" } } }],
    ["metadata_validation_failed", "customer.metadata.age"],
  ),
  attack("publications.create", "a getter that throws", () => field("metadata")(values.throwing()), [
    "invalid_payload",
    "metadata.name",
  ]),
  ...attacks("publications.resolve", (hostile) => [hostile], ["invalid_payload", "publicationId"], {
    ...values.notName,
    nothing: () => undefined,
    null: () => null,
  }),
];

export const publicationAttacks: readonly Attack[] = [...sources, ...fields];
