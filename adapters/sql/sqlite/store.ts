import { type SqliteHandle, type Statements, statementsOf } from "./connections.ts";
import { EditableTable } from "./record-editor.ts";
import { RecordTable } from "./record-table.ts";
import type { Transactions } from "./transactions.ts";

/** All records of a database. */
interface RecordTables {
  readonly publications: RecordTable<"publications">;
  readonly vouchers: EditableTable<"vouchers">;
  readonly campaigns: EditableTable<"campaigns">;
  readonly customers: EditableTable<"customers">;
}

const recordTables = (statements: Statements): RecordTables => ({
  publications: new RecordTable(statements, "publications"),
  vouchers: new EditableTable(statements, "vouchers"),
  campaigns: new EditableTable(statements, "campaigns"),
  customers: new EditableTable(statements, "customers"),
});

/** What each part of the repository works with. */
export interface Store {
  readonly statements: Statements;
  readonly tables: RecordTables;
  readonly transactions: Transactions;
}

export const storeOn = (handle: SqliteHandle, transactions: Transactions): Store => {
  const statements = statementsOf(handle);
  return { statements, tables: recordTables(statements), transactions };
};
