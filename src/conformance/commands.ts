import fc from "fast-check";
import type { Instant } from "../domain/model.ts";
import type { EditableKind } from "../repository.ts";
import { LATER, NOW, TOMORROW, YESTERDAY } from "./records.ts";

/**
 * Calls at random over a few records, so that they meet again and again. A command says which records it is about by
 * number; what they are by then is looked up in the model. All are calls that the engine may make, and that no two
 * repositories may answer differently: where a draw has a choice, it takes all there is.
 */
export type Command =
  | { readonly type: "settle"; readonly drafts: readonly DraftChoice[] }
  | { readonly type: "add"; readonly vouchers: readonly VoucherChoice[] }
  | {
      readonly type: "campaign";
      readonly slot: number;
      readonly outdated: boolean;
      readonly startDate: Instant | null;
      readonly expirationDate: Instant | null;
    }
  | { readonly type: "customer"; readonly customer: CustomerChoice }
  | { readonly type: "voucher"; readonly voucher: VoucherChoice; readonly outdated: boolean; readonly active: boolean }
  | { readonly type: "fail"; readonly publication: number; readonly customer: CustomerChoice }
  | { readonly type: "remove"; readonly kind: EditableKind; readonly slots: readonly number[] };

export interface CustomerChoice {
  readonly slot: number;
  readonly known: boolean;
  readonly outdated: boolean;
  readonly sourceId: number | null;
  readonly name: string;
}

export interface DraftChoice {
  readonly publication: number;
  readonly customer: CustomerChoice;
  /** A voucher by name; null to draw from the campaign. */
  readonly named: number | null;
  readonly campaign: number;
  readonly outdated: boolean;
  /** How many more than the pool has. */
  readonly beyond: number;
  readonly fresh: readonly number[];
  readonly spares: number;
  readonly keys: readonly number[];
  readonly now: Instant;
  readonly expirationDate: Instant | null;
}

export interface VoucherChoice {
  readonly slot: number;
  readonly campaign: number | null;
  readonly expirationDate: Instant | null;
}

const CAMPAIGNS = 2;
const CUSTOMERS = 4;
const VOUCHERS = 10;
/** Fewer than vouchers, so that some are taken. */
export const CODES = 7;
const KEYS = 5;
const PUBLICATIONS = 30;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** Every name that may turn up, for looking whose it is. */
export const NAMES: readonly { readonly name: string }[] = [
  ...range(CAMPAIGNS).map((i) => `campaign ${i}`),
  ...range(CUSTOMERS).map((i) => `shop-${i}`),
  ...range(CODES).map((i) => `code ${i}`),
  ...range(KEYS).map((i) => `key ${i}`),
].map((name) => ({ name }));

const below = (count: number): fc.Arbitrary<number> => fc.nat(count - 1);
const date: fc.Arbitrary<Instant | null> = fc.constantFrom(null, NOW, TOMORROW, LATER);
/** Seldom, so that most writes get through. */
const outdated: fc.Arbitrary<boolean> = fc.nat(9).map((die) => die === 0);

const customer: fc.Arbitrary<CustomerChoice> = fc.record({
  slot: below(CUSTOMERS),
  known: fc.nat(3).map((die) => die === 0),
  outdated,
  sourceId: fc.option(below(CUSTOMERS)),
  name: fc.constantFrom("Ann", "Bob"),
});

const draft: fc.Arbitrary<DraftChoice> = fc.record({
  publication: below(PUBLICATIONS),
  customer,
  named: fc.option(below(VOUCHERS), { freq: 2 }),
  campaign: below(CAMPAIGNS),
  outdated,
  beyond: fc.nat(2),
  fresh: fc.array(below(CODES), { maxLength: 3 }),
  spares: fc.nat(2),
  keys: fc.uniqueArray(below(KEYS), { maxLength: 2 }),
  now: fc.constantFrom(YESTERDAY, NOW, NOW, TOMORROW),
  expirationDate: fc.constantFrom(null, null, LATER),
});

const voucher: fc.Arbitrary<VoucherChoice> = fc.record({
  slot: below(VOUCHERS),
  campaign: fc.option(below(CAMPAIGNS), { freq: 4 }),
  expirationDate: date,
});

const settle: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("settle"),
  drafts: fc.array(draft, { minLength: 1, maxLength: 4 }),
});
const add: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("add"),
  vouchers: fc.uniqueArray(voucher, { selector: ({ slot }) => slot, minLength: 1, maxLength: 4 }),
});
const edit: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant("campaign"),
    slot: below(CAMPAIGNS),
    outdated,
    startDate: date,
    expirationDate: date,
  }),
  fc.record({ type: fc.constant("customer"), customer }),
  fc.record({ type: fc.constant("voucher"), voucher, outdated, active: fc.boolean() }),
);
const fail: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("fail"),
  publication: below(PUBLICATIONS),
  customer,
});
const remove: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("remove"),
  kind: fc.constantFrom("campaigns", "customers", "vouchers", "vouchers", "vouchers", "vouchers"),
  slots: fc.uniqueArray(below(VOUCHERS), { minLength: 1, maxLength: 2 }),
});

/** Something to begin with, or most of a run would be refused. */
const PRELUDE: readonly Command[] = [
  ...range(CAMPAIGNS).map(
    (slot): Command => ({ type: "campaign", slot, outdated: false, startDate: null, expirationDate: null }),
  ),
  ...range(CUSTOMERS - 1).map(
    (slot): Command => ({
      type: "customer",
      customer: { slot, known: false, outdated: false, sourceId: slot, name: "Ann" },
    }),
  ),
  {
    type: "add",
    vouchers: range(4).map((slot) => ({ slot, campaign: slot % CAMPAIGNS, expirationDate: null })),
  },
];

export const commands: fc.Arbitrary<readonly Command[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: settle },
      { weight: 4, arbitrary: add },
      { weight: 3, arbitrary: edit },
      { weight: 1, arbitrary: fail },
      { weight: 2, arbitrary: remove },
    ),
    { minLength: 1, maxLength: 40, size: "max" },
  )
  .map((chosen) => [...PRELUDE, ...chosen]);
