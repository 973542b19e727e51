import { type Dialect, Kysely, PostgresDialect } from "kysely";
import type { Repository, Transactional } from "oncecode";
import {
  kyselyPool,
  type PostgresClient,
  type PostgresPool,
  StatementNames,
  singleConnectionPool,
} from "./postgres/connections.ts";
import { postgresDialect } from "./postgres/dialect.ts";
import { classifyError } from "./postgres/errors.ts";
import { checkTables, migrateTables } from "./postgres/migrations.ts";
import { readUnsafeSettings } from "./postgres/settings.ts";
import { CONNECTIONS_MAX, type Connection, prepareConnection, useConnection } from "./server/connection.ts";
import { isKyselyTransaction, type KyselyTransaction, type Session } from "./server/database.ts";
import { HOST_PATIENCE, hostTransaction, joinedTransactions } from "./server/host-transactions.ts";
import {
  checkConnectionOptions,
  checkTransaction,
  type ServerOptions,
  type Timeouts,
  timeoutsFrom,
} from "./server/options.ts";
import { ownTransactions } from "./server/own-transactions.ts";
import { repositoryFactory } from "./server/repository.ts";
import { reportUnsafeSettings } from "./server/settings.ts";
import { type TableOptions, tableNamesFrom } from "./table-names.ts";

export type { PooledPostgresClient, PostgresClient, PostgresPool, PostgresStatement } from "./postgres/connections.ts";
export type { ServerOptions } from "./server/options.ts";
export type { UnsafeSetting } from "./server/settings.ts";
export type { TableOptions } from "./table-names.ts";

/** Which tables of a database. */
export interface PostgresTableOptions extends TableOptions {
  /** The schema that they are in; the connection's own (`search_path`) unless given. Made by `migrate`. */
  readonly schema?: string;
}

/**
 * How to reach the server: by a URL, `postgres://user@host/database`, for which `pg` must be installed; through a pool
 * of the host's, who closes it; or through any dialect of Kysely that speaks PostgreSQL.
 */
export type PostgresConnectionOptions =
  | { readonly url: string }
  | { readonly pool: PostgresPool }
  | { readonly dialect: Dialect };

export interface PostgresBaseOptions extends PostgresTableOptions, ServerOptions {
  /** Whether to use prepared statements; true unless given. Some connection poolers cannot. */
  readonly prepare?: boolean;
}

export type PostgresOptions = PostgresBaseOptions & PostgresConnectionOptions;

/** A transaction of the host's: one of Kysely's, or a connection of `pg` on which it was begun. */
export type PostgresTransaction = KyselyTransaction | PostgresClient;

/** A repository on one PostgreSQL database, to be closed in the end. */
export interface PostgresRepository extends Repository, Transactional<PostgresTransaction> {
  /** Closes the connections that were opened for it, not a pool or a dialect of the host's. */
  close(): Promise<void>;
}

const DRIVER_INFO = {
  functionName: "postgresRepository",
  protocols: ["postgres:", "postgresql:"],
  poolMethod: "connect",
  driver: "pg",
};

/** A way through a pool. */
const connectThroughPool = (
  pool: PostgresPool,
  statementNames: StatementNames,
  { timeout }: Timeouts,
): Omit<Connection, "close"> => {
  const kyselyWithTimeout = (statementTimeout: number | null): Kysely<unknown> =>
    new Kysely({ dialect: new PostgresDialect({ pool: kyselyPool(pool, statementNames, statementTimeout) }) });
  return { setupDb: kyselyWithTimeout(null), db: kyselyWithTimeout(timeout) };
};

const connectByUrl = async (url: string, statementNames: StatementNames, timeouts: Timeouts): Promise<Connection> => {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: timeouts.connectTimeout,
    keepAlive: true,
  });
  // One that breaks while it is idle is replaced when it is needed.
  pool.on("error", () => undefined);
  return { ...connectThroughPool(pool, statementNames, timeouts), close: () => pool.end() };
};

const connect = async (
  options: PostgresConnectionOptions,
  statementNames: StatementNames,
  timeouts: Timeouts,
): Promise<Connection> => {
  if ("url" in options) return connectByUrl(options.url, statementNames, timeouts);
  const close = async (): Promise<void> => {};
  if ("pool" in options) return { ...connectThroughPool(options.pool, statementNames, timeouts), close };
  const db = new Kysely<unknown>({ dialect: options.dialect });
  return { setupDb: db, db, close };
};

/** Creates or updates the tables. Any number of processes may do so at the same time. */
export const migrate = async (options: PostgresTableOptions & PostgresConnectionOptions): Promise<void> => {
  checkConnectionOptions(options, DRIVER_INFO);
  const tableNames = tableNamesFrom(options);
  const connection = await connect(options, new StatementNames(), timeoutsFrom({}));
  await useConnection(connection, classifyError, () => migrateTables(connection.setupDb, tableNames));
};

/** Keeps everything in a PostgreSQL database, 14 or newer. Any number of processes may use the same one. */
export const postgresRepository = async (options: PostgresOptions): Promise<PostgresRepository> => {
  checkConnectionOptions(options, DRIVER_INFO);
  const { prepare = true } = options;
  const timeouts = timeoutsFrom(options);
  const { patience } = timeouts;
  const tableNames = tableNamesFrom(options);
  const statementNames = new StatementNames();
  const dialect = postgresDialect(tableNames.tables, (text) => prepare && statementNames.add(text));
  const connection = await connect(options, statementNames, timeouts);
  const { setupDb, db, close } = connection;
  await prepareConnection(connection, classifyError, patience, async () => {
    reportUnsafeSettings(await readUnsafeSettings(setupDb as Session), options.onUnsafe);
    await (options.migrate === false ? checkTables(setupDb, tableNames) : migrateTables(setupDb, tableNames));
  });
  const createRepository = repositoryFactory(dialect);
  const joinTransaction = joinedTransactions((transaction: PostgresTransaction) =>
    sessionFrom(transaction, statementNames),
  );
  return {
    ...createRepository(ownTransactions(db as Session, classifyError), patience),
    within: (transaction) => {
      checkTransaction(transaction, (candidate) => "totalCount" in candidate);
      return createRepository(
        hostTransaction(joinTransaction(transaction), dialect),
        Math.min(patience, HOST_PATIENCE),
      );
    },
    close,
  };
};

const sessionFrom = (transaction: PostgresTransaction, statementNames: StatementNames): Session => {
  if (isKyselyTransaction(transaction)) return transaction as unknown as Session;
  return new Kysely({ dialect: new PostgresDialect({ pool: singleConnectionPool(transaction, statementNames) }) });
};
