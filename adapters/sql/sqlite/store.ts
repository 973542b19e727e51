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

// `sqlite/` holds the SQLite store: `publications.ts`, `stock.ts`, `directory.ts` and `listing.ts` are the parts of the port.
// SQLite has one writer at a time. So each call is one synchronous transaction, without snapshots and without locks of rows.
// It imports `oncecode`, Kysely and the files of `../`, but not `../server/`.

/** The handle's statements, tables and transactions, for each part of the repository. */
export interface Store {
  readonly statements: Statements;
  readonly tables: RecordTables;
  readonly transactions: Transactions;
}

export const createStore = (handle: SqliteHandle, transactions: Transactions): Store => {
  const statements = statementsOf(handle);
  return { statements, tables: recordTables(statements), transactions };
};
