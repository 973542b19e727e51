import * as t from "io-ts";
import type { CustomerSummary, Publication, PublicationEntry, Voucher } from "oncecode";
import { type BenefitView, discount, giftStruct, loyaltyCardStruct, presentBenefit } from "./benefits.ts";
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
import { customerRequest, customerSummary } from "./customers.ts";
import { voucher } from "./vouchers.ts";

const nullableText = nullable(t.string);
const campaign = t.union([
  t.string,
  inputStruct("CampaignToPublishFrom", { name: t.string, id: t.string, count: wholeNumber }),
  t.null,
]);
const customer = t.union([t.string, customerRequest]);

const requestFields = {
  voucher: nullableText,
  campaign,
  source_id: nullableText,
  metadata: nullable(metadata),
  join_once: nullable(flag),
};

/** A request to publish. Some clients send `join_once` in the body, others in the query. */
export const publicationRequest: Struct<UnknownRecord> = inputStruct(
  "PublicationRequest",
  { ...requestFields, channel: nullableText },
  { customer },
);
export const publicationInQuery: Struct<UnknownRecord> = inputStruct("PublicationQuery", requestFields, { customer });
export const joinOnceQuery: Struct<UnknownRecord> = inputStruct("JoinOnceQuery", { join_once: flag });
/** In the client API, and in older clients, the campaign is in the query. */
export const sourceQuery: Struct<UnknownRecord> = inputStruct("SourceQuery", {
  campaign: t.string,
  voucher: t.string,
  join_once: flag,
});

/** Every publication has `vouchers_id`. Without a single `voucher`, it also has `vouchers`. */
interface SeveralVouchers {
  readonly vouchers?: readonly string[];
  readonly vouchersId: readonly string[];
}
type PublicationView = Omit<Publication, "voucher"> & SeveralVouchers & { readonly voucher?: Voucher };

const commonFields = {
  id: t.string,
  created_at: instant,
  customer_id: t.string,
  tracking_id: nullableText,
  metadata,
  channel: t.string,
  source_id: nullableText,
  result: t.keyof({ SUCCESS: null, FAILURE: null }),
  customer: customerSummary,
  vouchers_id: list(t.string),
};
const vouchers = list(t.string);

const publicationStruct: Struct<PublicationView> = struct<PublicationView>()("Publication", commonFields, {
  optional: { voucher, vouchers },
  constants: { object: "publication" },
});

/** One code is a `voucher`, several codes are `vouchers`. If the voucher was deleted, `vouchers` has its code. */
const isSingle = ({ codes, voucher: one }: Pick<Publication, "codes" | "voucher">): boolean =>
  codes.length === 1 && one !== undefined;

/** The response to a request to publish. */
export const publication: WireCodec<Publication> = viewCodec(publicationStruct, (record) => ({
  ...record,
  ...(!isSingle(record) && { vouchers: record.codes }),
  vouchersId: record.voucherIds,
}));

type BriefVoucher = Partial<BenefitView> & Pick<Voucher, "code" | "campaign" | "isReferralCode">;
const briefVoucher: Struct<BriefVoucher> = struct<BriefVoucher>()(
  "BriefVoucher",
  { code: t.string, campaign: nullableText, is_referral_code: t.boolean },
  {
    optional: { discount, gift: giftStruct, loyalty_card: loyaltyCardStruct },
    constants: { object: "voucher" },
  },
);

interface EntryView extends SeveralVouchers {
  readonly id: string;
  readonly createdAt: string;
  readonly customerId: string;
  readonly trackingId: string | null;
  readonly metadata: object;
  readonly channel: string;
  readonly sourceId: string | null;
  readonly result: "SUCCESS" | "FAILURE";
  readonly customer: CustomerSummary;
  readonly voucher?: BriefVoucher;
  readonly failureCode?: string;
  readonly failureMessage?: string;
}

const entryStruct: Struct<EntryView> = struct<EntryView>()("PublicationEntry", commonFields, {
  optional: { voucher: briefVoucher, vouchers, failure_code: t.string, failure_message: t.string },
  constants: { object: "publication" },
});

const briefVoucherView = (voucher: Voucher): BriefVoucher => ({
  ...presentBenefit(voucher),
  code: voucher.code,
  campaign: voucher.campaign,
  isReferralCode: voucher.isReferralCode,
});

/** A publication or a failed publication in a list. */
export const publicationEntry: WireCodec<PublicationEntry> = viewCodec(entryStruct, ({ voucher: one, ...entry }) => ({
  ...entry,
  ...(one === undefined ? { vouchers: entry.codes } : { voucher: briefVoucherView(one) }),
  vouchersId: entry.voucherIds,
}));
