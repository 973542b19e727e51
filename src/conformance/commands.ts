import fc from "fast-check";
import type { Instant } from "../domain/model.ts";
import type { EditableKind } from "../repository.ts";
import { LATER, NOW, TOMORROW, YESTERDAY } from "./sample-records.ts";

/**
 * A random call. There are only a few records, so that the calls of a run often concern the same record. A command names its
 * records by number, and the model has their current state. Each command is a call that the engine may make and that has
 * one right answer: a draw either takes the whole pool, or the pool is too small.
 */
export type Command =
  | { readonly type: "settle"; readonly drafts: readonly DraftChoice[] }
  | { readonly type: "add"; readonly vouchers: readonly VoucherChoice[] }
  | {
      readonly type: "campaign";
      readonly recordNumber: number;
      readonly isOutdated: boolean;
      readonly startDate: Instant | null;
      readonly expirationDate: Instant | null;
    }
  | { readonly type: "customer"; readonly customer: CustomerChoice }
  | {
      readonly type: "voucher";
      readonly voucher: VoucherChoice;
      readonly isOutdated: boolean;
      readonly active: boolean;
    }
  | { readonly type: "fail"; readonly publication: number; readonly customer: CustomerChoice }
  | { readonly type: "remove"; readonly kind: EditableKind; readonly recordNumbers: readonly number[] };

export interface CustomerChoice {
  readonly recordNumber: number;
  readonly isKnown: boolean;
  readonly isOutdated: boolean;
  readonly sourceId: number | null;
  readonly name: string;
}

export interface DraftChoice {
  readonly publication: number;
  readonly customer: CustomerChoice;
  /** The named voucher; null to draw from the campaign. */
  readonly voucherNumber: number | null;
  readonly campaignNumber: number;
  readonly isOutdated: boolean;
  /** The number of vouchers that the draft wants beyond the pool. */
  readonly countBeyondPool: number;
  readonly fresh: readonly number[];
  readonly spares: number;
  readonly keys: readonly number[];
  readonly now: Instant;
  readonly expirationDate: Instant | null;
}

export interface VoucherChoice {
  readonly recordNumber: number;
  readonly campaignNumber: number | null;
  readonly expirationDate: Instant | null;
}

const CAMPAIGN_COUNT = 2;
const CUSTOMER_COUNT = 4;
const VOUCHER_COUNT = 10;
/** There are fewer codes than vouchers, so that some codes are taken. */
export const CODE_COUNT = 7;
const KEY_COUNT = 5;
const PUBLICATION_COUNT = 30;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** The names that records may get. */
export const NAME_REFS: readonly { readonly name: string }[] = [
  ...range(CAMPAIGN_COUNT).map((i) => `campaign ${i}`),
  ...range(CUSTOMER_COUNT).map((i) => `shop-${i}`),
  ...range(CODE_COUNT).map((i) => `code ${i}`),
  ...range(KEY_COUNT).map((i) => `key ${i}`),
].map((name) => ({ name }));

const numberBelow = (count: number): fc.Arbitrary<number> => fc.nat(count - 1);
const date: fc.Arbitrary<Instant | null> = fc.constantFrom(null, NOW, TOMORROW, LATER);
/** Only one write in ten is outdated, so that most writes succeed. */
const isOutdated: fc.Arbitrary<boolean> = fc.nat(9).map((die) => die === 0);

const customer: fc.Arbitrary<CustomerChoice> = fc.record({
  recordNumber: numberBelow(CUSTOMER_COUNT),
  isKnown: fc.nat(3).map((die) => die === 0),
  isOutdated,
  sourceId: fc.option(numberBelow(CUSTOMER_COUNT)),
  name: fc.constantFrom("Ann", "Bob"),
});

const draft: fc.Arbitrary<DraftChoice> = fc.record({
  publication: numberBelow(PUBLICATION_COUNT),
  customer,
  voucherNumber: fc.option(numberBelow(VOUCHER_COUNT), { freq: 2 }),
  campaignNumber: numberBelow(CAMPAIGN_COUNT),
  isOutdated,
  countBeyondPool: fc.nat(2),
  fresh: fc.array(numberBelow(CODE_COUNT), { maxLength: 3 }),
  spares: fc.nat(2),
  keys: fc.uniqueArray(numberBelow(KEY_COUNT), { maxLength: 2 }),
  now: fc.constantFrom(YESTERDAY, NOW, NOW, TOMORROW),
  expirationDate: fc.constantFrom(null, null, LATER),
});

const voucher: fc.Arbitrary<VoucherChoice> = fc.record({
  recordNumber: numberBelow(VOUCHER_COUNT),
  campaignNumber: fc.option(numberBelow(CAMPAIGN_COUNT), { freq: 4 }),
  expirationDate: date,
});

const settleCommand: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("settle"),
  drafts: fc.array(draft, { minLength: 1, maxLength: 4 }),
});
const addCommand: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("add"),
  vouchers: fc.uniqueArray(voucher, { selector: ({ recordNumber }) => recordNumber, minLength: 1, maxLength: 4 }),
});
const editCommand: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    type: fc.constant("campaign"),
    recordNumber: numberBelow(CAMPAIGN_COUNT),
    isOutdated,
    startDate: date,
    expirationDate: date,
  }),
  fc.record({ type: fc.constant("customer"), customer }),
  fc.record({ type: fc.constant("voucher"), voucher, isOutdated, active: fc.boolean() }),
);
const failCommand: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("fail"),
  publication: numberBelow(PUBLICATION_COUNT),
  customer,
});
const removeCommand: fc.Arbitrary<Command> = fc.record({
  type: fc.constant("remove"),
  kind: fc.constantFrom("campaigns", "customers", "vouchers", "vouchers", "vouchers", "vouchers"),
  recordNumbers: fc.uniqueArray(numberBelow(VOUCHER_COUNT), { minLength: 1, maxLength: 2 }),
});

/** Without these records, most commands of a run would be refused. */
const INITIAL_COMMANDS: readonly Command[] = [
  ...range(CAMPAIGN_COUNT).map(
    (recordNumber): Command => ({
      type: "campaign",
      recordNumber,
      isOutdated: false,
      startDate: null,
      expirationDate: null,
    }),
  ),
  ...range(CUSTOMER_COUNT - 1).map(
    (recordNumber): Command => ({
      type: "customer",
      customer: { recordNumber, isKnown: false, isOutdated: false, sourceId: recordNumber, name: "Ann" },
    }),
  ),
  {
    type: "add",
    vouchers: range(4).map((recordNumber) => ({
      recordNumber,
      campaignNumber: recordNumber % CAMPAIGN_COUNT,
      expirationDate: null,
    })),
  },
];

export const commandLists: fc.Arbitrary<readonly Command[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: settleCommand },
      { weight: 4, arbitrary: addCommand },
      { weight: 3, arbitrary: editCommand },
      { weight: 1, arbitrary: failCommand },
      { weight: 2, arbitrary: removeCommand },
    ),
    { minLength: 1, maxLength: 40, size: "max" },
  )
  .map((randomCommands) => [...INITIAL_COMMANDS, ...randomCommands]);
