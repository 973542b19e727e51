import type { AddResult, Stock, VoucherRecord } from "oncecode";
import type { Store } from "./store.ts";

export const stock = (store: Store): Stock => {
  const add = (voucher: VoucherRecord): AddResult => {
    if (store.vouchers.get(voucher.id) !== undefined) return "added";
    if (voucher.campaignId !== null && store.campaigns.get(voucher.campaignId) === undefined) return "gone";
    if (store.vouchers.isNameTaken(voucher)) return "taken";
    store.setVoucher(voucher);
    return "added";
  };

  return { add: async (vouchers) => vouchers.map(add) };
};
