import type { SqlValue } from "../schema.ts";

/** The part of a prepared statement that the repository uses. */
export interface SqliteStatement {
  all(...parameters: SqlValue[]): unknown[];
  get(...parameters: SqlValue[]): unknown;
  run(...parameters: SqlValue[]): { readonly changes: number | bigint };
}

/** An open database. `DatabaseSync` of `node:sqlite` and `Database` of better-sqlite3 have this type. */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

/** The prepared statements of one database. None is ever removed, so pass only fixed texts. */
export class Statements {
  readonly handle: SqliteHandle;
  readonly #prepared: Map<string, SqliteStatement> = new Map();

  constructor(handle: SqliteHandle) {
    this.handle = handle;
  }

  of(sql: string): SqliteStatement {
    const cachedStatement = this.#prepared.get(sql);
    if (cachedStatement !== undefined) return cachedStatement;
    const statement = this.handle.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}

const statementsByHandle = new WeakMap<SqliteHandle, Statements>();

/** All repositories on one handle share the statements. So a repository per transaction prepares nothing again. */
export const statementsOf = (handle: SqliteHandle): Statements => {
  const statements = statementsByHandle.get(handle) ?? new Statements(handle);
  statementsByHandle.set(handle, statements);
  return statements;
};

export const changeCount = (statement: SqliteStatement, ...parameters: SqlValue[]): number =>
  Number(statement.run(...parameters).changes);
