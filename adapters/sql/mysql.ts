import { type Dialect, Kysely, MysqlDialect, sql } from "kysely";
import type { Repository, Transactional } from "oncecode";
import { type AnyMysqlConnection, kyselyPool, type MysqlPool, singleConnectionPool } from "./mysql/connections.ts";
import { mysqlDialect } from "./mysql/dialect.ts";
import { classifyError } from "./mysql/errors.ts";
import type { Flavour } from "./mysql/input-lists.ts";
import { checkTables, migratable, migrateTables } from "./mysql/migrations.ts";
import { refuseNoEscapes, serverState } from "./mysql/settings.ts";
import { CONNECTIONS_MAX, type Connection, prepareConnection, useConnection } from "./server/connection.ts";
import { type Database, isKyselyTransaction, type KyselyTransaction, type Session } from "./server/database.ts";
import { DatabaseError } from "./server/errors.ts";
import { HOST_PATIENCE, hostTransaction, joinedTransactions } from "./server/host-transactions.ts";
import {
  checkConnectionOptions,
  checkTransaction,
  type ServerOptions,
  type Timeouts,
  timeoutsFrom,
} from "./server/options.ts";
import { ISOLATION, ownTransactions } from "./server/own-transactions.ts";
import { repositoryFactory } from "./server/repository.ts";
import { reportUnsafeSettings } from "./server/settings.ts";
import { type TableNames, type TableOptions, tableNamesFrom } from "./table-names.ts";

export type {
  AnyMysqlConnection,
  CallbackMysqlPool,
  MysqlConnection,
  MysqlPool,
  MysqlStatement,
  PooledMysqlConnection,
  PromiseMysqlConnection,
} from "./mysql/connections.ts";
export type { ServerOptions } from "./server/options.ts";
export type { UnsafeSetting } from "./server/settings.ts";
export type { TableOptions } from "./table-names.ts";

/**
 * How to reach the server: by a URL, `mysql://user@host/database`, for which `mysql2` must be installed; through a pool
 * of the host's, who closes it; or through any dialect of Kysely that speaks MySQL.
 */
export type MysqlConnectionOptions =
  | { readonly url: string }
  | { readonly pool: MysqlPool }
  | { readonly dialect: Dialect };

export interface MysqlBaseOptions extends TableOptions, ServerOptions {}

export type MysqlOptions = MysqlBaseOptions & MysqlConnectionOptions;

/** A transaction of the host's: one of Kysely's, or a connection of `mysql2` on which it was begun. */
export type MysqlTransaction = KyselyTransaction | AnyMysqlConnection;

/** A repository on one MySQL or MariaDB database, to be closed in the end. */
export interface MysqlRepository extends Repository, Transactional<MysqlTransaction> {
  /** Closes the connections that were opened for it, not a pool or a dialect of the host's. */
  close(): Promise<void>;
}

const DRIVER_INFO = {
  functionName: "mysqlRepository",
  protocols: ["mysql:", "mariadb:"],
  poolMethod: "getConnection",
  driver: "mysql2",
};
const tableNamesIn = ({ prefix }: TableOptions): TableNames => tableNamesFrom(prefix === undefined ? {} : { prefix });

const createKysely = (dialect: Dialect, tableNames: TableNames): Kysely<unknown> =>
  new Kysely({ dialect: migratable(dialect, tableNames) });

/** A way through a pool. */
const connectThroughPool = (
  pool: MysqlPool,
  tableNames: TableNames,
  { timeout }: Timeouts,
): Omit<Connection, "close"> => {
  const kyselyWithTimeout = (statementTimeout: number | null): Kysely<unknown> =>
    createKysely(new MysqlDialect({ pool: kyselyPool(pool, statementTimeout) }), tableNames);
  return { setupDb: kyselyWithTimeout(null), db: kyselyWithTimeout(timeout) };
};

const connectByUrl = async (url: string, tableNames: TableNames, timeouts: Timeouts): Promise<Connection> => {
  const { createPool } = await import("mysql2");
  const pool = createPool({
    uri: url,
    charset: "utf8mb4_unicode_ci",
    connectionLimit: CONNECTIONS_MAX,
    connectTimeout: timeouts.connectTimeout,
    enableKeepAlive: true,
  });
  // Once, and not for each transaction: there it would be another way to the server and back. Should it fail, keys and
  // conditions keep every promise under any isolation, at the cost of more conflicts.
  pool.on("connection", (connection) =>
    connection.query(`set session transaction isolation level ${ISOLATION}`, () => undefined),
  );
  const closePool = (): Promise<void> => new Promise((resolve) => pool.end(() => resolve()));
  return { ...connectThroughPool(pool, tableNames, timeouts), close: closePool };
};

const connect = async (
  options: MysqlConnectionOptions,
  tableNames: TableNames,
  timeouts: Timeouts,
): Promise<Connection> => {
  if ("url" in options) return connectByUrl(options.url, tableNames, timeouts);
  const close = async (): Promise<void> => {};
  if ("pool" in options) return { ...connectThroughPool(options.pool, tableNames, timeouts), close };
  const db = createKysely(options.dialect, tableNames);
  return { setupDb: db, db, close };
};

/** Creates or updates the tables. Any number of processes may do so at the same time. */
export const migrate = async (options: TableOptions & MysqlConnectionOptions): Promise<void> => {
  checkConnectionOptions(options, DRIVER_INFO);
  const tableNames = tableNamesIn(options);
  const connection = await connect(options, tableNames, timeoutsFrom({}));
  await useConnection(connection, classifyError, async () => {
    const { flavour } = await serverState(connection.setupDb, { isHosts: "dialect" in options });
    await migrateTables(connection.setupDb, tableNames, flavour);
  });
};

/** Makes sure that all is as it has to be, and says which kind of server it is. */
const prepareDatabase = async (
  db: Kysely<unknown>,
  tableNames: TableNames,
  options: MysqlOptions,
): Promise<Flavour> => {
  const { flavour, unsafe: unsafeSettings } = await serverState(db, { isHosts: "dialect" in options });
  reportUnsafeSettings(unsafeSettings, options.onUnsafe);
  await (options.migrate === false ? checkTables(db, tableNames, flavour) : migrateTables(db, tableNames, flavour));
  return flavour;
};

/** Keeps everything in a MySQL (8.0.17 or newer) or MariaDB (10.6 or newer) database. Any number of processes may use the same one. */
export const mysqlRepository = async (options: MysqlOptions): Promise<MysqlRepository> => {
  checkConnectionOptions(options, DRIVER_INFO);
  const timeouts = timeoutsFrom(options);
  const { patience } = timeouts;
  const tableNames = tableNamesIn(options);
  const connection = await connect(options, tableNames, timeouts);
  const { setupDb, db, close } = connection;
  const flavour = await prepareConnection(connection, classifyError, patience, () =>
    prepareDatabase(setupDb, tableNames, options),
  );
  const dialect = mysqlDialect(tableNames.tables, flavour);
  const createRepository = repositoryFactory(dialect);
  // A draw locks a range under REPEATABLE READ, and so would keep others from the pool until the host commits.
  const createRepositoryWithin = repositoryFactory({ ...dialect, draw: null });
  const joinTransaction = joinedTransactions(sessionFrom);
  return {
    ...createRepository(ownTransactions(db as Session, classifyError, "url" in options), patience),
    within: (transaction) => {
      checkTransaction(transaction, (candidate) => "getConnection" in candidate);
      const database = hostTransaction(joinTransaction(transaction), dialect);
      const guardedDatabase = isKyselyTransaction(transaction) ? withEscapeCheck(database) : database;
      return createRepositoryWithin(guardedDatabase, Math.min(patience, HOST_PATIENCE));
    },
    close,
  };
};

const sessionFrom = (transaction: MysqlTransaction): Session => {
  if (isKyselyTransaction(transaction)) return transaction as unknown as Session;
  return new Kysely({ dialect: new MysqlDialect({ pool: singleConnectionPool(transaction) }) });
};

const checkEscapeMode = async (session: Session): Promise<void> => {
  const { rows } = await sql<{ readonly mode: string }>`select @@session.sql_mode as mode`.execute(session);
  try {
    refuseNoEscapes(rows[0]?.mode ?? "");
  } catch (thrown) {
    throw new DatabaseError("refused", thrown);
  }
};

/** A transaction in which the driver that the host chose sends the values, which is safe unless the server is set up oddly. */
const withEscapeCheck = (database: Database): Database => {
  let pendingCheck: Promise<void> | null = null;
  const checkOnce = (): Promise<void> => {
    pendingCheck ??= database.read(checkEscapeMode).catch((thrown) => {
      pendingCheck = null;
      throw thrown;
    });
    return pendingCheck;
  };
  return {
    read: async (work) => checkOnce().then(() => database.read(work)),
    write: async (work) => checkOnce().then(() => database.write(work)),
    writeInOneStatement: async (work) => checkOnce().then(() => database.writeInOneStatement(work)),
    cleanUp: (work) => database.cleanUp(work),
  };
};
