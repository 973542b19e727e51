import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type * as t from "io-ts";
import { LIMITS } from "../domain/limits.ts";
import type { CampaignType, CodeConfig, VoucherTemplate, VoucherType } from "../domain/model.ts";
import type { CampaignChange, CampaignRequest } from "../domain/requests.ts";
import { type InputError, inputError } from "../errors.ts";
import { benefitFields, toBenefit } from "./benefits.ts";
import { changeCodeConfig, codeConfigRequest, toCodeConfig } from "./code-configs.ts";
import { absentOr, list, nullable, struct } from "./codecs.ts";
import { decode } from "./decode.ts";
import { metadata } from "./json.ts";
import { whole } from "./numbers.ts";
import { duration, flag, instant, longText, oneOf, text, title } from "./text.ts";
import { redemption } from "./vouchers.ts";

const type = oneOf(["STATIC", "AUTO_UPDATE", "STANDALONE"]);

const template = struct(
  "a voucher template, as an object",
  {},
  {
    ...benefitFields,
    codeConfig: absentOr(codeConfigRequest),
    isReferralCode: absentOr(flag),
    redemption: absentOr(redemption),
  },
);
type TemplateFields = t.TypeOf<typeof template>;

const campaign = struct(
  "a campaign, as an object",
  { name: title, voucher: template },
  {
    type,
    vouchersCount: whole(0, LIMITS.vouchers),
    description: nullable(longText),
    campaignType: oneOf(["DISCOUNT_COUPONS", "GIFT_VOUCHERS", "LOYALTY_PROGRAM", "REFERRAL_PROGRAM"]),
    joinOnce: flag,
    startDate: nullable(instant),
    expirationDate: nullable(instant),
    activityDurationAfterPublishing: nullable(duration),
    metadata,
  },
);
type CampaignFields = t.TypeOf<typeof campaign>;

const CAMPAIGN_TYPE_OF: Readonly<Record<VoucherType, CampaignType>> = {
  DISCOUNT_VOUCHER: "DISCOUNT_COUPONS",
  GIFT_VOUCHER: "GIFT_VOUCHERS",
  LOYALTY_CARD: "LOYALTY_PROGRAM",
};

/** A referral program has discount or gift vouchers. Each other campaign type has one voucher type. */
const fitsCampaignType = (campaignType: CampaignType, voucherType: VoucherType): boolean =>
  campaignType === "REFERRAL_PROGRAM" ? voucherType !== "LOYALTY_CARD" : campaignType === CAMPAIGN_TYPE_OF[voucherType];

const toTemplate = (fields: TemplateFields, isReferralCode: boolean): E.Either<InputError, VoucherTemplate> =>
  pipe(
    toBenefit(fields, "voucher"),
    E.flatMap((benefit) =>
      pipe(
        toCodeConfig(fields.codeConfig ?? {}, "voucher.codeConfig"),
        E.map((codeConfig) => ({
          ...benefit,
          codeConfig,
          isReferralCode: fields.isReferralCode ?? isReferralCode,
          redemption: fields.redemption ?? { quantity: null },
        })),
      ),
    ),
  );

const toRequest = (fields: CampaignFields): E.Either<InputError, CampaignRequest> =>
  pipe(
    toTemplate(fields.voucher, fields.campaignType === "REFERRAL_PROGRAM"),
    E.map((voucher) => ({
      name: fields.name,
      type: fields.type ?? "STATIC",
      campaignType: fields.campaignType ?? CAMPAIGN_TYPE_OF[voucher.type],
      voucher,
      vouchersCount: fields.vouchersCount ?? 0,
      description: fields.description ?? null,
      joinOnce: fields.joinOnce ?? false,
      startDate: fields.startDate ?? null,
      expirationDate: fields.expirationDate ?? null,
      activityDurationAfterPublishing: fields.activityDurationAfterPublishing ?? null,
      metadata: fields.metadata ?? {},
    })),
  );

const hasFittingVouchers = ({ campaignType, voucher }: CampaignRequest): boolean =>
  fitsCampaignType(campaignType, voucher.type);

export const decodeCampaign = (input: unknown): E.Either<InputError, CampaignRequest> =>
  pipe(
    decode(campaign)(input),
    E.flatMap(toRequest),
    E.filterOrElse(hasFittingVouchers, ({ voucher }) =>
      inputError(
        "invalid_campaign",
        "campaignType",
        `${CAMPAIGN_TYPE_OF[voucher.type]}, as its vouchers are ${voucher.type}`,
      ),
    ),
  );

const patch = struct(
  "a change to a campaign, as an object",
  {},
  {
    type,
    description: nullable(longText),
    joinOnce: flag,
    startDate: nullable(instant),
    expirationDate: nullable(instant),
    activityDurationAfterPublishing: nullable(duration),
    codeConfig: codeConfigRequest,
    metadata,
    unsetMetadataFields: absentOr(list(text(0, LIMITS.operand), "keys of the metadata", 0, LIMITS.operands)),
  },
);

/** `current` is the campaign's code config. Absent fields of the patch's code config keep its values. */
export const decodeCampaignPatch = (input: unknown, current: CodeConfig): E.Either<InputError, CampaignChange> =>
  pipe(
    decode(patch)(input),
    E.flatMap(
      ({ codeConfig, ...change }): E.Either<InputError, CampaignChange> =>
        codeConfig === undefined
          ? E.right(change)
          : E.map((changed: CodeConfig) => ({ ...change, codeConfig: changed }))(
              changeCodeConfig(current, codeConfig, "codeConfig"),
            ),
    ),
  );
