import { type Dialect, Kysely, MysqlDialect, sql } from "kysely";
import type { Repository, Transactional } from "oncecode";
import { mysqlDialect } from "./mysql/dialect.ts";
import { judge } from "./mysql/failures.ts";
import { check, migratable, migrate as migrateTables } from "./mysql/migrations.ts";
import { type AnyMysqlConnection, lending, lendingOnly, type MysqlPool } from "./mysql/pool.ts";
import type { Flavour } from "./mysql/records.ts";
import { refuseNoEscapes, serverState } from "./mysql/safety.ts";
import { type Place, type Placement, placeOf } from "./place.ts";
import {
  type Access,
  CONNECTIONS,
  checkAccess,
  checkTransaction,
  type ServerSettings,
  type Waiting,
  waitingOf,
} from "./server/access.ts";
import {
  type Database,
  HOST_PATIENCE,
  hostTransaction,
  ISOLATION,
  isKyselys,
  joining,
  type KyselyTransaction,
  ownTransactions,
  type Session,
} from "./server/database.ts";
import { Fault } from "./server/faults.ts";
import { opened, openedFor } from "./server/opening.ts";
import { repositoriesOn } from "./server/repository.ts";
import { heed } from "./server/safety.ts";

export type {
  AnyMysqlConnection,
  CallbackMysqlPool,
  MysqlConnection,
  MysqlPool,
  MysqlStatement,
  PooledMysqlConnection,
  PromiseMysqlConnection,
} from "./mysql/pool.ts";
export type { Placement } from "./place.ts";
export type { ServerSettings } from "./server/access.ts";
export type { UnsafeSetting } from "./server/safety.ts";

/**
 * How to reach the server: by a URL, `mysql://user@host/database`, for which `mysql2` must be installed; through a pool
 * of the host's, who closes it; or through any dialect of Kysely that speaks MySQL.
 */
export type MysqlAccess = { readonly url: string } | { readonly pool: MysqlPool } | { readonly dialect: Dialect };

export interface MysqlSettings extends Placement, ServerSettings {}

export type MysqlOptions = MysqlSettings & MysqlAccess;

/** A transaction of the host's: one of Kysely's, or a connection of `mysql2` on which it was begun. */
export type MysqlTransaction = KyselyTransaction | AnyMysqlConnection;

/** A repository on one MySQL or MariaDB database, to be closed in the end. */
export interface MysqlRepository extends Repository, Transactional<MysqlTransaction> {
  /** Closes the connections that were opened for it, not a pool or a dialect of the host's. */
  close(): Promise<void>;
}

const EXPECTED = {
  name: "mysqlRepository",
  protocols: ["mysql:", "mariadb:"],
  poolMethod: "getConnection",
  driver: "mysql2",
};
const placeIn = ({ prefix }: Placement): Place => placeOf(prefix === undefined ? {} : { prefix });

const kyselyOn = (dialect: Dialect, place: Place): Kysely<unknown> =>
  new Kysely({ dialect: migratable(dialect, place) });

/** A way through a pool. */
const through = (pool: MysqlPool, place: Place, { timeout }: Waiting): Omit<Access, "close"> => {
  const within = (limit: number | null): Kysely<unknown> =>
    kyselyOn(new MysqlDialect({ pool: lending(pool, limit) }), place);
  return { opening: within(null), db: within(timeout) };
};

const openPool = async (url: string, place: Place, waiting: Waiting): Promise<Access> => {
  const { createPool } = await import("mysql2");
  const pool = createPool({
    uri: url,
    charset: "utf8mb4_unicode_ci",
    connectionLimit: CONNECTIONS,
    connectTimeout: waiting.connecting,
    enableKeepAlive: true,
  });
  // Once, and not for each transaction: there it would be another way to the server and back. Should it fail, keys and
  // conditions keep every promise under any isolation, at the cost of more conflicts.
  pool.on("connection", (connection) =>
    connection.query(`set session transaction isolation level ${ISOLATION}`, () => undefined),
  );
  const closed = (): Promise<void> => new Promise((resolve) => pool.end(() => resolve()));
  return { ...through(pool, place, waiting), close: closed };
};

const accessOf = async (access: MysqlAccess, place: Place, waiting: Waiting): Promise<Access> => {
  if ("url" in access) return openPool(access.url, place, waiting);
  const close = async (): Promise<void> => {};
  if ("pool" in access) return { ...through(access.pool, place, waiting), close };
  const db = kyselyOn(access.dialect, place);
  return { opening: db, db, close };
};

/** Creates or updates the tables. Any number of processes may do so at the same time. */
export const migrate = async (options: Placement & MysqlAccess): Promise<void> => {
  checkAccess(options, EXPECTED);
  const place = placeIn(options);
  const access = await accessOf(options, place, waitingOf({}));
  await openedFor(access, judge, async () => {
    const { flavour } = await serverState(access.opening, { isHosts: "dialect" in options });
    await migrateTables(access.opening, place, flavour);
  });
};

/** Makes sure that all is as it has to be, and says which kind of server it is. */
const prepare = async (db: Kysely<unknown>, place: Place, options: MysqlOptions): Promise<Flavour> => {
  const { flavour, unsafe } = await serverState(db, { isHosts: "dialect" in options });
  heed(unsafe, options.onUnsafe);
  await (options.migrate === false ? check(db, place, flavour) : migrateTables(db, place, flavour));
  return flavour;
};

/** Keeps everything in a MySQL (8.0.17 or newer) or MariaDB (10.6 or newer) database. Any number of processes may use the same one. */
export const mysqlRepository = async (options: MysqlOptions): Promise<MysqlRepository> => {
  checkAccess(options, EXPECTED);
  const waiting = waitingOf(options);
  const { patience } = waiting;
  const place = placeIn(options);
  const access = await accessOf(options, place, waiting);
  const { opening, db, close } = access;
  const flavour = await opened(access, judge, patience, () => prepare(opening, place, options));
  const dialect = mysqlDialect(place.tables, flavour);
  const repositoryOn = repositoriesOn(dialect);
  // A draw locks a range under REPEATABLE READ, and so would keep others from the pool until the host commits.
  const repositoryWithin = repositoriesOn({ ...dialect, draw: null });
  const joined = joining(sessionIn);
  return {
    ...repositoryOn(ownTransactions(db as Session, judge, "url" in options), patience),
    within: (transaction) => {
      checkTransaction(transaction, (given) => "getConnection" in given);
      const database = hostTransaction(joined(transaction), dialect);
      const checked = isKyselys(transaction) ? escaping(database) : database;
      return repositoryWithin(checked, Math.min(patience, HOST_PATIENCE));
    },
    close,
  };
};

const sessionIn = (transaction: MysqlTransaction): Session => {
  if (isKyselys(transaction)) return transaction as unknown as Session;
  return new Kysely({ dialect: new MysqlDialect({ pool: lendingOnly(transaction) }) });
};

const checkMode = async (session: Session): Promise<void> => {
  const { rows } = await sql<{ readonly mode: string }>`select @@session.sql_mode as mode`.execute(session);
  try {
    refuseNoEscapes(rows[0]?.mode ?? "");
  } catch (thrown) {
    throw new Fault("refused", thrown);
  }
};

/** A transaction in which the driver that the host chose sends the values, which is safe unless the server is set up oddly. */
const escaping = (database: Database): Database => {
  let checked: Promise<void> | null = null;
  const check = (): Promise<void> => {
    checked ??= database.read(checkMode).catch((thrown) => {
      checked = null;
      throw thrown;
    });
    return checked;
  };
  return {
    read: async (work) => check().then(() => database.read(work)),
    write: async (work) => check().then(() => database.write(work)),
    writeOnce: async (work) => check().then(() => database.writeOnce(work)),
    tidy: (work) => database.tidy(work),
  };
};
