import * as t from "io-ts";
import type { Campaign, VoucherTemplate } from "oncecode";
import {
  type BenefitView,
  benefitRequestFields,
  codeConfig,
  codeConfigRequest,
  discount,
  giftStruct,
  loyaltyCardStruct,
  presentBenefit,
  redemptionRequest,
  voucherType,
} from "./benefits.ts";
import {
  flag,
  inputStruct,
  instant,
  list,
  metadata,
  nullable,
  type Struct,
  struct,
  type UnknownRecord,
  viewCodec,
  type WireCodec,
  wholeNumber,
} from "./codecs.ts";

const type = t.keyof({ STATIC: null, AUTO_UPDATE: null, STANDALONE: null });
const campaignType = t.keyof({
  DISCOUNT_COUPONS: null,
  GIFT_VOUCHERS: null,
  LOYALTY_PROGRAM: null,
  REFERRAL_PROGRAM: null,
});

const changeableFields = {
  type,
  description: nullable(t.string),
  join_once: flag,
  start_date: nullable(instant),
  expiration_date: nullable(instant),
  activity_duration_after_publishing: nullable(t.string),
  metadata,
};

const templateRequest = inputStruct("VoucherTemplateRequest", {
  ...benefitRequestFields,
  code_config: codeConfigRequest,
  redemption: redemptionRequest,
  is_referral_code: nullable(flag),
});
export const campaignRequest: Struct<UnknownRecord> = inputStruct(
  "CampaignRequest",
  { campaign_type: campaignType, vouchers_count: wholeNumber, ...changeableFields },
  { name: t.string, voucher: templateRequest },
);

/** A change of a campaign. A caller may post a whole fetched campaign. In its voucher, only the code configuration can change. */
export const campaignPatch: Struct<UnknownRecord> = inputStruct("CampaignPatch", {
  ...changeableFields,
  voucher: inputStruct("VoucherTemplatePatch", { code_config: codeConfigRequest }),
  unset_metadata_fields: list(t.string),
});

type TemplateView = Pick<VoucherTemplate, "isReferralCode" | "redemption"> &
  Partial<BenefitView> & { readonly codeConfig: object };
const templateStruct: Struct<TemplateView> = struct<TemplateView>()(
  "VoucherTemplate",
  {
    type: voucherType,
    redemption: redemptionRequest,
    code_config: codeConfig,
    is_referral_code: t.boolean,
  },
  { optional: { discount, gift: giftStruct, loyalty_card: loyaltyCardStruct } },
);

/** A campaign with its number of vouchers. */
export interface CampaignWithCount extends Campaign {
  readonly vouchersCount: number;
}

interface CampaignView
  extends Omit<
    CampaignWithCount,
    "voucher" | "description" | "startDate" | "expirationDate" | "activityDurationAfterPublishing"
  > {
  readonly voucher: TemplateView;
  readonly description?: string;
  readonly startDate?: string;
  readonly expirationDate?: string;
  readonly activityDurationAfterPublishing?: string;
}

const campaignStruct: Struct<CampaignView> = struct<CampaignView>()(
  "Campaign",
  {
    id: t.string,
    name: t.string,
    campaign_type: campaignType,
    type,
    voucher: templateStruct,
    join_once: t.boolean,
    vouchers_count: wholeNumber,
    active: t.boolean,
    metadata,
    created_at: instant,
    updated_at: nullable(instant),
  },
  {
    optional: {
      description: t.string,
      start_date: instant,
      expiration_date: instant,
      activity_duration_after_publishing: t.string,
    },
    constants: {
      auto_join: false,
      use_voucher_metadata_schema: true,
      category: null,
      category_id: null,
      categories: [],
      creation_status: "DONE",
      vouchers_generation_status: "DONE",
      protected: false,
      object: "campaign",
      validation_rules_assignments: { object: "list", data_ref: "data", data: [], total: 0 },
    },
  },
);

/** A prefix or a postfix that is not set is left out. */
const codeConfigView = ({ prefix, postfix, ...config }: VoucherTemplate["codeConfig"]): object => ({
  ...config,
  ...(prefix !== "" && { prefix }),
  ...(postfix !== "" && { postfix }),
});

const templateView = (voucher: VoucherTemplate): TemplateView => ({
  ...presentBenefit(voucher),
  isReferralCode: voucher.isReferralCode,
  redemption: voucher.redemption,
  codeConfig: codeConfigView(voucher.codeConfig),
});

/** A field that is not set is left out, as the official clients expect. */
export const campaign: WireCodec<CampaignWithCount> = viewCodec(
  campaignStruct,
  ({ voucher, description, startDate, expirationDate, activityDurationAfterPublishing, ...rest }) => ({
    ...rest,
    voucher: templateView(voucher),
    ...(description !== null && { description }),
    ...(startDate !== null && { startDate }),
    ...(expirationDate !== null && { expirationDate }),
    ...(activityDurationAfterPublishing !== null && { activityDurationAfterPublishing }),
  }),
);

/** The summary of a campaign. */
export interface CampaignSummaryView {
  readonly campaignId: string;
  readonly vouchers: number;
  readonly vouchersPublished: number;
  readonly vouchersAvailable: number;
  readonly publications: number;
  readonly publicationsSucceeded: number;
  readonly publicationsFailed: number;
}
export const campaignSummary: Struct<CampaignSummaryView> = struct<CampaignSummaryView>()(
  "CampaignSummary",
  {
    campaign_id: t.string,
    vouchers: wholeNumber,
    vouchers_published: wholeNumber,
    vouchers_available: wholeNumber,
    publications: wholeNumber,
    publications_succeeded: wholeNumber,
    publications_failed: wholeNumber,
  },
  { constants: { object: "campaign_summary" } },
);
