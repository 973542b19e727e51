import { castDraft } from "immer";
import type { Draft } from "../repository.ts";
import { type Filter, or, where } from "./filters.ts";
import type { Benefit, Campaign, Code, Instant, SuccessfulPublication, VoucherId, VoucherRecord } from "./model.ts";
import type { VoucherChange } from "./requests.ts";
import { mergeMetadata, revise } from "./revisions.ts";

/** The id, code, rank and creation time of a new voucher. */
export interface VoucherSeed {
  readonly id: VoucherId;
  readonly code: Code;
  readonly rank: number;
  readonly now: Instant;
}

/** The properties that a new voucher gets from its campaign or, if it has no campaign, from its request. */
export interface VoucherDefaults {
  readonly benefit: Benefit;
  readonly isReferralCode: boolean;
  readonly redemption: VoucherRecord["redemption"];
  readonly campaign: Campaign | null;
}

const copyBenefit = (template: Benefit): Benefit => {
  switch (template.type) {
    case "DISCOUNT_VOUCHER":
      return { type: template.type, discount: template.discount };
    case "GIFT_VOUCHER":
      return { type: template.type, gift: template.gift };
    case "LOYALTY_CARD":
      return { type: template.type, loyaltyCard: template.loyaltyCard };
  }
};

/** The defaults from a campaign's template. */
export const campaignDefaults = (campaign: Campaign): VoucherDefaults => ({
  benefit: copyBenefit(campaign.voucher),
  isReferralCode: campaign.voucher.isReferralCode,
  redemption: campaign.voucher.redemption,
  campaign,
});

/** A new, unpublished voucher. It copies the dates and the metadata of its campaign (contract 2.5). */
export const newVoucher = (
  defaults: VoucherDefaults,
  seed: VoucherSeed,
  details: VoucherChange = {},
): VoucherRecord => ({
  ...defaults.benefit,
  id: seed.id,
  code: seed.code,
  campaignId: defaults.campaign?.id ?? null,
  campaign: defaults.campaign?.name ?? null,
  isReferralCode: defaults.isReferralCode,
  redemption: defaults.redemption,
  active: true,
  startDate: defaults.campaign?.startDate ?? null,
  expirationDate: defaults.campaign?.expirationDate ?? null,
  additionalInfo: null,
  holderId: null,
  publicationId: null,
  rank: seed.rank,
  createdAt: seed.now,
  updatedAt: null,
  revision: 1,
  ...details,
  metadata: mergeMetadata(defaults.campaign?.metadata ?? {}, details.metadata ?? {}),
});

/** Whether a campaign or a voucher cannot be published any more at `now`. */
export const hasExpired = ({ expirationDate }: Pick<Campaign, "expirationDate">, now: Instant): boolean =>
  expirationDate !== null && expirationDate <= now;

/** The vouchers that have not expired at `now`. */
export const unexpiredAt = (now: Instant | Date): Filter<"expirationDate"> =>
  or(where("expirationDate").isUnknown(), where("expirationDate").after(now));

/** The publication of a draft that got these vouchers. */
export const publicationWithVouchers = (
  { publication }: Draft,
  vouchers: readonly Pick<VoucherRecord, "id" | "code">[],
): SuccessfulPublication => ({
  ...publication,
  codes: vouchers.map(({ code }) => code),
  voucherIds: vouchers.map(({ id }) => id),
});

/** The voucher after the draft is published with it. */
export const publishedVoucher = (
  { publication, now, expirationDate }: Draft,
  voucher: VoucherRecord,
): VoucherRecord => ({
  ...voucher,
  holderId: publication.customerId,
  publicationId: publication.id,
  expirationDate: expirationDate ?? voucher.expirationDate,
  updatedAt: now,
  revision: voucher.revision + 1,
});

export const changeVoucher = (
  voucher: VoucherRecord,
  { metadata, redemption, ...plain }: VoucherChange,
  now: Instant,
): VoucherRecord =>
  revise(voucher, now, (copy) => {
    Object.assign(copy, plain);
    if (redemption !== undefined) copy.redemption.quantity = redemption.quantity;
    if (metadata !== undefined) copy.metadata = castDraft(mergeMetadata(voucher.metadata, metadata));
  });
