import * as t from "io-ts";
import type { Campaign, Voucher } from "oncecode";
import { voucherType } from "./benefits.ts";
import { instant, nullable, type Struct, shown, struct, type Wire } from "./shape.ts";
import { voucher } from "./vouchers.ts";

/** A voucher in the hands of a customer. */
export interface Redeemable {
  readonly customerId: string;
  readonly voucher: Voucher;
  readonly campaignType: Campaign["campaignType"] | null;
}

/** A redeemable has an id of its own, which is the voucher's in another dress. */
export const redeemableIdOf = (voucherId: string): string => voucherId.replace(/^v_/, "rh_");
export const voucherIdOf = (redeemableId: string): string => redeemableId.replace(/^rh_/, "v_");

interface View {
  readonly id: string;
  readonly createdAt: string;
  readonly redeemableId: string;
  readonly customerId: string;
  readonly campaignId: string | null;
  readonly campaignType: string | null;
  readonly voucherType: string;
  readonly redeemable: Voucher;
}
const shape: Struct<View> = struct<View>()(
  "Redeemable",
  {
    id: t.string,
    created_at: instant,
    redeemable_id: t.string,
    customer_id: t.string,
    campaign_id: nullable(t.string),
    campaign_type: nullable(t.string),
    voucher_type: voucherType,
    redeemable: voucher,
  },
  { constants: { redeemable_object: "voucher", holder_role: "OWNER", object: "redeemable_holder" } },
);

export const redeemable: Wire<Redeemable> = shown(shape, ({ customerId, voucher: held, campaignType }) => ({
  id: redeemableIdOf(held.id),
  createdAt: held.createdAt,
  redeemableId: held.id,
  customerId,
  campaignId: held.campaignId,
  campaignType,
  voucherType: held.type,
  redeemable: held,
}));
