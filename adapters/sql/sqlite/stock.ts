import type { AddResult, Stock, VoucherRecord } from "oncecode";
import type { Store } from "./store.ts";

export const stock = ({ statements, tables, transactions }: Store): Stock => {
  const { vouchers, campaigns } = tables;

  const wasPublished = (code: string): boolean =>
    statements.of("select 1 from oncecode_retired where code = ?").get(code) !== undefined;

  // Nearly every voucher is added by the first line: one query, and one insert that a constraint may refuse.
  const addOne = (voucher: VoucherRecord, campaignExists: boolean): AddResult => {
    if (campaignExists && !wasPublished(voucher.code) && vouchers.insertUnlessTaken(voucher)) return "added";
    if (vouchers.has(voucher.id)) return "added";
    return campaignExists ? "taken" : "gone";
  };

  const addAll = (records: readonly VoucherRecord[]): readonly AddResult[] => {
    const ids = new Set(records.map(({ campaignId }) => campaignId));
    const existing = new Set([...ids].filter((id) => id === null || campaigns.has(id)));
    return records.map((voucher) => addOne(voucher, existing.has(voucher.campaignId)));
  };

  return { add: (records) => transactions.write(() => addAll(records)) };
};
