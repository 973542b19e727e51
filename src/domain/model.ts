/**
 * The records that the engine decides about and a repository stores. All are immutable values,
 * all instants are ISO 8601 text, so any record survives `JSON.stringify` unchanged.
 */

/** `camp_` and letters and digits. */
export type CampaignId = string & { readonly CampaignId: unique symbol };
/** `v_` and letters and digits. */
export type VoucherId = string & { readonly VoucherId: unique symbol };
/** `cust_` and letters and digits. */
export type CustomerId = string & { readonly CustomerId: unique symbol };
/** `pub_` and letters and digits. */
export type PublicationId = string & { readonly PublicationId: unique symbol };
/** The text a customer types in. At most one voucher has it, ever. */
export type Code = string & { readonly Code: unique symbol };
/** A name that at most one publication may own, ever. */
export type Key = string & { readonly Key: unique symbol };
/** UTC with milliseconds, `2026-03-02T09:15:04.120Z`: sorts as text in the order of time. */
export type Instant = string & { readonly Instant: unique symbol };

/** What survives `JSON.stringify`. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** The host's own data on a record. */
export type Metadata = { readonly [key: string]: Json };

/** What a discount takes off an order; kept for the host, not computed here. */
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

/** What a voucher is worth. Amounts are in the smallest unit of the currency. */
export type Benefit =
  | { readonly type: "DISCOUNT_VOUCHER"; readonly discount: Discount }
  | { readonly type: "GIFT_VOUCHER"; readonly gift: { readonly amount: number; readonly effect?: string } }
  | { readonly type: "LOYALTY_CARD"; readonly loyaltyCard: { readonly points: number } };

/** Which of the three benefits a voucher has. */
export type VoucherType = Benefit["type"];

/** How codes look: `prefix`, then `pattern` with each `#` drawn from `charset`, then `postfix`. */
export interface CodeConfig {
  readonly length: number;
  /** Each character once. */
  readonly charset: string;
  readonly prefix: string;
  readonly postfix: string;
  readonly pattern: string;
}

/** What every voucher of a campaign is like. */
export type VoucherTemplate = Benefit & {
  readonly codeConfig: CodeConfig;
  readonly isReferralCode: boolean;
  /** How often one code may be redeemed; null for any number of times. Kept for the host, not enforced here. */
  readonly redemption: { readonly quantity: number | null };
};

/** `revision` counts the writes of a record, from 1: a write names the revision it was decided on. */
export interface Revisioned {
  readonly createdAt: Instant;
  readonly updatedAt: Instant | null;
  readonly revision: number;
}

/** What a campaign is for; it follows from what its vouchers are. */
export type CampaignType = "DISCOUNT_COUPONS" | "GIFT_VOUCHERS" | "LOYALTY_PROGRAM" | "REFERRAL_PROGRAM";

/** A set of vouchers that are alike. */
export interface Campaign extends Revisioned {
  readonly id: CampaignId;
  readonly name: string;
  readonly description: string | null;
  /**
   * STATIC has the vouchers it was given; AUTO_UPDATE makes the missing ones when it publishes. STANDALONE makes no codes at
   * all, so that each of its vouchers has one that was given, and its customers may have any number.
   */
  readonly type: "STATIC" | "AUTO_UPDATE" | "STANDALONE";
  readonly campaignType: CampaignType;
  readonly voucher: VoucherTemplate;
  /** A customer gets one code of this campaign, and the same one when asking again. */
  readonly joinOnce: boolean;
  /** Kept for the host: a disabled campaign still publishes. */
  readonly active: boolean;
  readonly startDate: Instant | null;
  readonly expirationDate: Instant | null;
  /** ISO 8601 duration, `P24D`: a code expires that long after it was published. */
  readonly activityDurationAfterPublishing: string | null;
  readonly metadata: Metadata;
}

/** A voucher as it is stored: a code, what it is worth, and who has it. */
export type VoucherRecord = Revisioned &
  Benefit & {
    readonly id: VoucherId;
    readonly code: Code;
    /** Null for a standalone voucher. */
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
    /** In [0, 1), drawn at random when the voucher is made: its place in the pool. */
    readonly rank: number;
  };

/** Where a customer lives. */
export interface Address {
  readonly city: string | null;
  readonly state: string | null;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly country: string | null;
  readonly postalCode: string | null;
}

/** Somebody who gets codes. */
export interface Customer extends Revisioned {
  readonly id: CustomerId;
  /** The host's own id of the customer. Unique, and fixed once set. */
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

/** What a publication was asked from. Two requests with one `sourceId` are the same if this and the customer are. */
export type Origin =
  | { readonly type: "voucher"; readonly voucherId: VoucherId }
  | { readonly type: "campaign"; readonly campaignId: CampaignId; readonly count: number };

interface PublicationAttempt {
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
  /** Parallel to `codes`; on a failure the voucher that was asked for, if one was. */
  readonly voucherIds: readonly VoucherId[];
}

/** `codes` are the customer's, for good. */
export interface Success extends PublicationAttempt {
  readonly result: "SUCCESS";
}

/** An attempt that took no code. `failureCode` is the `code` of the error the caller got. */
export interface Failure extends PublicationAttempt {
  readonly result: "FAILURE";
  readonly failureCode: string;
  readonly failureMessage: string;
}

/** An attempt to publish, as it is stored. */
export type PublicationRecord = Success | Failure;

/** Everything that is found, listed and counted, by kind. */
export interface Records {
  readonly publications: PublicationRecord;
  readonly vouchers: VoucherRecord;
  readonly campaigns: Campaign;
  readonly customers: Customer;
}
/** A kind of record. */
export type Kind = keyof Records;
