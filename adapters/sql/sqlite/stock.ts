import type { AddResult, Stock, VoucherRecord } from "oncecode";
import type { Store } from "./store.ts";

export const stock = ({ statements, tables, transactions }: Store): Stock => {
  const { vouchers, campaigns } = tables;

  const wasPublished = (code: string): boolean =>
    statements.of("select 1 from oncecode_retired where code = ?").get(code) !== undefined;

  // The usual case first: one look for the code of a deleted voucher, and the constraint answers the rest.
  const addOne = (voucher: VoucherRecord, campaignIsThere: boolean): AddResult => {
    if (campaignIsThere && !wasPublished(voucher.code) && vouchers.insertIfFree(voucher)) return "added";
    if (vouchers.has(voucher.id)) return "added";
    return campaignIsThere ? "taken" : "gone";
  };

  const addAll = (records: readonly VoucherRecord[]): readonly AddResult[] => {
    const ids = new Set(records.map(({ campaignId }) => campaignId));
    const there = new Set([...ids].filter((id) => id === null || campaigns.has(id)));
    return records.map((voucher) => addOne(voucher, there.has(voucher.campaignId)));
  };

  return { add: (records) => transactions.write(() => addAll(records)) };
};
