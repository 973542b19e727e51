import * as t from "io-ts";
import type { CustomerSummary, Publication, PublicationEntry, Voucher } from "oncecode";
import { type BenefitView, benefitAlone, discount, giftShape, loyaltyCardShape } from "./benefits.ts";
import { customerRequest, customerSummary } from "./customers.ts";
import {
  flag,
  type Given,
  given,
  instant,
  list,
  metadata,
  nullable,
  type Struct,
  shown,
  struct,
  type Wire,
  whole,
} from "./shape.ts";
import { voucher } from "./vouchers.ts";

const text = nullable(t.string);
const campaign = t.union([
  t.string,
  given("CampaignToPublishFrom", { name: t.string, id: t.string, count: whole }),
  t.null,
]);
const customer = t.union([t.string, customerRequest]);

const fields = {
  voucher: text,
  campaign,
  source_id: text,
  metadata: nullable(metadata),
  join_once: nullable(flag),
};

/** What to publish, and to whom. Some clients send `join_once` in the body, others in the query. */
export const publicationRequest: Struct<Given> = given(
  "PublicationRequest",
  { ...fields, channel: text },
  { customer },
);
export const publicationInQuery: Struct<Given> = given("PublicationQuery", fields, { customer });
export const joinOnceQuery: Struct<Given> = given("JoinOnceQuery", { join_once: flag });
/** Client-side, and in older clients, the campaign is in the query. */
export const sourceQuery: Struct<Given> = given("SourceQuery", {
  campaign: t.string,
  voucher: t.string,
  join_once: flag,
});

/** What a publication of several vouchers has in place of a `voucher`. */
interface View {
  readonly vouchers?: readonly string[];
  readonly vouchersId: readonly string[];
}
type PublicationView = Omit<Publication, "voucher"> & View & { readonly voucher?: Voucher };

const base = {
  id: t.string,
  created_at: instant,
  customer_id: t.string,
  tracking_id: text,
  metadata,
  channel: t.string,
  source_id: text,
  result: t.keyof({ SUCCESS: null, FAILURE: null }),
  customer: customerSummary,
  vouchers_id: list(t.string),
};
const vouchers = list(t.string);

const publicationShape: Struct<PublicationView> = struct<PublicationView>()("Publication", base, {
  optional: { voucher, vouchers },
  constants: { object: "publication" },
});

/** One code comes as a `voucher`, several as `vouchers`; of a voucher that has been deleted only the code is left. */
const isSingle = ({ codes, voucher: one }: Pick<Publication, "codes" | "voucher">): boolean =>
  codes.length === 1 && one !== undefined;

/** The answer to whoever published. */
export const publication: Wire<Publication> = shown(publicationShape, (published) => ({
  ...published,
  ...(!isSingle(published) && { vouchers: published.codes }),
  vouchersId: published.voucherIds,
}));

type BriefVoucher = Partial<BenefitView> & Pick<Voucher, "code" | "campaign" | "isReferralCode">;
const briefVoucher: Struct<BriefVoucher> = struct<BriefVoucher>()(
  "BriefVoucher",
  { code: t.string, campaign: text, is_referral_code: t.boolean },
  {
    optional: { discount, gift: giftShape, loyalty_card: loyaltyCardShape },
    constants: { object: "voucher" },
  },
);

interface EntryView extends View {
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

const entryShape: Struct<EntryView> = struct<EntryView>()("PublicationEntry", base, {
  optional: { voucher: briefVoucher, vouchers, failure_code: t.string, failure_message: t.string },
  constants: { object: "publication" },
});

const briefly = (voucher: Voucher): BriefVoucher => ({
  ...benefitAlone(voucher),
  code: voucher.code,
  campaign: voucher.campaign,
  isReferralCode: voucher.isReferralCode,
});

/** A publication in a list, or an attempt that failed. */
export const publicationEntry: Wire<PublicationEntry> = shown(entryShape, ({ voucher: one, ...entry }) => ({
  ...entry,
  ...(one === undefined ? { vouchers: entry.codes } : { voucher: briefly(one) }),
  vouchersId: entry.voucherIds,
}));
