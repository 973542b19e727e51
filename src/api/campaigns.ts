import type { Campaign, CampaignType, Metadata } from "../domain/model.ts";
import type { EngineError } from "../errors.ts";
import type { ListQuery, Page } from "./lists.ts";
import type { ProgressOptions } from "./progress.ts";
import type { BenefitInput, CodeConfigInput, DateInput, VoucherDetails } from "./vouchers.ts";

/** Campaigns as a host sees them: input, output and methods. */

/** A campaign to make. */
export interface CampaignInput {
  readonly name: string;
  /** STATIC unless given. */
  readonly type?: Campaign["type"];
  readonly voucher: VoucherTemplateInput;
  /** How many vouchers to make at once; 0 unless given. */
  readonly vouchersCount?: number;
  readonly description?: string | null;
  /** Follows from the voucher's type unless given. A LOYALTY_PROGRAM is always `joinOnce`. */
  readonly campaignType?: CampaignType;
  readonly joinOnce?: boolean;
  readonly startDate?: DateInput | null;
  readonly expirationDate?: DateInput | null;
  readonly activityDurationAfterPublishing?: string | null;
  readonly metadata?: Metadata;
}

/** What every voucher of a campaign is like. */
export type VoucherTemplateInput = BenefitInput & {
  readonly codeConfig?: CodeConfigInput;
  readonly isReferralCode?: boolean;
  readonly redemption?: { readonly quantity: number | null };
};

/** What is given replaces, null clears, what is absent stays; metadata is merged by key. */
export interface CampaignPatch {
  /** STATIC or AUTO_UPDATE, either way; a STANDALONE campaign stays one. */
  readonly type?: Campaign["type"];
  readonly description?: string | null;
  readonly joinOnce?: boolean;
  /** New dates reach the campaign's unpublished vouchers, too. */
  readonly startDate?: DateInput | null;
  readonly expirationDate?: DateInput | null;
  readonly activityDurationAfterPublishing?: string | null;
  /** Applies to the codes made from now on. */
  readonly codeConfig?: CodeConfigInput;
  readonly metadata?: Metadata;
  /** Keys of the metadata to remove. */
  readonly unsetMetadataFields?: readonly string[];
}

/**
 * How a campaign stands. `available` are suitable for publication now; what is neither published nor available is
 * disabled or expired. `failed` counts the attempts that are on record.
 */
export interface CampaignSummary {
  readonly total: number;
  readonly published: number;
  readonly available: number;
  readonly failed: number;
}

/** Random ones, by `codeConfig` or the campaign's; or these. What is said of them is said of each, the rest comes from the campaign. */
export type VouchersToAdd = VoucherDetails &
  ({ readonly count: number; readonly codeConfig?: CodeConfigInput } | { readonly codes: readonly string[] });

/** A voucher of the merchant's own making; what is absent comes from the campaign. */
export type VoucherImport = VoucherDetails & { readonly code: string };

/** Which of the vouchers handed in were not imported, by position, and why. */
export interface ImportReport {
  readonly imported: number;
  readonly refused: readonly { readonly index: number; readonly error: EngineError }[];
}

/** Each takes a campaign by its name or its id. */
export interface CampaignMethods {
  create(input: CampaignInput, options?: ProgressOptions): Promise<Campaign>;
  get(campaign: string): Promise<Campaign>;
  list(query?: ListQuery<"campaigns">): Promise<Page<Campaign>>;
  update(campaign: string, patch: CampaignPatch): Promise<Campaign>;
  /** Deletes the campaign with its vouchers. Its publications stay on record, and their codes stay taken. */
  delete(campaign: string): Promise<void>;
  enable(campaign: string): Promise<Campaign>;
  disable(campaign: string): Promise<Campaign>;
  /**
   * Adds all or, where a code is wrong or taken, none. Only if another call takes a code at the same moment are some
   * added and some not: `done` of the error says how many.
   */
  addVouchers(
    campaign: string,
    vouchers: VouchersToAdd,
    options?: ProgressOptions,
  ): Promise<{ readonly added: number }>;
  /** Adds what can be added of a list of any length, and reports each one that can't. */
  importVouchers(
    campaign: string,
    vouchers: Iterable<string | VoucherImport> | AsyncIterable<string | VoucherImport>,
    options?: ProgressOptions,
  ): Promise<ImportReport>;
  summary(campaign: string): Promise<CampaignSummary>;
}
