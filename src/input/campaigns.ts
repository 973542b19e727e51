import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import type * as t from "io-ts";
import { LIMITS } from "../domain/limits.ts";
import type { CampaignType, CodeConfig, VoucherTemplate, VoucherType } from "../domain/model.ts";
import type { CampaignChange, CampaignRequest } from "../domain/requests.ts";
import { type InputError, inputError } from "../errors.ts";
import { benefitFields, toBenefit } from "./benefits.ts";
import { changeCodeConfig, codeConfigRequest, toCodeConfig } from "./code-configs.ts";
import { metadata } from "./json.ts";
import { whole } from "./numbers.ts";
import { decode } from "./report.ts";
import { absentOr, list, nullable, struct } from "./shape.ts";
import { duration, flag, instant, oneOf, prose, text, title } from "./text.ts";
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
type Template = t.TypeOf<typeof template>;

const campaign = struct(
  "a campaign, as an object",
  { name: title, voucher: template },
  {
    type,
    vouchersCount: whole(0, LIMITS.vouchers),
    description: nullable(prose),
    campaignType: oneOf(["DISCOUNT_COUPONS", "GIFT_VOUCHERS", "LOYALTY_PROGRAM", "REFERRAL_PROGRAM"]),
    joinOnce: flag,
    startDate: nullable(instant),
    expirationDate: nullable(instant),
    activityDurationAfterPublishing: nullable(duration),
    metadata,
  },
);
type Given = t.TypeOf<typeof campaign>;

const TYPE_OF: Readonly<Record<VoucherType, CampaignType>> = {
  DISCOUNT_VOUCHER: "DISCOUNT_COUPONS",
  GIFT_VOUCHER: "GIFT_VOUCHERS",
  LOYALTY_CARD: "LOYALTY_PROGRAM",
};

/** Referral programs reward with discounts or gifts; every other type has its own kind of voucher. */
const suits = (campaignType: CampaignType, voucherType: VoucherType): boolean =>
  campaignType === "REFERRAL_PROGRAM" ? voucherType !== "LOYALTY_CARD" : campaignType === TYPE_OF[voucherType];

const toTemplate = (given: Template, isReferralCode: boolean): E.Either<InputError, VoucherTemplate> =>
  pipe(
    toBenefit(given, "voucher"),
    E.flatMap((benefit) =>
      pipe(
        toCodeConfig(given.codeConfig ?? {}, "voucher.codeConfig"),
        E.map((codeConfig) => ({
          ...benefit,
          codeConfig,
          isReferralCode: given.isReferralCode ?? isReferralCode,
          redemption: given.redemption ?? { quantity: null },
        })),
      ),
    ),
  );

const toRequest = (given: Given): E.Either<InputError, CampaignRequest> =>
  pipe(
    toTemplate(given.voucher, given.campaignType === "REFERRAL_PROGRAM"),
    E.map((voucher) => ({
      name: given.name,
      type: given.type ?? "STATIC",
      campaignType: given.campaignType ?? TYPE_OF[voucher.type],
      voucher,
      vouchersCount: given.vouchersCount ?? 0,
      description: given.description ?? null,
      joinOnce: given.joinOnce ?? false,
      startDate: given.startDate ?? null,
      expirationDate: given.expirationDate ?? null,
      activityDurationAfterPublishing: given.activityDurationAfterPublishing ?? null,
      metadata: given.metadata ?? {},
    })),
  );

const consistent = ({ campaignType, voucher }: CampaignRequest): boolean => suits(campaignType, voucher.type);

export const decodeCampaign = (input: unknown): E.Either<InputError, CampaignRequest> =>
  pipe(
    decode(campaign)(input),
    E.flatMap(toRequest),
    E.filterOrElse(consistent, ({ voucher }) =>
      inputError("invalid_campaign", "campaignType", `${TYPE_OF[voucher.type]}, as its vouchers are ${voucher.type}`),
    ),
  );

const patch = struct(
  "a change to a campaign, as an object",
  {},
  {
    type,
    description: nullable(prose),
    joinOnce: flag,
    startDate: nullable(instant),
    expirationDate: nullable(instant),
    activityDurationAfterPublishing: nullable(duration),
    codeConfig: codeConfigRequest,
    metadata,
    unsetMetadataFields: absentOr(list(text(0, LIMITS.operand), "keys of the metadata", 0, LIMITS.operands)),
  },
);

/** `current` is the campaign's: what the patch does not say of its codes stays. */
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
