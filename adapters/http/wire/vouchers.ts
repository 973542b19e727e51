import * as t from "io-ts";
import type { SuccessfulPublication, Voucher } from "oncecode";
import {
  type BenefitView,
  benefitFields,
  benefitRequestFields,
  benefitView,
  codeConfigRequest,
  redemptionRequest,
} from "./benefits.ts";
import {
  flag,
  inputStruct,
  instant,
  type List,
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

const detailFields = {
  active: flag,
  start_date: nullable(instant),
  expiration_date: nullable(instant),
  redemption: redemptionRequest,
  additional_info: nullable(t.string),
  metadata,
};

export const voucherRequest: Struct<UnknownRecord> = inputStruct("VoucherRequest", {
  ...benefitRequestFields,
  ...detailFields,
  campaign: nullable(t.string),
  code: nullable(t.string),
  code_config: codeConfigRequest,
  is_referral_code: nullable(flag),
});

/** A change of a voucher. A caller may post a whole fetched voucher, with fields that cannot change. */
export const voucherPatch: Struct<UnknownRecord> = inputStruct("VoucherPatch", detailFields);

/** A voucher to add to a campaign. The campaign has the benefit. */
export const additionRequest: Struct<UnknownRecord> = inputStruct("AdditionRequest", {
  ...detailFields,
  code_config: codeConfigRequest,
});
export const importRequest: List<UnknownRecord> = list(
  inputStruct("ImportedVoucher", detailFields, { code: t.string }),
);

/** The publication inside of its voucher, in an older form. */
const publishEntry: Struct<SuccessfulPublication> = struct<SuccessfulPublication>()(
  "PublishEntry",
  {
    id: t.string,
    created_at: instant,
    customer_id: t.string,
    tracking_id: nullable(t.string),
    channel: t.string,
    source_id: nullable(t.string),
    metadata,
    result: t.literal("SUCCESS"),
  },
  { constants: { object: "publication" } },
);

interface PublishView {
  readonly count: 0 | 1;
  readonly url: string;
  readonly entries: readonly SuccessfulPublication[];
}
const voucherPublish: Struct<PublishView> = struct<PublishView>()(
  "VoucherPublish",
  { count: wholeNumber, url: t.string, entries: list(publishEntry) },
  { constants: { object: "list" } },
);

interface RedemptionView {
  readonly quantity: number | null;
  readonly url: string;
  readonly redeemedAmount?: 0;
  readonly redeemedPoints?: 0;
}
const voucherRedemption: Struct<RedemptionView> = struct<RedemptionView>()(
  "VoucherRedemption",
  { quantity: nullable(wholeNumber), url: t.string },
  {
    optional: { redeemed_amount: wholeNumber, redeemed_points: wholeNumber },
    constants: { redeemed_quantity: 0, object: "list" },
  },
);

type VoucherView = Omit<Voucher, "publish" | "redemption" | "type"> &
  BenefitView & { readonly publish: PublishView; readonly redemption: RedemptionView };

const voucherStruct: Struct<VoucherView> = struct<VoucherView>()(
  "Voucher",
  {
    id: t.string,
    code: t.string,
    campaign: nullable(t.string),
    campaign_id: nullable(t.string),
    ...benefitFields,
    start_date: nullable(instant),
    expiration_date: nullable(instant),
    active: t.boolean,
    additional_info: nullable(t.string),
    metadata,
    is_referral_code: t.boolean,
    created_at: instant,
    updated_at: nullable(instant),
    holder_id: nullable(t.string),
    redemption: voucherRedemption,
    publish: voucherPublish,
  },
  {
    constants: {
      category: null,
      category_id: null,
      categories: [],
      validity_timeframe: null,
      validity_day_of_week: null,
      validity_hours: null,
      referrer_id: null,
      // This library makes no images.
      assets: { qr: { id: null, url: null }, barcode: { id: null, url: null } },
      validation_rules_assignments: { object: "list", data_ref: "data", data: [], total: 0 },
      object: "voucher",
    },
  },
);

const voucherPath = (code: string): string => `/v1/vouchers/${encodeURIComponent(code)}`;

const redemptionView = ({ type, code, redemption: { quantity } }: Voucher): RedemptionView => ({
  quantity,
  url: `${voucherPath(code)}/redemptions?page=1&limit=10`,
  ...(type === "GIFT_VOUCHER" && { redeemedAmount: 0 as const }),
  ...(type === "LOYALTY_CARD" && { redeemedPoints: 0 as const }),
});

const voucherView = (voucher: Voucher): VoucherView => ({
  ...voucher,
  ...benefitView(voucher),
  redemption: redemptionView(voucher),
  publish: {
    count: voucher.publish.count,
    url: `${voucherPath(voucher.code)}/publications?page=1&limit=10`,
    entries: voucher.publish.publication === null ? [] : [voucher.publish.publication],
  },
});

/** A voucher in a response. */
export const voucher: WireCodec<Voucher> = viewCodec(voucherStruct, voucherView);
