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
import { HOST_PATIENCE, hostTransaction, transactionJoiner } from "./server/host-transactions.ts";
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

/** The names of the tables. */
export interface PostgresTableOptions extends TableOptions {
  /** The schema of the tables; by default the connection's own (`search_path`). `migrate` creates the schema. */
  readonly schema?: string;
}

/**
 * The connection to the server: a URL `postgres://user@host/database`, which needs the package `pg`; a pool of the host,
 * which the host closes; or a Kysely dialect for PostgreSQL.
 */
export type PostgresConnectionOptions =
  | { readonly url: string }
  | { readonly pool: PostgresPool }
  | { readonly dialect: Dialect };

export interface PostgresBaseOptions extends PostgresTableOptions, ServerOptions {
  /** Whether to use prepared statements; true by default. Some connection poolers do not support them. */
  readonly prepare?: boolean;
}

export type PostgresOptions = PostgresBaseOptions & PostgresConnectionOptions;

/** A transaction of the host: a Kysely transaction, or a `pg` connection on which the host has begun a transaction. */
export type PostgresTransaction = KyselyTransaction | PostgresClient;

/** A repository on a PostgreSQL database. */
export interface PostgresRepository extends Repository, Transactional<PostgresTransaction> {
  /** Closes the connections that the repository has opened. A pool or a dialect of the host stays open. */
  close(): Promise<void>;
}

const DRIVER_INFO = {
  functionName: "postgresRepository",
  protocols: ["postgres:", "postgresql:"],
  poolMethod: "connect",
  driver: "pg",
};

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
  // The pool replaces an idle connection that breaks. Without a listener, its `error` event would end the process.
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

/** Creates or updates the tables. Several processes may call it at the same time. */
export const migrate = async (options: PostgresTableOptions & PostgresConnectionOptions): Promise<void> => {
  checkConnectionOptions(options, { ...DRIVER_INFO, functionName: "migrate" });
  const tableNames = tableNamesFrom(options);
  const connection = await connect(options, new StatementNames(), timeoutsFrom({}));
  await useConnection(connection, classifyError, () => migrateTables(connection.setupDb, tableNames));
};

/** A repository in a PostgreSQL database, version 14 or newer. Several processes may use one database. */
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
  const joinTransaction = transactionJoiner((transaction: PostgresTransaction) =>
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
