import type { Benefit, Discount, Metadata, SuccessfulPublication, VoucherRecord } from "../domain/model.ts";
import type { ListQuery, Page } from "./lists.ts";

/** A voucher. `publish` tells whether it has been published, and by which publication. */
export type Voucher = Omit<VoucherRecord, "rank" | "publicationId"> &
  Benefit & {
    readonly publish: { readonly count: 0 | 1; readonly publication: SuccessfulPublication | null };
  };

/** ISO 8601 text with a zone (`2026-03-02T09:15:04Z`), a date (`2026-03-02`, midnight UTC), or a `Date`. */
export type DateInput = string | Date;

/** The value of a voucher: one of the three types. */
export type BenefitInput =
  | { readonly type?: "DISCOUNT_VOUCHER"; readonly discount: Discount }
  | { readonly type: "GIFT_VOUCHER"; readonly gift: { readonly amount: number; readonly effect?: string } }
  | { readonly type: "LOYALTY_CARD"; readonly loyaltyCard: { readonly points: number } };

/**
 * How a code is created: `length` characters of `charset`, or a `pattern` in which each `#` becomes one such character.
 * `prefix` comes before these characters, and `postfix` after them. By default a code has eight letters and digits.
 */
export interface CodeConfigInput {
  readonly length?: number;
  readonly charset?: string;
  readonly prefix?: string;
  readonly postfix?: string;
  readonly pattern?: string;
}

export interface VoucherDetails {
  readonly active?: boolean;
  readonly startDate?: DateInput | null;
  readonly expirationDate?: DateInput | null;
  readonly redemption?: { readonly quantity: number | null };
  readonly additionalInfo?: string | null;
  readonly metadata?: Metadata;
}

/**
 * A new voucher of a campaign, or a new voucher without a campaign. Without `code` the engine creates a code by `codeConfig`, by
 * default the campaign's.
 */
export type VoucherInput = VoucherDetails & {
  readonly code?: string;
  readonly codeConfig?: CodeConfigInput;
} & ({ readonly campaign: string } | (BenefitInput & { readonly isReferralCode?: boolean }));

/** A present field replaces the old value, null clears it, an absent field stays. Metadata is merged by key. */
export type VoucherPatch = VoucherDetails;

/** The methods for vouchers. `voucher` is a voucher's code or id. */
export interface VoucherMethods {
  create(input: VoucherInput): Promise<Voucher>;
  get(voucher: string): Promise<Voucher>;
  list(query?: ListQuery<"vouchers">): Promise<Page<Voucher>>;
  update(voucher: string, patch: VoucherPatch): Promise<Voucher>;
  delete(voucher: string): Promise<void>;
  enable(voucher: string): Promise<Voucher>;
  disable(voucher: string): Promise<Voucher>;
}
