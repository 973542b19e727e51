import { promisify } from "node:util";
import type { MysqlPoolConnection as KyselyConnection, MysqlPool as KyselyPool, MysqlQueryResult } from "kysely";
import { NotConnectedError } from "../server/errors.ts";
import { withTimeout } from "../server/timeout.ts";
import { errorNumber, needsNewConnection } from "./errors.ts";

/** A statement for `mysql2`. */
export interface MysqlStatement {
  readonly sql: string;
  readonly values: unknown[];
}

type Callback = (error: unknown, result: unknown) => void;

/** The part of a connection that the repository uses. `Connection` of `mysql2` has this type. */
export interface MysqlConnection {
  query(statement: MysqlStatement, callback: Callback): unknown;
  execute(statement: MysqlStatement, callback: Callback): unknown;
  unprepare(sql: string): unknown;
}

/** A connection from a pool. `PoolConnection` of `mysql2` has this type. */
export interface PooledMysqlConnection extends MysqlConnection {
  release(): void;
  destroy(): void;
  on(event: "error", listener: () => void): unknown;
  removeListener(event: "error", listener: () => void): unknown;
}

/** The part of a pool that the repository uses. `Pool` of `mysql2` has this type. */
export interface CallbackMysqlPool {
  getConnection(callback: (error: NodeJS.ErrnoException | null, connection: PooledMysqlConnection) => void): void;
}

/** `Pool` of `mysql2`, or `Pool` of `mysql2/promise`. */
export type MysqlPool = CallbackMysqlPool | { readonly pool: CallbackMysqlPool };

/** `Connection` of `mysql2/promise`, from a pool or not. */
export interface PromiseMysqlConnection {
  beginTransaction(): Promise<void>;
}

/** `Connection` of `mysql2`, or `Connection` of `mysql2/promise`. */
export type AnyMysqlConnection = MysqlConnection | PromiseMysqlConnection;

/** A connection of `mysql2/promise` holds the callback connection in a property that its types do not have. */
const callbackConnection = (connection: AnyMysqlConnection): MysqlConnection =>
  "connection" in connection ? (connection.connection as MysqlConnection) : (connection as MysqlConnection);

/** The host may have set other options on its connections. The repository needs rows as objects, with the usual types. */
const QUERY_OPTIONS = {
  rowsAsArray: false,
  nestTables: false,
  namedPlaceholders: false,
  // A function of the host would still apply if this were `true`.
  typeCast: (_: unknown, next: () => unknown): unknown => next(),
};

/** A server limits the number of prepared statements of all connections together. */
const PREPARED_MAX = 64;

/** The prepared statements of each connection. The one that ran last is at the end. */
const preparedStatements: WeakMap<MysqlConnection, Set<string>> = new WeakMap();

/** If a connection has too many prepared statements, removes the one that has not run for the longest time. */
const limitPrepared = (connection: MysqlConnection, sql: string): void => {
  const own = preparedStatements.get(connection) ?? new Set<string>();
  preparedStatements.set(connection, own);
  own.delete(sql);
  own.add(sql);
  const [oldest] = own;
  if (own.size <= PREPARED_MAX || oldest === undefined) return;
  own.delete(oldest);
  // `mysql2` finds the statement by its options, too. Its types do not say so.
  connection.unprepare({ ...QUERY_OPTIONS, sql: oldest } as unknown as string);
};

/**
 * Sends values apart from the text. Values inside the text would not be safe: their escapes depend on the server's
 * `sql_mode`.
 */
const run = (connection: MysqlConnection, sql: string, values: readonly unknown[], callback: Callback): void => {
  const statement = { ...QUERY_OPTIONS, sql, values: [...values] };
  if (values.length === 0) {
    connection.query(statement, callback);
    return;
  }
  connection.execute(statement, (error, result) => {
    if (error === null || errorNumber(error) !== null) limitPrepared(connection, sql);
    callback(error, result);
  });
};

const ignore = (): void => undefined;

/** Kysely's type has a second signature, for streams. No statement here is streamed. */
type Query = (sql: string, values: readonly unknown[], callback: Callback) => void;
const toKyselyQuery = (query: Query): KyselyConnection["query"] =>
  ((sql: string, values: readonly unknown[], callback: (error: unknown, result: MysqlQueryResult) => void) =>
    query(sql, values, callback as Callback)) as unknown as KyselyConnection["query"];

const kyselyConnection = (query: Query, release: () => void): KyselyConnection => ({
  config: {},
  threadId: 0,
  connect: ignore,
  destroy: ignore,
  query: toKyselyQuery(query),
  release,
});

const runAsPromise = (connection: MysqlConnection, sql: string, values: readonly unknown[]): Promise<unknown> =>
  promisify<unknown>((callback) => run(connection, sql, values, callback))();

const pooledConnection = (connection: PooledMysqlConnection, timeout: number | null): KyselyConnection => {
  let isBroken = false;
  // Without a listener, the error of a broken connection would end the process. The running statement fails as well.
  connection.on("error", ignore);
  return kyselyConnection(
    (sql, values, callback) =>
      withTimeout(timeout, runAsPromise(connection, sql, values)).then(
        (result) => callback(null, result),
        (error) => {
          isBroken ||= needsNewConnection(error);
          callback(error, undefined);
        },
      ),
    () => {
      connection.removeListener("error", ignore);
      if (isBroken) connection.destroy();
      else connection.release();
    },
  );
};

const end: KyselyPool["end"] = (callback) => callback(null);

/** The host's pool as a pool for Kysely. A connection after an error of unknown outcome is closed, not used again. */
export const kyselyPool = (hostPool: MysqlPool, timeout: number | null = null): KyselyPool => {
  const pool = "pool" in hostPool ? hostPool.pool : hostPool;
  const connect = promisify<PooledMysqlConnection>((callback) => pool.getConnection(callback));
  return {
    getConnection: (callback) => {
      const connecting = connect();
      withTimeout(timeout, connecting).then(
        (connection) => callback(null, pooledConnection(connection, timeout)),
        (thrown) => {
          connecting.then((connection) => connection.release(), ignore);
          callback(new NotConnectedError(thrown), undefined as never);
        },
      );
    },
    end,
  };
};

/** One connection of the host as a pool. Kysely gets the same connection each time. */
export const singleConnectionPool = (hostConnection: AnyMysqlConnection): KyselyPool => {
  const connection = callbackConnection(hostConnection);
  const onlyConnection = kyselyConnection((sql, values, callback) => run(connection, sql, values, callback), ignore);
  return { getConnection: (callback) => callback(null, onlyConnection), end };
};
