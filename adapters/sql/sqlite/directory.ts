import type { Campaign, Directory, EditableKind, Kind, PutResult, Records, Write } from "oncecode";
import type { EditableTable } from "./record-editor.ts";
import type { RecordTable } from "./record-table.ts";
import type { Store } from "./store.ts";

export const directory = ({ statements, tables, transactions }: Store): Directory => {
  const all: { readonly [K in Kind]: RecordTable<K> } = tables;
  const editable: { readonly [K in EditableKind]: EditableTable<K> } = tables;

  /** When a campaign's date changes, its unpublished vouchers get the new date. */
  const updateVoucherDates = (campaign: Campaign): void => {
    const old = tables.campaigns.find({ id: campaign.id });
    const dates = [
      { column: "start_date", before: old?.startDate, after: campaign.startDate },
      { column: "expiration_date", before: old?.expirationDate, after: campaign.expirationDate },
    ].filter(({ before, after }) => before !== after);
    if (old === null || dates.length === 0) return;
    statements
      .of(`update oncecode_vouchers
        set ${dates.map(({ column }) => `${column} = ?`).join()}, updated_at = ?, revision = revision + 1, set_aside = 0
        where campaign_id = ? and publication_id is null`)
      .run(...dates.map(({ after }) => after), campaign.updatedAt, campaign.id);
  };

  const writes: { readonly [K in EditableKind]: (write: Write<Records[K]>) => void } = {
    campaigns: (write) => {
      updateVoucherDates(write.record);
      tables.campaigns.write(write);
    },
    vouchers: (write) => tables.vouchers.write(write),
    customers: (write) => tables.customers.write(write),
  };

  const putOne = <K extends EditableKind>(kind: K, write: Write<Records[K]>): PutResult => {
    const table: EditableTable<K> = editable[kind];
    const { record, replaces } = write;
    const existing = replaces === null ? table.find({ id: record.id }) : null;
    if (existing !== null) return existing.createdAt === record.createdAt ? "written" : "taken";
    if (!table.isCurrent(write)) return "stale";
    if (table.isNameTaken(record)) return "taken";
    writes[kind](write);
    return "written";
  };

  const removeOne = (kind: EditableKind, id: string): boolean => {
    const wasThere = editable[kind].delete(id);
    if (wasThere && kind === "campaigns") statements.of("delete from oncecode_vouchers where campaign_id = ?").run(id);
    return wasThere;
  };

  return {
    find: (kind, refs) => {
      const read = refs.length === 1 ? transactions.readInOneStatement : transactions.read;
      return read(() => refs.map((ref) => all[kind].find(ref)));
    },
    put: (kind, edits) => transactions.write(() => edits.map((write) => putOne(kind, write))),
    remove: (kind, ids) => transactions.write(() => ids.map((id) => removeOne(kind, id))),
  };
};
