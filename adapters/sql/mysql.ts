import { type Dialect, Kysely, MysqlDialect, sql } from "kysely";
import type { Repository, Transactional } from "oncecode";
import { type AnyMysqlConnection, kyselyPool, type MysqlPool, singleConnectionPool } from "./mysql/connections.ts";
import { mysqlDialect } from "./mysql/dialect.ts";
import { classifyError } from "./mysql/errors.ts";
import type { Flavour } from "./mysql/flavour.ts";
import { checkTables, migrateTables, migrationDialect } from "./mysql/migrations.ts";
import { refuseNoEscapes, serverState } from "./mysql/settings.ts";
import { CONNECTIONS_MAX, type Connection, prepareConnection, useConnection } from "./server/connection.ts";
import { type Database, isKyselyTransaction, type KyselyTransaction, type Session } from "./server/database.ts";
import { DatabaseError } from "./server/errors.ts";
import { HOST_PATIENCE, hostTransaction, transactionJoiner } from "./server/host-transactions.ts";
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
 * The connection to the server: a URL such as `mysql://user@host/database` (it needs the package `mysql2`), a pool that the
 * host closes itself, or a dialect of Kysely for MySQL.
 */
export type MysqlConnectionOptions =
  | { readonly url: string }
  | { readonly pool: MysqlPool }
  | { readonly dialect: Dialect };

export interface MysqlBaseOptions extends TableOptions, ServerOptions {}

export type MysqlOptions = MysqlBaseOptions & MysqlConnectionOptions;

/** A transaction that the host has begun: of Kysely, or on a connection of `mysql2`. */
export type MysqlTransaction = KyselyTransaction | AnyMysqlConnection;

/** A repository in a MySQL or MariaDB database. */
export interface MysqlRepository extends Repository, Transactional<MysqlTransaction> {
  /** Closes the connections that the repository has opened. A pool or a dialect of the host stays open. */
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
  new Kysely({ dialect: migrationDialect(dialect, tableNames) });

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
  // Once per connection: once per transaction would cost a round trip each. If this statement fails, unique keys and
  // conditions still prevent every wrong write, with more conflicts.
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
  checkConnectionOptions(options, { ...DRIVER_INFO, functionName: "migrate" });
  const tableNames = tableNamesIn(options);
  const connection = await connect(options, tableNames, timeoutsFrom({}));
  await useConnection(connection, classifyError, async () => {
    const { flavour } = await serverState(connection.setupDb, { isHostDriver: "dialect" in options });
    await migrateTables(connection.setupDb, tableNames, flavour);
  });
};

/** Checks the server's settings, and checks or creates the tables. Returns the kind of server. */
const prepareDatabase = async (
  db: Kysely<unknown>,
  tableNames: TableNames,
  options: MysqlOptions,
): Promise<Flavour> => {
  const { flavour, unsafeSettings } = await serverState(db, { isHostDriver: "dialect" in options });
  reportUnsafeSettings(unsafeSettings, options.onUnsafe);
  await (options.migrate === false ? checkTables(db, tableNames, flavour) : migrateTables(db, tableNames, flavour));
  return flavour;
};

/** Opens a repository in MySQL (8.0.17 or newer) or MariaDB (10.6 or newer). Any number of processes may use one database. */
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
  // The host's transaction may be REPEATABLE READ. There, a draw would lock a range of the pool until the host commits.
  const createRepositoryWithin = repositoryFactory({ ...dialect, draw: null });
  const joinTransaction = transactionJoiner(sessionFrom);
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

/** A transaction of the host's driver, which may write values into statements. The first call checks that this is safe. */
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
