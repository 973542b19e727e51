import { castDraft } from "immer";
import type { Benefit, Campaign, Code, Instant, VoucherId, VoucherRecord } from "./model.ts";
import type { VoucherChange } from "./requests.ts";
import { mergeMetadata, revise } from "./revisions.ts";

/** What the engine draws for a new voucher. */
export interface Drawn {
  readonly id: VoucherId;
  readonly code: Code;
  readonly rank: number;
  readonly now: Instant;
}

/** What a voucher is when nothing more is said of it. */
export interface Blank {
  readonly benefit: Benefit;
  readonly isReferralCode: boolean;
  readonly redemption: VoucherRecord["redemption"];
  readonly campaign: Campaign | null;
}

const benefitOf = (template: Benefit): Benefit => {
  switch (template.type) {
    case "DISCOUNT_VOUCHER":
      return { type: template.type, discount: template.discount };
    case "GIFT_VOUCHER":
      return { type: template.type, gift: template.gift };
    case "LOYALTY_CARD":
      return { type: template.type, loyaltyCard: template.loyaltyCard };
  }
};

/** A voucher of a campaign is what its template says. */
export const blankOf = (campaign: Campaign): Blank => ({
  benefit: benefitOf(campaign.voucher),
  isReferralCode: campaign.voucher.isReferralCode,
  redemption: campaign.voucher.redemption,
  campaign,
});

/** A new, unpublished voucher. A campaign's dates and metadata are its own, too (contract 2.5). */
export const newVoucher = (blank: Blank, drawn: Drawn, details: VoucherChange = {}): VoucherRecord => ({
  ...blank.benefit,
  id: drawn.id,
  code: drawn.code,
  campaignId: blank.campaign?.id ?? null,
  campaign: blank.campaign?.name ?? null,
  isReferralCode: blank.isReferralCode,
  redemption: blank.redemption,
  active: true,
  startDate: blank.campaign?.startDate ?? null,
  expirationDate: blank.campaign?.expirationDate ?? null,
  additionalInfo: null,
  holderId: null,
  publicationId: null,
  rank: drawn.rank,
  createdAt: drawn.now,
  updatedAt: null,
  revision: 1,
  ...details,
  metadata: mergeMetadata(blank.campaign?.metadata ?? {}, details.metadata ?? {}),
});

export const changeVoucher = (
  voucher: VoucherRecord,
  { metadata, redemption, ...plain }: VoucherChange,
  now: Instant,
): VoucherRecord =>
  revise(voucher, now, (draft) => {
    Object.assign(draft, plain);
    if (redemption !== undefined) draft.redemption.quantity = redemption.quantity;
    if (metadata !== undefined) draft.metadata = castDraft(mergeMetadata(voucher.metadata, metadata));
  });
