import type { Kysely, QueryExecutor } from "kysely";

/** A Kysely transaction, with any type of tables. */
export interface KyselyTransaction {
  readonly isTransaction: true;
  getExecutor(): QueryExecutor;
}

export const isKyselyTransaction = (transaction: object): transaction is KyselyTransaction =>
  "isTransaction" in transaction && transaction.isTransaction === true;

/** Runs statements: a pool, a connection or a transaction. */
export type Session = Kysely<unknown>;

/** Runs work on the database. Each failure is thrown as a `DatabaseError`. */
export interface Database {
  /** Runs work that writes nothing. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Runs work in a transaction: all its writes are stored, or none. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Runs work of one statement, which needs no explicit transaction. */
  writeInOneStatement<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Runs optional work and ignores its failure. Does nothing in a transaction of the host. */
  cleanUp(work: (session: Session) => Promise<unknown>): Promise<void>;
}
