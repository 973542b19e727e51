import type { Directory, EditableKind, Kind, PutResult, Records, Ref, Write } from "oncecode";
import { isCurrent, type Store } from "./store.ts";
import type { Table } from "./table.ts";

interface Editor<R extends { readonly id: string }> {
  readonly table: Table<R>;
  readonly set: (record: R) => void;
  readonly delete: (record: R) => void;
}

export const directory = (store: Store): Directory => {
  const tables: { readonly [K in Kind]: Table<Records[K]> } = store;
  const editors: { readonly [K in EditableKind]: Editor<Records[K]> } = {
    campaigns: {
      table: store.campaigns,
      set: (campaign) => store.setCampaign(campaign),
      delete: (campaign) => store.deleteCampaign(campaign),
    },
    vouchers: {
      table: store.vouchers,
      set: (voucher) => store.setVoucher(voucher),
      delete: (voucher) => store.deleteVoucher(voucher),
    },
    customers: {
      table: store.customers,
      set: (customer) => store.customers.set(customer),
      delete: (customer) => store.customers.delete(customer),
    },
  };

  const findOne = <K extends Kind>(kind: K, ref: Ref): Records[K] | null => tables[kind].find(ref) ?? null;

  const putOne = <K extends EditableKind>(kind: K, write: Write<Records[K]>): PutResult => {
    const { table, set }: Editor<Records[K]> = editors[kind];
    const { record, replaces } = write;
    const existingRecord = table.get(record.id);
    if (replaces === null && existingRecord !== undefined)
      return existingRecord.createdAt === record.createdAt ? "written" : "taken";
    if (!isCurrent(write, table)) return "stale";
    if (table.isNameTaken(record)) return "taken";
    set(record);
    return "written";
  };

  const removeOne = <K extends EditableKind>(kind: K, id: string): boolean => {
    const editor: Editor<Records[K]> = editors[kind];
    const record = editor.table.get(id);
    if (record === undefined) return false;
    editor.delete(record);
    return true;
  };

  return {
    find: async (kind, refs) => refs.map((ref) => findOne(kind, ref)),
    put: async (kind, writes) => writes.map((write) => putOne(kind, write)),
    remove: async (kind, ids) => ids.map((id) => removeOne(kind, id)),
  };
};
