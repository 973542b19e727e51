import type { SqlValue } from "../schema.ts";

/** All that is needed of a prepared statement. */
export interface SqliteStatement {
  all(...parameters: SqlValue[]): unknown[];
  get(...parameters: SqlValue[]): unknown;
  run(...parameters: SqlValue[]): { readonly changes: number | bigint };
}

/** An open database: `DatabaseSync` of `node:sqlite` fits as it is, so does `Database` of better-sqlite3. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

/** Statements of one database, each prepared once. Only for texts that are known in advance: none is ever dropped. */
export class Statements {
  readonly handle: SqliteHandle;
  readonly #prepared: Map<string, SqliteStatement> = new Map();

  constructor(handle: SqliteHandle) {
    this.handle = handle;
  }

  of(sql: string): SqliteStatement {
    const present = this.#prepared.get(sql);
    if (present !== undefined) return present;
    const statement = this.handle.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

const statementsByHandle = new WeakMap<SqliteHandle, Statements>();

/** The same for every repository on one handle, so that a repository per transaction prepares nothing again. */
export const statementsOf = (handle: SqliteHandle): Statements => {
  const statements = statementsByHandle.get(handle) ?? new Statements(handle);
  statementsByHandle.set(handle, statements);
  return statements;
};

export const changeCount = (statement: SqliteStatement, ...parameters: SqlValue[]): number =>
  Number(statement.run(...parameters).changes);
