import type { Kysely, QueryExecutor } from "kysely";
import type { Schema } from "../schema.ts";

/** A transaction of Kysely's, whatever tables it knows. */
export interface KyselyTransaction {
  readonly isTransaction: true;
  getExecutor(): QueryExecutor;
}

export const isKyselyTransaction = (transaction: object): transaction is KyselyTransaction =>
  "isTransaction" in transaction && transaction.isTransaction === true;

/** Where statements run. */
export type Session = Kysely<Schema>;

/** How work reaches the database. Whatever fails is thrown as a `Fault`. */
export interface Database {
  /** Looks, and writes nothing. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** All that `work` writes is kept, or none of it. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The same for work that is one statement, and so needs no transaction of its own. */
  writeInOneStatement<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Tidies up: leaves it if it fails, and does nothing in a transaction of the host's. */
  cleanUp(work: (session: Session) => Promise<unknown>): Promise<void>;
}
