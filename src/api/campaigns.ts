import type { Campaign, CampaignType, Metadata } from "../domain/model.ts";
import type { EngineError } from "../errors.ts";
import type { ListQuery, Page } from "./lists.ts";
import type { ProgressOptions } from "./progress.ts";
import type { BenefitInput, CodeConfigInput, DateInput, VoucherDetails } from "./vouchers.ts";

/** A new campaign. */
export interface CampaignInput {
  readonly name: string;
  /** `STATIC` by default. */
  readonly type?: Campaign["type"];
  readonly voucher: VoucherTemplateInput;
  /** How many vouchers to create with the campaign; 0 by default. */
  readonly vouchersCount?: number;
  readonly description?: string | null;
  /** Follows from the voucher's type by default. A LOYALTY_PROGRAM has `joinOnce`, unless its type is STANDALONE. */
  readonly campaignType?: CampaignType;
  readonly joinOnce?: boolean;
  readonly startDate?: DateInput | null;
  readonly expirationDate?: DateInput | null;
  readonly activityDurationAfterPublishing?: string | null;
  readonly metadata?: Metadata;
}

/** The common properties of a campaign's vouchers. */
export type VoucherTemplateInput = BenefitInput & {
  readonly codeConfig?: CodeConfigInput;
  readonly isReferralCode?: boolean;
  readonly redemption?: { readonly quantity: number | null };
};

/** A present field replaces the old value, null clears it, an absent field stays. Metadata is merged by key. */
export interface CampaignPatch {
  /** Changes between STATIC and AUTO_UPDATE. A STANDALONE campaign keeps its type. */
  readonly type?: Campaign["type"];
  readonly description?: string | null;
  readonly joinOnce?: boolean;
  /** The campaign's unpublished vouchers get new dates, too. */
  readonly startDate?: DateInput | null;
  readonly expirationDate?: DateInput | null;
  readonly activityDurationAfterPublishing?: string | null;
  /** Applies to codes created after the change. */
  readonly codeConfig?: CodeConfigInput;
  readonly metadata?: Metadata;
  /** Keys of the metadata to remove. */
  readonly unsetMetadataFields?: readonly string[];
}

/**
 * The numbers of a campaign. `available` vouchers are suitable for publication now. A voucher that is neither published
 * nor available is disabled or expired. `failed` is the number of stored failed publications.
 */
export interface CampaignSummary {
  readonly total: number;
  readonly published: number;
  readonly available: number;
  readonly failed: number;
}

/**
 * New vouchers of a campaign: `count` random codes by `codeConfig` (by default the campaign's), or these `codes`. The
 * details apply to each voucher. All other properties come from the campaign.
 */
export type VouchersToAdd = VoucherDetails &
  ({ readonly count: number; readonly codeConfig?: CodeConfigInput } | { readonly codes: readonly string[] });

/** A voucher with a code of your own. Absent fields come from the campaign. */
export type VoucherImport = VoucherDetails & { readonly code: string };

/** The result of an import: the position of each refused voucher, and the reason. */
export interface ImportReport {
  readonly imported: number;
  readonly refused: readonly { readonly index: number; readonly error: EngineError }[];
}

/** The methods for campaigns. `campaign` is a campaign's name or id. */
export interface CampaignMethods {
  create(input: CampaignInput, options?: ProgressOptions): Promise<Campaign>;
  get(campaign: string): Promise<Campaign>;
  list(query?: ListQuery<"campaigns">): Promise<Page<Campaign>>;
  update(campaign: string, patch: CampaignPatch): Promise<Campaign>;
  /** Deletes the campaign with its vouchers. Its publications stay stored, and their codes stay taken. */
  delete(campaign: string): Promise<void>;
  enable(campaign: string): Promise<Campaign>;
  disable(campaign: string): Promise<Campaign>;
  /**
   * Adds all vouchers, or none if a code is wrong or taken. If another call takes a code at the same moment, some are
   * added and some are not: `done` of the error is the number of added ones.
   */
  addVouchers(
    campaign: string,
    vouchers: VouchersToAdd,
    options?: ProgressOptions,
  ): Promise<{ readonly added: number }>;
  /** Adds vouchers from a list of any length. It skips a voucher that is wrong or taken, and reports it. */
  importVouchers(
    campaign: string,
    vouchers: Iterable<string | VoucherImport> | AsyncIterable<string | VoucherImport>,
    options?: ProgressOptions,
  ): Promise<ImportReport>;
  summary(campaign: string): Promise<CampaignSummary>;
}
