import type { SqliteHandle, SqliteStatement } from "oncecode/sqlite";

type Parameters = readonly (null | number | string)[];

/** A handle that calls `onStatement` before each statement. The statement does not run if `onStatement` throws. */
export const observeHandle = (
  handle: SqliteHandle,
  onStatement: (sql: string, parameters: Parameters) => void,
): SqliteHandle => ({
  exec: (sql) => {
    onStatement(sql, []);
    return handle.exec(sql);
  },
  prepare: (sql) => {
    const statement = handle.prepare(sql);
    return {
      all: (...parameters) => {
        onStatement(sql, parameters);
        return statement.all(...parameters);
      },
      get: (...parameters) => {
        onStatement(sql, parameters);
        return statement.get(...parameters);
      },
      run: (...parameters) => {
        onStatement(sql, parameters);
        return statement.run(...parameters);
      },
    };
  },
  close: () => handle.close(),
});

/** An error as `node:sqlite` throws it. */
export const nodeError = (errcode: number): Error =>
  Object.assign(new Error("SQLite refused"), { code: "ERR_SQLITE_ERROR", errcode });

const RESULT_NAMES: Readonly<Record<number, string>> = { 5: "SQLITE_BUSY", 13: "SQLITE_FULL" };

const asBetterSqlite3 = <T>(act: () => T): T => {
  try {
    return act();
  } catch (thrown) {
    const errcode = thrown instanceof Error && "errcode" in thrown ? Number(thrown.errcode) : 0;
    throw Object.assign(new Error(String(thrown)), { code: RESULT_NAMES[errcode] ?? "SQLITE_ERROR" });
  }
};

/**
 * A handle that is as strict as better-sqlite3. `run` throws for statements that return rows; `all` and `get` throw for
 * the others. Only null, numbers, bigints, text and buffers can be bound. Errors have the name of the result code.
 */
export const betterSqlite3Like = (handle: SqliteHandle): SqliteHandle => {
  const checkParameters = (parameters: Parameters): Parameters => {
    for (const parameter of parameters)
      if (parameter !== null && !["number", "bigint", "string"].includes(typeof parameter))
        throw new TypeError("SQLite3 can only bind numbers, strings, bigints, buffers, and null");
    return parameters;
  };
  const prepare = (sql: string): SqliteStatement => {
    const statement = asBetterSqlite3(() => handle.prepare(sql));
    const isReader = /^\s*(?:select|with|pragma|explain)\b|\breturning\b/i.test(sql);
    const checkIsReader = (): void => {
      if (!isReader) throw new TypeError("This statement does not return data. Use run() instead");
    };
    return {
      all: (...parameters) => {
        checkIsReader();
        return asBetterSqlite3(() => statement.all(...checkParameters(parameters)));
      },
      get: (...parameters) => {
        checkIsReader();
        return asBetterSqlite3(() => statement.get(...checkParameters(parameters)));
      },
      run: (...parameters) => {
        if (isReader) throw new TypeError("This statement returns data. Use get(), all(), or iterate() instead");
        return asBetterSqlite3(() => statement.run(...checkParameters(parameters)));
      },
    };
  };
  return { prepare, exec: (sql) => asBetterSqlite3(() => handle.exec(sql)), close: () => handle.close() };
};
