import { type Attack, attack, attacks } from "./attack.ts";
import * as values from "./values.ts";

const discount = { type: "PERCENT", percentOff: 10 };
const voucher = { discount };
const input = (change: object): object => ({ name: "new", voucher, ...change });

const create = (field: string) => (hostile: unknown) => [input({ [field]: hostile })];
const withDiscount = (change: object) => [input({ voucher: { discount: { ...discount, ...change } } })];
const withCodeConfig = (codeConfig: unknown) => [input({ voucher: { ...voucher, codeConfig } })];
const update = (field: string) => (hostile: unknown) => ["spring", { [field]: hostile }];

const metadata = (entry: string, args: (hostile: unknown) => readonly unknown[]): readonly Attack[] =>
  Object.entries(values.notMetadata).map(([title, [path, make]]) =>
    attack(entry, `${title} in metadata`, () => args(make()), ["invalid_payload", `metadata${path}`]),
  );

const createAttacks: readonly Attack[] = [
  ...attacks("campaigns.create", (hostile) => [hostile], ["invalid_payload", ""], values.notObject),
  ...attacks("campaigns.create", (hostile) => [hostile], ["invalid_payload", ""], {
    ...values.traps,
    nothing: () => undefined,
  }),
  ...attacks("campaigns.create", create("name"), ["invalid_payload", "name"], {
    ...values.notName,
    nothing: () => undefined,
    null: () => null,
    space: () => " \n ",
  }),
  attack("campaigns.create", "a getter that throws", () => [values.throwing()], ["invalid_payload", "name"]),
  attack("campaigns.create", "a name that is taken", () => [input({ name: "spring" })], ["duplicate_found", "name"]),
  ...attacks("campaigns.create", create("voucher"), ["invalid_payload", "voucher"], {
    ...values.notObject,
    nothing: () => undefined,
  }),
  ...attacks("campaigns.create", create("type"), ["invalid_payload", "type"], {
    ...values.notText,
    "a type that is none": () => "DYNAMIC",
    "a type in small letters": () => "static",
    "a key of every object": () => "constructor",
  }),
  ...attacks("campaigns.create", create("campaignType"), ["invalid_payload", "campaignType"], {
    "a type that is none": () => "PROMOTION",
  }),
  ...attacks("campaigns.create", create("campaignType"), ["invalid_campaign", "campaignType"], {
    "a type of other vouchers": () => "GIFT_VOUCHERS",
  }),
  ...attacks("campaigns.create", create("vouchersCount"), ["invalid_payload", "vouchersCount"], {
    ...values.notCount,
    "too many": () => 10_000_001,
    null: () => null,
  }),
  ...attacks("campaigns.create", create("joinOnce"), ["invalid_payload", "joinOnce"], values.notFlag),
  ...attacks("campaigns.create", create("startDate"), ["invalid_payload", "startDate"], values.notDate),
  ...attacks("campaigns.create", create("expirationDate"), ["invalid_payload", "expirationDate"], values.notDate),
  attack(
    "campaigns.create",
    "an end before the start",
    () => [input({ startDate: "2026-03-02", expirationDate: "2026-03-01" })],
    ["invalid_campaign", "expirationDate"],
  ),
  ...attacks(
    "campaigns.create",
    create("activityDurationAfterPublishing"),
    ["invalid_payload", "activityDurationAfterPublishing"],
    values.notDuration,
  ),
  ...attacks("campaigns.create", create("description"), ["invalid_payload", "description"], {
    ...values.brokenText,
    "10,001 characters": () => "x".repeat(10_001),
  }),
  ...metadata("campaigns.create", create("metadata")),
];

const benefitAttacks: readonly Attack[] = [
  ...attacks(
    "campaigns.create",
    (percentOff) => withDiscount({ percentOff }),
    ["invalid_payload", "voucher.discount.percentOff"],
    {
      zero: () => 0,
      "minus one": () => -1,
      "100.01": () => 100.01,
      NaN: () => Number.NaN,
      "a number in text": () => "10",
      nothing: () => undefined,
    },
  ),
  ...attacks(
    "campaigns.create",
    (amountLimit) => withDiscount({ amountLimit }),
    ["invalid_payload", "voucher.discount.amountLimit"],
    values.notCount,
  ),
  ...attacks("campaigns.create", (type) => withDiscount({ type }), ["invalid_payload", "voucher.discount.type"], {
    "a discount that is none": () => "HALF",
    nothing: () => undefined,
  }),
  ...attacks(
    "campaigns.create",
    (amountOff) => [input({ voucher: { discount: { type: "AMOUNT", amountOff } } })],
    ["invalid_payload", "voucher.discount.amountOff"],
    { ...values.notCount, zero: () => 0 },
  ),
  ...attacks(
    "campaigns.create",
    (amount) => [input({ voucher: { type: "GIFT_VOUCHER", gift: { amount } } })],
    ["invalid_payload", "voucher.gift.amount"],
    { ...values.notCount, zero: () => 0 },
  ),
  ...attacks(
    "campaigns.create",
    (points) => [input({ voucher: { type: "LOYALTY_CARD", loyaltyCard: { points } } })],
    ["invalid_payload", "voucher.loyaltyCard.points"],
    values.notCount,
  ),
  attack("campaigns.create", "no benefit", () => [input({ voucher: {} })], ["invalid_voucher", "voucher"]),
  attack("campaigns.create", "a gift with a discount", () => [input({ voucher: { type: "GIFT_VOUCHER", discount } })], [
    "invalid_voucher",
    "voucher.type",
  ]),
  attack("campaigns.create", "two benefits", () => [input({ voucher: { discount, gift: { amount: 5 } } })], [
    "invalid_voucher",
    "voucher.gift",
  ]),
  ...attacks(
    "campaigns.create",
    (quantity) => [input({ voucher: { ...voucher, redemption: { quantity } } })],
    ["invalid_payload", "voucher.redemption.quantity"],
    { ...values.notCount, zero: () => 0, nothing: () => undefined },
  ),
];

const codeConfigAttacks: readonly Attack[] = [
  ...attacks("campaigns.create", withCodeConfig, ["invalid_payload", "voucher.codeConfig"], {
    text: () => "####",
    "a list": () => [],
  }),
  ...attacks(
    "campaigns.create",
    (pattern) => withCodeConfig({ pattern }),
    ["invalid_code_config", "voucher.codeConfig.pattern"],
    {
      "a pattern without #": () => "SPRING",
      "a pattern with a line break": () => "A\n#",
      "a pattern with space at its end": () => "#### ",
    },
  ),
  ...attacks(
    "campaigns.create",
    (length) => withCodeConfig({ length }),
    ["invalid_payload", "voucher.codeConfig.length"],
    {
      ...values.notCount,
      zero: () => 0,
      "256": () => 256,
    },
  ),
  ...attacks(
    "campaigns.create",
    (charset) => withCodeConfig({ charset }),
    ["invalid_payload", "voucher.codeConfig.charset"],
    {
      ...values.brokenText,
      "empty text": () => "",
      "a list": () => ["a", "b"],
    },
  ),
  attack("campaigns.create", "a charset with a space", () => withCodeConfig({ charset: "ab c" }), [
    "invalid_code_config",
    "voucher.codeConfig.charset",
  ]),
  attack("campaigns.create", "a prefix that begins with space", () => withCodeConfig({ prefix: " A" }), [
    "invalid_code_config",
    "voucher.codeConfig.prefix",
  ]),
  attack("campaigns.create", "codes of more than 255 characters", () => withCodeConfig({ prefix: "x".repeat(250) }), [
    "invalid_code_config",
    "voucher.codeConfig.pattern",
  ]),
  attack(
    "campaigns.create",
    "a pattern too small for the count",
    () => [
      input({ vouchersCount: 101, voucher: { ...voucher, codeConfig: { pattern: "##", charset: "0123456789" } } }),
    ],
    ["invalid_code_config", "voucher.codeConfig.pattern"],
  ),
];

const additionWith =
  (field: string) =>
  (hostile: unknown): readonly unknown[] => ["spring", { count: 1, startDate: "2000-01-01", [field]: hostile }];

const additionAttacks: readonly Attack[] = [
  ...attacks("campaigns.addVouchers", (hostile) => ["spring", hostile], ["invalid_payload", ""], values.notObject),
  ...attacks("campaigns.addVouchers", (count) => ["spring", { count }], ["invalid_payload", "count"], {
    ...values.notCount,
    zero: () => 0,
    nothing: () => undefined,
    "too many": () => 10_000_001,
  }),
  attack("campaigns.addVouchers", "count and codes", () => ["spring", { count: 1, codes: ["A"] }], [
    "invalid_payload",
    "count",
  ]),
  attack("campaigns.addVouchers", "more than the pattern has", () => ["tiny", { count: 11 }], [
    "invalid_code_config",
    "count",
  ]),
  ...attacks("campaigns.addVouchers", (codes) => ["spring", { codes }], ["invalid_payload", "codes"], {
    text: () => "A",
    "no codes": () => [],
    "a set": () => new Set(["A"]),
    "ten million and one holes": () => new Array(10_000_001),
  }),
  ...attacks("campaigns.addVouchers", (code) => ["spring", { codes: ["A", code] }], ["invalid_payload", "codes[1]"], {
    ...values.notName,
    nothing: () => undefined,
    "space at its end": () => "A ",
    "a line break": () => "A\nB",
  }),
  attack("campaigns.addVouchers", "a code twice", () => ["spring", { codes: ["A", "B", "C", "A"] }], [
    "duplicate_found",
    "codes[3]",
  ]),
  attack("campaigns.addVouchers", "a code that is taken", () => ["spring", { codes: ["A", "SOLO"] }], [
    "duplicate_found",
    "codes[1]",
  ]),
  attack("campaigns.addVouchers", "a progress that is no function", () => ["spring", { count: 1 }, { onProgress: 1 }], [
    "invalid_payload",
    "options.onProgress",
  ]),
  attack(
    "campaigns.addVouchers",
    "a signal that is none",
    () => ["spring", { count: 1 }, { signal: { aborted: false } }],
    ["invalid_payload", "options.signal"],
  ),
  attack(
    "campaigns.addVouchers",
    "a signal that has fired",
    () => ["spring", { count: 1 }, { signal: AbortSignal.abort() }],
    ["aborted"],
  ),
  ...attacks("campaigns.addVouchers", additionWith("startDate"), ["invalid_payload", "startDate"], values.notDate),
  ...attacks("campaigns.addVouchers", additionWith("active"), ["invalid_payload", "active"], values.notFlag),
  attack("campaigns.addVouchers", "a pattern without #", () => additionWith("codeConfig")({ pattern: "A" }), [
    "invalid_code_config",
    "codeConfig.pattern",
  ]),
  attack("campaigns.addVouchers", "an end before its start", () => additionWith("expirationDate")("1990-01-01"), [
    "invalid_voucher",
    "expirationDate",
  ]),
  ...metadata("campaigns.addVouchers", additionWith("metadata")).slice(0, 8),
  attack("campaigns.create", "options that are text", () => [input({}), "options"], ["invalid_payload", "options"]),
  ...attacks("campaigns.importVouchers", (hostile) => ["spring", hostile], ["invalid_payload", "vouchers"], {
    nothing: () => undefined,
    "a number": () => 5,
    text: () => "CODE",
    "an object": () => ({ length: 1, 0: "A" }),
  }),
  attack("campaigns.importVouchers", "options that are null", () => ["spring", ["A"], null], [
    "invalid_payload",
    "options",
  ]),
];

const updateAttacks: readonly Attack[] = [
  ...attacks("campaigns.update", (hostile) => ["spring", hostile], ["invalid_payload", ""], {
    ...values.notObject,
    nothing: () => undefined,
  }),
  ...attacks("campaigns.update", update("type"), ["invalid_payload", "type"], {
    "a type that is none": () => "DYNAMIC",
    null: () => null,
  }),
  ...attacks("campaigns.update", update("joinOnce"), ["invalid_payload", "joinOnce"], values.notFlag),
  ...attacks("campaigns.update", update("startDate"), ["invalid_payload", "startDate"], values.notDate),
  attack("campaigns.update", "a start after the end that is there", () => ["tiny", { startDate: "2040-01-01" }], [
    "invalid_campaign",
    "expirationDate",
  ]),
  attack("campaigns.update", "a pattern without #", () => ["spring", { codeConfig: { pattern: "A" } }], [
    "invalid_code_config",
    "codeConfig.pattern",
  ]),
  ...metadata("campaigns.update", update("metadata")).slice(0, 8),
  attack("campaigns.update", "another type than standalone's", () => ["spring", { type: "STANDALONE" }], [
    "invalid_campaign",
    "type",
  ]),
  ...attacks("campaigns.update", update("unsetMetadataFields"), ["invalid_payload", "unsetMetadataFields"], {
    "a text": () => "a",
    "an object": () => ({ a: true }),
    "more than there can be": () => Array.from({ length: 1001 }, String),
  }),
];

const METHODS = ["get", "update", "delete", "enable", "disable", "summary", "addVouchers", "importVouchers"];

const referenceAttacks: readonly Attack[] = METHODS.flatMap((method) => [
  ...attacks(
    `campaigns.${method}`,
    (hostile) => [hostile, method === "importVouchers" ? ["A"] : { count: 1 }],
    ["invalid_payload", "campaign"],
    {
      ...values.notName,
      nothing: () => undefined,
      null: () => null,
    },
  ),
  ...attacks(
    `campaigns.${method}`,
    (hostile) => [hostile, method === "importVouchers" ? ["A"] : { count: 1 }],
    ["not_found"],
    {
      "a name that is none": () => "winter",
      "a name in other letters": () => "SPRING",
      "a key of every object": () => "__proto__",
      SQL: () => "' OR 1=1 --",
      "a wildcard": () => "%",
    },
  ),
]);

export const campaignAttacks: readonly Attack[] = [
  ...createAttacks,
  ...benefitAttacks,
  ...codeConfigAttacks,
  ...additionAttacks,
  ...updateAttacks,
  ...referenceAttacks,
];
