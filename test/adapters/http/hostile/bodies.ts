import { APP_HEADERS } from "../../../support/http-api.ts";
import { type HostileRequest, hostileRequest, refusedPublication } from "./request.ts";

const PUBLISH = ["POST", "/v1/publications"] as const;
const validPublication = { campaign: "spring", customer: "shop-1" };
const DISCOUNT = { discount: { type: "PERCENT", percent_off: 10 } };

const publication = (title: string, change: object, more: Parameters<typeof hostileRequest>[4] = {}): HostileRequest =>
  hostileRequest(title, 400, PUBLISH, () => ({ ...validPublication, ...change }), more);
const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) });

/** Own keys that only JSON can create. */
const POISON = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
const withPoison = (rest: object): string => `${POISON.slice(0, -1)},${JSON.stringify(rest).slice(1)}`;

const prototypes: readonly HostileRequest[] = [
  hostileRequest("__proto__ in a publication", 400, PUBLISH, () => withPoison(refusedPublication())),
  hostileRequest(
    "__proto__ in metadata",
    400,
    PUBLISH,
    () => `{"voucher":"GIVEN","customer":"shop-1","metadata":${POISON}}`,
  ),
  hostileRequest("__proto__ in a customer", 400, PUBLISH, () => `{"voucher":"GIVEN","customer":${POISON}}`),
  hostileRequest("__proto__ in a campaign", 400, PUBLISH, () => `{"campaign":${POISON},"customer":"shop-1"}`),
  hostileRequest("__proto__ as a campaign's name", 404, PUBLISH, () => ({
    ...validPublication,
    campaign: "__proto__",
  })),
  hostileRequest("__proto__ as a customer of nothing", [400, 404], PUBLISH, () => ({
    voucher: "constructor",
    customer: "__proto__",
  })),
  hostileRequest("__proto__ in a campaign to make", 400, ["POST", "/v1/campaigns"], () =>
    withPoison({ name: "x", voucher: {} }),
  ),
  hostileRequest("__proto__ in a voucher's benefit", 400, ["POST", "/v1/vouchers/NEW"], () => `{"discount":${POISON}}`),
  hostileRequest("__proto__ in a customer to make", 400, ["POST", "/v1/customers"], () => withPoison({ email: 5 })),
  hostileRequest(
    "__proto__ in the filters of an export",
    400,
    ["POST", "/v1/exports"],
    () => `{"exported_object":"publication","parameters":{"filters":${POISON}}}`,
  ),
  hostileRequest(
    "toString as a column",
    400,
    ["POST", "/v1/exports"],
    () => ({ exported_object: "publication", parameters: { fields: ["toString", "__proto__"] } }),
    { key: "invalid_export_fields" },
  ),
];

const countAttacks: readonly HostileRequest[] = [0, -1, 1.5, "five", "", [1], { $gt: 0 }, true, "1e3", "0x1"].map(
  (count) =>
    publication(
      `a count of ${JSON.stringify(count)}`,
      { campaign: { name: "spring", count } },
      { key: "invalid_payload" },
    ),
);
const amountAttacks: readonly HostileRequest[] = [
  publication("a count of 51", { campaign: { name: "spring", count: 51 } }, { key: "too_many_vouchers_requested" }),
  hostileRequest(
    "a count of 1e308",
    400,
    PUBLISH,
    () => '{"campaign":{"name":"spring","count":1e308},"customer":"shop-1"}',
  ),
  hostileRequest(
    "a count of 1e999",
    400,
    PUBLISH,
    () => '{"campaign":{"name":"spring","count":1e999},"customer":"shop-1"}',
  ),
  hostileRequest("minus zero", 400, PUBLISH, () => '{"campaign":{"name":"spring","count":-0},"customer":"shop-1"}'),
  ...["-1", "0", "1.5", "five", "1e308", "99999999999999999999", "10000001", "[]"].map((count) =>
    hostileRequest(
      `${count} vouchers to add`,
      400,
      ["POST", `/v1/campaigns/spring/vouchers?vouchers_count=${count}`],
      () => ({}),
    ),
  ),
  ...[-1, 1.5, "five", 1e308, 10_000_001].map((vouchers_count) =>
    hostileRequest(`a campaign of ${vouchers_count} vouchers`, 400, ["POST", "/v1/campaigns"], () => ({
      name: "x",
      vouchers_count,
      voucher: DISCOUNT,
    })),
  ),
];

const METADATA: Readonly<Record<string, () => unknown>> = {
  "1 MB": () => ({ a: "x".repeat(1_000_000) }),
  "30 levels": () => nested(30),
  "3,000 levels": () => nested(3000),
  text: () => "gold",
  "a number": () => 5,
  "a list": () => [{ a: 1 }],
  false: () => false,
  "half of an emoji": () => ({ a: "\ud83d" }),
  "a key with U+0000": () => ({ "a\u0000b": 1 }),
};
const metadata: readonly HostileRequest[] = Object.entries(METADATA).flatMap(([title, make]) =>
  (
    [
      ["POST", "/v1/publications", validPublication],
      ["PUT", "/v1/campaigns/spring", {}],
      ["PUT", "/v1/vouchers/FREE", {}],
      ["POST", "/v1/customers", { source_id: "shop-1" }],
      ["POST", "/v1/campaigns/spring/vouchers", {}],
    ] as const
  ).map(([method, path, rest]) =>
    hostileRequest(`metadata of ${title} for ${path}`, 400, [method, path], () => ({ ...rest, metadata: make() })),
  ),
);

const DATES = ["yesterday", "2026-02-30", "", 5, "2026-13-01T00:00:00Z", "0000-00-00", {}, "+010000-01-01T00:00:00Z"];
const dates: readonly HostileRequest[] = DATES.flatMap((date) => [
  hostileRequest(`a campaign until ${JSON.stringify(date)}`, 400, ["PUT", "/v1/campaigns/spring"], () => ({
    expiration_date: date,
  })),
  hostileRequest(`a voucher from ${JSON.stringify(date)}`, 400, ["PUT", "/v1/vouchers/FREE"], () => ({
    start_date: date,
  })),
  publication(`a customer born ${JSON.stringify(date)}`, { customer: { source_id: "new", birthdate: date } }),
]);

/** The text with JSON escapes, so that the request itself is valid. */
const inEscapes = (text: string): string =>
  `{"campaign":"${text}","customer":"${text}","source_id":"${text}","channel":"${text}"}`;
const texts: readonly HostileRequest[] = [
  hostileRequest("a lone surrogate", [400, 404], PUBLISH, () => inEscapes("\\ud800")),
  hostileRequest(
    "a lone surrogate as a source id",
    400,
    PUBLISH,
    () => '{"campaign":"spring","customer":"shop-1","source_id":"\\udc00"}',
  ),
  hostileRequest("a lone surrogate as a customer", 400, PUBLISH, () => '{"campaign":"spring","customer":"\\ud83d"}'),
  hostileRequest("U+0000", [400, 404], PUBLISH, () => inEscapes("\\u0000")),
  hostileRequest(
    "U+0000 as a channel",
    400,
    PUBLISH,
    () => '{"campaign":"spring","customer":"shop-1","channel":"a\\u0000"}',
  ),
  hostileRequest("a header in a campaign's name", 404, PUBLISH, () => inEscapes("a\\r\\nX-Injected: 1")),
  hostileRequest("a header in a campaign that is there", 409, ["POST", "/v1/vouchers/GIVEN"], () => ({
    ...DISCOUNT,
    additional_info: "\r\nX-Injected: 1",
  })),
  publication("256 characters of channel", { channel: "x".repeat(256) }),
  publication("1 MB of source id", { source_id: "x".repeat(1_000_000) }),
  publication("a source id of an object", { source_id: { $ne: null } }),
  publication("a customer of a list", { customer: ["shop-1"] }),
  publication("a customer of a number", { customer: 5 }),
  publication("a customer of nothing", { customer: {} }, { key: "invalid_customer" }),
  publication("no customer", { customer: undefined }, { key: "missing_customer" }),
  publication("a customer of null", { customer: null }),
  publication("a voucher of an object", { voucher: { code: "FREE" } }),
  publication("joining maybe", { join_once: "maybe" }),
  publication("an e-mail of 1,000 characters", { customer: { email: `${"x".repeat(1000)}@example.test` } }),
  publication("a campaign of a list", { campaign: ["spring"] }),
  publication("neither a voucher nor a campaign", { campaign: undefined }, { key: "missing_vouchers" }),
];

const reserved: readonly HostileRequest[] = ["enable", "disable", "import", "importCSV", "qualification"].flatMap(
  (word) => [
    hostileRequest(`a voucher by the path ${word}`, 404, ["POST", `/v1/vouchers/${word}`], () => DISCOUNT),
    hostileRequest(
      `a voucher by the path ${word}, encoded`,
      404,
      ["POST", `/v1/vouchers/%${word.charCodeAt(0).toString(16)}${word.slice(1)}`],
      () => DISCOUNT,
    ),
  ],
);

const changes: readonly HostileRequest[] = [
  hostileRequest("another type for a voucher", 400, ["PUT", "/v1/vouchers/FREE"], () => ({ type: "GIFT_VOUCHER" })),
  hostileRequest("another campaign for a voucher", 400, ["PUT", "/v1/vouchers/FREE"], () => ({ campaign: "other" })),
  hostileRequest("more off for a voucher", 400, ["PUT", "/v1/vouchers/FREE"], () => ({
    discount: { type: "PERCENT", percent_off: 99 },
  })),
  hostileRequest("another name for a campaign", 400, ["PUT", "/v1/campaigns/spring"], () => ({ name: "other" })),
  hostileRequest("a number for a campaign's vouchers", 400, ["PUT", "/v1/campaigns/spring"], () => ({ voucher: 5 })),
  hostileRequest("another source id for a customer", 400, ["PUT", "/v1/customers/shop-1"], () => ({
    source_id: "shop-2",
  })),
  hostileRequest("a campaign of an unknown type", 400, ["POST", "/v1/campaigns"], () => ({
    name: "x",
    type: "MANUAL",
    voucher: DISCOUNT,
  })),
  hostileRequest("a campaign without vouchers", 400, ["POST", "/v1/campaigns"], () => ({ name: "x" })),
  hostileRequest("a discount below nothing", 400, ["POST", "/v1/vouchers"], () => ({
    discount: { type: "AMOUNT", amount_off: -5 },
  })),
  hostileRequest("codes of one character", 400, ["POST", "/v1/campaigns"], () => ({
    name: "x",
    vouchers_count: 5,
    voucher: { ...DISCOUNT, code_config: { pattern: "#", charset: "A" } },
  })),
  hostileRequest("codes of a million characters", 400, ["POST", "/v1/campaigns"], () => ({
    name: "x",
    vouchers_count: 1,
    voucher: { ...DISCOUNT, code_config: { length: 1_000_000 } },
  })),
  hostileRequest("an import of nothing but rubbish", 202, ["POST", "/v1/campaigns/spring/import"], () => [
    5,
    null,
    "FREE",
    {},
    { code: "GIVEN" },
    { code: "" },
  ]),
  hostileRequest("an import into what is not there", 404, ["POST", "/v1/campaigns/nowhere/import"], () => [
    { code: "A" },
  ]),
  hostileRequest("an export of everything", 400, ["POST", "/v1/exports"], () => ({ exported_object: "*" })),
  hostileRequest("an export of 1,000 columns", 400, ["POST", "/v1/exports"], () => ({
    exported_object: "publication",
    parameters: { fields: new Array(1000).fill("date") },
  })),
  hostileRequest("an export of 2,000 operands", 400, ["POST", "/v1/exports"], () => ({
    exported_object: "publication",
    parameters: { filters: { channel: { conditions: { $in: new Array(2000).fill("a") } } } },
  })),
  hostileRequest("a body of 1 MB of brackets", 400, PUBLISH, () => `${"[".repeat(500_000)}${"]".repeat(500_000)}`),
  hostileRequest(
    "100,000 unknown keys",
    400,
    PUBLISH,
    () => refusedPublication(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]))),
    { headers: APP_HEADERS },
  ),
];

export const bodyAttacks: readonly HostileRequest[] = [
  ...prototypes,
  ...countAttacks,
  ...amountAttacks,
  ...metadata,
  ...dates,
  ...texts,
  ...reserved,
  ...changes,
];
