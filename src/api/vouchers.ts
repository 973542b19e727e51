import type { Benefit, Discount, Metadata, Success, VoucherRecord } from "../domain/model.ts";
import type { ListQuery, Page } from "./lists.ts";

/** Vouchers as a host sees them: input, output and methods. */

/** `publish` shows whether the voucher has been published, and by which publication. */
export type Voucher = Omit<VoucherRecord, "rank" | "publicationId"> &
  Benefit & {
    readonly publish: { readonly count: 0 | 1; readonly publication: Success | null };
  };

/** ISO 8601 text with a zone (`2026-03-02T09:15:04Z`), a date (`2026-03-02`, midnight UTC), or a `Date`. */
export type DateInput = string | Date;

/** What a voucher is worth; of the three kinds, the one given. */
export type BenefitInput =
  | { readonly type?: "DISCOUNT_VOUCHER"; readonly discount: Discount }
  | { readonly type: "GIFT_VOUCHER"; readonly gift: { readonly amount: number; readonly effect?: string } }
  | { readonly type: "LOYALTY_CARD"; readonly loyaltyCard: { readonly points: number } };

/**
 * How codes are made: `length` characters of `charset`, or a `pattern` whose every `#` is one; with `prefix` in front
 * and `postfix` behind. By default eight letters and digits.
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

/** A voucher of a campaign, or a standalone one. Without a `code` one is made by `codeConfig`, or the campaign's. */
export type VoucherInput = VoucherDetails & {
  readonly code?: string;
  readonly codeConfig?: CodeConfigInput;
} & ({ readonly campaign: string } | (BenefitInput & { readonly isReferralCode?: boolean }));

/** What is given replaces, null clears, what is absent stays; metadata is merged by key. */
export type VoucherPatch = VoucherDetails;

/** Each takes a voucher's code or its id. */
export interface VoucherMethods {
  create(input: VoucherInput): Promise<Voucher>;
  get(voucher: string): Promise<Voucher>;
  list(query?: ListQuery<"vouchers">): Promise<Page<Voucher>>;
  update(voucher: string, patch: VoucherPatch): Promise<Voucher>;
  delete(voucher: string): Promise<void>;
  enable(voucher: string): Promise<Voucher>;
  disable(voucher: string): Promise<Voucher>;
}
