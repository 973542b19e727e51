// `domain/` holds the rules as pure functions: values in, values out. This file holds the records that they decide about.
// The folder has no I/O, no clock, no randomness and no Node module.
// It imports only itself, the errors, the types of the port, fp-ts, immer and temporal-polyfill.

/** `camp_`, then letters and digits. */
export type CampaignId = string & { readonly CampaignId: unique symbol };
/** `v_`, then letters and digits. */
export type VoucherId = string & { readonly VoucherId: unique symbol };
/** `cust_`, then letters and digits. */
export type CustomerId = string & { readonly CustomerId: unique symbol };
/** `pub_`, then letters and digits. */
export type PublicationId = string & { readonly PublicationId: unique symbol };
/** The text that a customer types in. One voucher at most has it. After it is published, no other voucher ever gets it. */
export type Code = string & { readonly Code: unique symbol };
/** A name that at most one publication ever owns. */
export type Key = string & { readonly Key: unique symbol };
/** UTC with milliseconds, `2026-03-02T09:15:04.120Z`. Sorted as text, instants are in order of time. */
export type Instant = string & { readonly Instant: unique symbol };

/** A value that `JSON.stringify` and `JSON.parse` keep. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** Data of the host on a record. */
export type Metadata = { readonly [key: string]: Json };

/** The discount on an order. The engine stores it for the host and computes nothing with it. */
export type Discount =
  | {
      readonly type: "PERCENT";
      readonly percentOff: number;
      readonly amountLimit?: number;
      readonly effect?: string;
    }
  | { readonly type: "AMOUNT"; readonly amountOff: number; readonly effect?: string }
  | { readonly type: "UNIT"; readonly unitOff: number; readonly unitType: string; readonly effect?: string }
  | { readonly type: "FIXED"; readonly fixedAmount: number; readonly effect?: string };

/** The value of a voucher. Amounts are in the smallest unit of the currency. */
export type Benefit =
  | { readonly type: "DISCOUNT_VOUCHER"; readonly discount: Discount }
  | { readonly type: "GIFT_VOUCHER"; readonly gift: { readonly amount: number; readonly effect?: string } }
  | { readonly type: "LOYALTY_CARD"; readonly loyaltyCard: { readonly points: number } };

/** The type of a voucher's benefit. */
export type VoucherType = Benefit["type"];

/** The form of codes: `prefix`, then `pattern` with a random character of `charset` for each `#`, then `postfix`. */
export interface CodeConfig {
  readonly length: number;
  /** Each character occurs once. */
  readonly charset: string;
  readonly prefix: string;
  readonly postfix: string;
  readonly pattern: string;
}

/** The common properties of a campaign's vouchers. */
export type VoucherTemplate = Benefit & {
  readonly codeConfig: CodeConfig;
  readonly isReferralCode: boolean;
  /** How often a code may be redeemed; null for no limit. The engine stores this for the host and does not enforce it. */
  readonly redemption: { readonly quantity: number | null };
};

/** `revision` counts the writes of a record, from 1. A write names the revision that it replaces. */
export interface Revisioned {
  readonly createdAt: Instant;
  readonly updatedAt: Instant | null;
  readonly revision: number;
}

/** The purpose of a campaign. It follows from the type of its vouchers. */
export type CampaignType = "DISCOUNT_COUPONS" | "GIFT_VOUCHERS" | "LOYALTY_PROGRAM" | "REFERRAL_PROGRAM";

/** A set of similar vouchers. */
export interface Campaign extends Revisioned {
  readonly id: CampaignId;
  readonly name: string;
  readonly description: string | null;
  /**
   * STATIC: publishes only vouchers that exist. AUTO_UPDATE: creates missing vouchers when it publishes. STANDALONE: never
   * creates a code, so that the host supplies each one; a customer may have any number of its vouchers.
   */
  readonly type: "STATIC" | "AUTO_UPDATE" | "STANDALONE";
  readonly campaignType: CampaignType;
  readonly voucher: VoucherTemplate;
  /** A customer gets one code of this campaign. A second request returns the same code. */
  readonly joinOnce: boolean;
  /** Stored for the host. A disabled campaign still publishes. */
  readonly active: boolean;
  readonly startDate: Instant | null;
  readonly expirationDate: Instant | null;
  /** ISO 8601 duration, such as `P24D`: the time from the publication of a code to its expiration. */
  readonly activityDurationAfterPublishing: string | null;
  readonly metadata: Metadata;
}

/** A stored voucher: its code, its value and its holder. */
export type VoucherRecord = Revisioned &
  Benefit & {
    readonly id: VoucherId;
    readonly code: Code;
    /** Null for a voucher without a campaign. */
    readonly campaignId: CampaignId | null;
    /** The campaign's name. */
    readonly campaign: string | null;
    readonly isReferralCode: boolean;
    readonly redemption: { readonly quantity: number | null };
    readonly active: boolean;
    readonly startDate: Instant | null;
    readonly expirationDate: Instant | null;
    readonly additionalInfo: string | null;
    readonly metadata: Metadata;
    readonly holderId: CustomerId | null;
    readonly publicationId: PublicationId | null;
    /** A random number in [0, 1) from the voucher's creation: its place in the pool. */
    readonly rank: number;
  };

/** The address of a customer. */
export interface Address {
  readonly city: string | null;
  readonly state: string | null;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly country: string | null;
  readonly postalCode: string | null;
}

/** A person or company that gets codes. */
export interface Customer extends Revisioned {
  readonly id: CustomerId;
  /** The host's own id of the customer. It is unique, and never changes once it is set. */
  readonly sourceId: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly description: string | null;
  /** `YYYY-MM-DD`. */
  readonly birthdate: string | null;
  readonly address: Address | null;
  readonly metadata: Metadata;
}

/** The voucher or the campaign that a request named. Two requests with one `sourceId` are equal if this and the customer are equal. */
export type Origin =
  | { readonly type: "voucher"; readonly voucherId: VoucherId }
  | { readonly type: "campaign"; readonly campaignId: CampaignId; readonly count: number };

interface PublicationFields {
  readonly id: PublicationId;
  readonly createdAt: Instant;
  readonly customerId: CustomerId;
  /** The customer's source id. */
  readonly trackingId: string | null;
  readonly channel: string;
  readonly metadata: Metadata;
  readonly sourceId: string | null;
  readonly campaignId: CampaignId | null;
  /** The campaign's name. */
  readonly campaign: string | null;
  readonly voucherType: VoucherType | null;
  readonly isReferralCode: boolean;
  readonly origin: Origin;
  readonly codes: readonly Code[];
  /** The ids of the vouchers, in the order of `codes`. A failure has the id of the voucher that the request named, if any. */
  readonly voucherIds: readonly VoucherId[];
}

/** A publication. `codes` belong to the customer forever. */
export interface SuccessfulPublication extends PublicationFields {
  readonly result: "SUCCESS";
}

/** A request that failed: it took no code. `failureCode` is the `code` of the caller's error. */
export interface FailedPublication extends PublicationFields {
  readonly result: "FAILURE";
  readonly failureCode: string;
  readonly failureMessage: string;
}

/** A stored publication, or a request that failed. */
export type PublicationRecord = SuccessfulPublication | FailedPublication;

/** The records of each kind. */
export interface Records {
  readonly publications: PublicationRecord;
  readonly vouchers: VoucherRecord;
  readonly campaigns: Campaign;
  readonly customers: Customer;
}
/** A kind of record. */
export type Kind = keyof Records;
