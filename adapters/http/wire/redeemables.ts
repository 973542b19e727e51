import * as t from "io-ts";
import type { Campaign, Voucher } from "oncecode";
import { voucherType } from "./benefits.ts";
import { instant, nullable, type Struct, struct, viewCodec, type WireCodec } from "./codecs.ts";
import { voucher } from "./vouchers.ts";

/** A voucher that a customer holds. */
export interface Redeemable {
  readonly customerId: string;
  readonly voucher: Voucher;
  readonly campaignType: Campaign["campaignType"] | null;
  /** The time of the request. */
  readonly now: string;
}

/** The id of a redeemable is the id of its voucher with another prefix. */
export const redeemableIdOf = (voucherId: string): string => voucherId.replace(/^v_/, "rh_");
export const voucherIdOf = (redeemableId: string): string => redeemableId.replace(/^rh_/, "v_");

type Status = "ACTIVE" | "DISABLED" | "EXPIRED" | "NOT_ACTIVE_YET";

const statusOf = ({ active, startDate, expirationDate }: Voucher, now: string): Status => {
  if (!active) return "DISABLED";
  if (expirationDate !== null && expirationDate <= now) return "EXPIRED";
  return startDate !== null && startDate > now ? "NOT_ACTIVE_YET" : "ACTIVE";
};

interface RedeemableVoucher {
  readonly status: Status;
  readonly voucher: Voucher;
}
const redeemableVoucher: Struct<RedeemableVoucher> = struct<RedeemableVoucher>()(
  "RedeemableVoucher",
  { status: t.keyof({ ACTIVE: null, DISABLED: null, EXPIRED: null, NOT_ACTIVE_YET: null }), voucher },
  { constants: { type: "voucher" } },
);

interface RedeemableView {
  readonly id: string;
  readonly createdAt: string;
  readonly redeemableId: string;
  readonly customerId: string;
  readonly campaignId: string | null;
  readonly campaignType: string | null;
  readonly voucherType: string;
  readonly redeemable: RedeemableVoucher;
}
const redeemableStruct: Struct<RedeemableView> = struct<RedeemableView>()(
  "Redeemable",
  {
    id: t.string,
    created_at: instant,
    redeemable_id: t.string,
    customer_id: t.string,
    campaign_id: nullable(t.string),
    campaign_type: nullable(t.string),
    voucher_type: voucherType,
    redeemable: redeemableVoucher,
  },
  { constants: { redeemable_object: "voucher", holder_role: "OWNER", object: "redeemable_holder" } },
);

export const redeemable: WireCodec<Redeemable> = viewCodec(
  redeemableStruct,
  ({ customerId, voucher: one, campaignType, now }) => ({
    id: redeemableIdOf(one.id),
    createdAt: one.createdAt,
    redeemableId: one.id,
    customerId,
    campaignId: one.campaignId,
    campaignType,
    voucherType: one.type,
    redeemable: { status: statusOf(one, now), voucher: one },
  }),
);
