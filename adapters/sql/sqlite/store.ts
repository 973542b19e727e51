import { type SqliteHandle, type Statements, statementsOf } from "./handle.ts";
import { type RecordTables, recordTables } from "./record-table.ts";
import type { Transactions } from "./transaction.ts";

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
