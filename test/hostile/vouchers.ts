import { type Attack, attack, attacks } from "./attack.ts";
import * as values from "./values.ts";

const discount = { type: "AMOUNT", amountOff: 500 };
const create = (field: string) => (hostile: unknown) => [{ discount, [field]: hostile }];
const update = (field: string) => (hostile: unknown) => ["SOLO", { [field]: hostile }];

/** Attacks on the fields that a new voucher and a change to a voucher have in common. */
const detailAttacks = (
  entry: string,
  args: (field: string) => (hostile: unknown) => readonly unknown[],
): readonly Attack[] => [
  ...attacks(entry, args("active"), ["invalid_payload", "active"], values.notFlag),
  ...attacks(entry, args("startDate"), ["invalid_payload", "startDate"], values.notDate),
  ...attacks(entry, args("expirationDate"), ["invalid_payload", "expirationDate"], values.notDate),
  ...attacks(entry, args("redemption"), ["invalid_payload", "redemption"], values.notObject),
  ...attacks(entry, args("additionalInfo"), ["invalid_payload", "additionalInfo"], {
    ...values.notText,
    ...values.brokenText,
    "10,001 characters": () => "x".repeat(10_001),
  }),
  ...Object.entries(values.notMetadata).map(([title, [path, make]]) =>
    attack(entry, `${title} in metadata`, () => args("metadata")(make()), ["invalid_payload", `metadata${path}`]),
  ),
];

const createAttacks: readonly Attack[] = [
  ...attacks("vouchers.create", (hostile) => [hostile], ["invalid_payload", ""], {
    ...values.notObject,
    ...values.traps,
    nothing: () => undefined,
  }),
  ...attacks("vouchers.create", create("code"), ["invalid_payload", "code"], {
    ...values.notName,
    "space at its start": () => " A",
  }),
  attack("vouchers.create", "a code that is taken", () => [{ discount, code: "SOLO" }], ["duplicate_found", "code"]),
  attack("vouchers.create", "no benefit", () => [{ code: "NEW" }], ["invalid_voucher", ""]),
  attack("vouchers.create", "a card with a discount", () => [{ type: "LOYALTY_CARD", discount }], [
    "invalid_voucher",
    "type",
  ]),
  attack("vouchers.create", "a benefit beside a campaign's", () => [{ campaign: "spring", discount }], [
    "invalid_voucher",
    "campaign",
  ]),
  ...attacks("vouchers.create", (campaign) => [{ campaign }], ["invalid_payload", "campaign"], values.notName),
  attack("vouchers.create", "a campaign that is none", () => [{ campaign: "winter" }], ["not_found"]),
  ...attacks("vouchers.create", create("discount"), ["invalid_payload", "discount"], {
    text: () => "10%",
    "a list": () => [discount],
  }),
  attack("vouchers.create", "a pattern without #", () => [{ discount, codeConfig: { pattern: "NEW" } }], [
    "invalid_code_config",
    "codeConfig.pattern",
  ]),
  attack(
    "vouchers.create",
    "an end before the start",
    () => [{ discount, startDate: "2026-03-02", expirationDate: "2026-03-02" }],
    ["invalid_voucher", "expirationDate"],
  ),
  ...attacks("vouchers.create", create("isReferralCode"), ["invalid_payload", "isReferralCode"], { one: () => 1 }),
  ...detailAttacks("vouchers.create", create),
];

const updateAttacks: readonly Attack[] = [
  ...attacks("vouchers.update", (hostile) => ["SOLO", hostile], ["invalid_payload", ""], {
    ...values.notObject,
    nothing: () => undefined,
  }),
  ...detailAttacks("vouchers.update", update),
];

const referenceAttacks: readonly Attack[] = ["get", "update", "delete", "enable", "disable"].flatMap((method) => [
  ...attacks(`vouchers.${method}`, (hostile) => [hostile, {}], ["invalid_payload", "voucher"], {
    ...values.notName,
    nothing: () => undefined,
    null: () => null,
  }),
  ...attacks(`vouchers.${method}`, (hostile) => [hostile, {}], ["not_found"], {
    "a code that is none": () => "NONE",
    "a code in other letters": () => "solo",
    "a code with space at its end": () => "SOLO ",
    "a campaign's name": () => "spring",
    SQL: () => "SOLO' --",
  }),
]);

export const voucherAttacks: readonly Attack[] = [...createAttacks, ...updateAttacks, ...referenceAttacks];
