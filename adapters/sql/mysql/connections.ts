import { promisify } from "node:util";
import type { MysqlPoolConnection as KyselyConnection, MysqlPool as KyselyPool, MysqlQueryResult } from "kysely";
import { NotConnectedError } from "../server/errors.ts";
import { withTimeout } from "../server/timeout.ts";
import { errorNumber, needsNewConnection } from "./errors.ts";

/** What `mysql2` is asked to run. */
export interface MysqlStatement {
  readonly sql: string;
  readonly values: unknown[];
}

type Answer = (error: unknown, result: unknown) => void;

/** One connection: `Connection` of `mysql2` fits as it is. */
export interface MysqlConnection {
  query(statement: MysqlStatement, answer: Answer): unknown;
  execute(statement: MysqlStatement, answer: Answer): unknown;
  unprepare(sql: string): unknown;
}

/** A connection that a pool has lent: `PoolConnection` of `mysql2` fits as it is. */
export interface PooledMysqlConnection extends MysqlConnection {
  release(): void;
  destroy(): void;
  on(event: "error", listener: () => void): unknown;
  removeListener(event: "error", listener: () => void): unknown;
}

/** Lends connections: `Pool` of `mysql2` fits as it is. */
export interface CallbackMysqlPool {
  getConnection(lent: (error: NodeJS.ErrnoException | null, connection: PooledMysqlConnection) => void): void;
}

/** `Pool` of `mysql2`, or that of `mysql2/promise`. */
export type MysqlPool = CallbackMysqlPool | { readonly pool: CallbackMysqlPool };

/** `Connection` of `mysql2/promise`, pooled or not. */
export interface PromiseMysqlConnection {
  beginTransaction(): Promise<void>;
}

/** `Connection` of `mysql2`, or that of `mysql2/promise`. */
export type AnyMysqlConnection = MysqlConnection | PromiseMysqlConnection;

/** Promises are wrapped around a connection, which their types do not tell of rightly. */
const callbackConnection = (connection: AnyMysqlConnection): MysqlConnection =>
  "connection" in connection ? (connection.connection as MysqlConnection) : (connection as MysqlConnection);

/** However the host has set up its connections, rows are objects, and values of the usual types. */
const QUERY_OPTIONS = {
  rowsAsArray: false,
  nestTables: false,
  namedPlaceholders: false,
  // Only a function takes the place of the host's.
  typeCast: (_: unknown, next: () => unknown): unknown => next(),
};

/** A server keeps only so many, all its connections together. */
const PREPARED_MAX = 64;

/** The statements that each connection has prepared, the one that was last run at the end. */
const preparedStatements: WeakMap<MysqlConnection, Set<string>> = new WeakMap();

/** Has a connection forget the statement that was not run for the longest time, if it has too many. */
const limitPrepared = (connection: MysqlConnection, sql: string): void => {
  const own = preparedStatements.get(connection) ?? new Set<string>();
  preparedStatements.set(connection, own);
  own.delete(sql);
  own.add(sql);
  const [oldest] = own;
  if (own.size <= PREPARED_MAX || oldest === undefined) return;
  own.delete(oldest);
  // By its options, too, which its types do not tell: a statement is known by them.
  connection.unprepare({ ...QUERY_OPTIONS, sql: oldest } as unknown as string);
};

/**
 * Values go to the server apart from the text. To write them into the text would not be safe, since how they must be
 * written depends on the server's `sql_mode`.
 */
const run = (connection: MysqlConnection, sql: string, values: readonly unknown[], answer: Answer): void => {
  const statement = { ...QUERY_OPTIONS, sql, values: [...values] };
  if (values.length === 0) {
    connection.query(statement, answer);
    return;
  }
  connection.execute(statement, (error, result) => {
    if (error === null || errorNumber(error) !== null) limitPrepared(connection, sql);
    answer(error, result);
  });
};

const ignore = (): void => undefined;

/** In the shape for streams, too: nothing is streamed here. */
type Query = (sql: string, values: readonly unknown[], answer: Answer) => void;
const toKyselyQuery = (query: Query): KyselyConnection["query"] =>
  ((sql: string, values: readonly unknown[], answer: (error: unknown, result: MysqlQueryResult) => void) =>
    query(sql, values, answer as Answer)) as unknown as KyselyConnection["query"];

const kyselyConnection = (query: Query, release: () => void): KyselyConnection => ({
  config: {},
  threadId: 0,
  connect: ignore,
  destroy: ignore,
  query: toKyselyQuery(query),
  release,
});

/** The same as a promise. */
const runAsPromise = (connection: MysqlConnection, sql: string, values: readonly unknown[]): Promise<unknown> =>
  promisify<unknown>((answer) => run(connection, sql, values, answer))();

const pooledConnection = (connection: PooledMysqlConnection, timeout: number | null): KyselyConnection => {
  let isBroken = false;
  // Without a listener, a connection that breaks would take the process with it. The statement under way fails, too.
  connection.on("error", ignore);
  return kyselyConnection(
    (sql, values, answer) =>
      withTimeout(timeout, runAsPromise(connection, sql, values)).then(
        (result) => answer(null, result),
        (error) => {
          isBroken ||= needsNewConnection(error);
          answer(error, undefined);
        },
      ),
    () => {
      connection.removeListener("error", ignore);
      if (isBroken) connection.destroy();
      else connection.release();
    },
  );
};

const end: KyselyPool["end"] = (ended) => ended(null);

/** A pool in the shape that Kysely asks for. A connection on which something doubtful has happened is never used again. */
export const kyselyPool = (given: MysqlPool, timeout: number | null = null): KyselyPool => {
  const pool = "pool" in given ? given.pool : given;
  const connect = promisify<PooledMysqlConnection>((connectionPromise) => pool.getConnection(connectionPromise));
  return {
    getConnection: (answer) => {
      const lent = connect();
      withTimeout(timeout, lent).then(
        (connection) => answer(null, pooledConnection(connection, timeout)),
        (thrown) => {
          lent.then((connection) => connection.release(), ignore);
          answer(new NotConnectedError(thrown), undefined as never);
        },
      );
    },
    end,
  };
};

/** A connection of the host's as a pool, which never has another one and never gives it back. */
export const singleConnectionPool = (given: AnyMysqlConnection): KyselyPool => {
  const connection = callbackConnection(given);
  const shaped = kyselyConnection((sql, values, answer) => run(connection, sql, values, answer), ignore);
  return { getConnection: (lent) => lent(null, shaped), end };
};
