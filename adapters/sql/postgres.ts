import { type Dialect, Kysely, PostgresDialect } from "kysely";
import type { Repository, Transactional } from "oncecode";
import { type Placement, placeOf } from "./place.ts";
import { postgresDialect } from "./postgres/dialect.ts";
import { judge } from "./postgres/failures.ts";
import { check, migrate as migrateTables } from "./postgres/migrations.ts";
import { lending, lendingOnly, Names, type PostgresClient, type PostgresPool } from "./postgres/pool.ts";
import { unsafeSettings } from "./postgres/safety.ts";
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
  HOST_PATIENCE,
  hostTransaction,
  isKyselys,
  joining,
  type KyselyTransaction,
  ownTransactions,
  type Session,
} from "./server/database.ts";
import { opened, openedFor } from "./server/opening.ts";
import { repositoriesOn } from "./server/repository.ts";
import { heed } from "./server/safety.ts";

export type { Placement } from "./place.ts";
export type { PooledPostgresClient, PostgresClient, PostgresPool, PostgresStatement } from "./postgres/pool.ts";
export type { ServerSettings } from "./server/access.ts";
export type { UnsafeSetting } from "./server/safety.ts";

/** Which tables of a database. */
export interface PostgresPlacement extends Placement {
  /** The schema that they are in; the connection's own (`search_path`) unless given. Made by `migrate`. */
  readonly schema?: string;
}

/**
 * How to reach the server: by a URL, `postgres://user@host/database`, for which `pg` must be installed; through a pool
 * of the host's, who closes it; or through any dialect of Kysely that speaks PostgreSQL.
 */
export type PostgresAccess = { readonly url: string } | { readonly pool: PostgresPool } | { readonly dialect: Dialect };

export interface PostgresSettings extends PostgresPlacement, ServerSettings {
  /** Whether to use prepared statements; true unless given. Some connection poolers cannot. */
  readonly prepare?: boolean;
}

export type PostgresOptions = PostgresSettings & PostgresAccess;

/** A transaction of the host's: one of Kysely's, or a connection of `pg` on which it was begun. */
export type PostgresTransaction = KyselyTransaction | PostgresClient;

/** A repository on one PostgreSQL database, to be closed in the end. */
export interface PostgresRepository extends Repository, Transactional<PostgresTransaction> {
  /** Closes the connections that were opened for it, not a pool or a dialect of the host's. */
  close(): Promise<void>;
}

const EXPECTED = {
  name: "postgresRepository",
  protocols: ["postgres:", "postgresql:"],
  poolMethod: "connect",
  driver: "pg",
};

/** A way through a pool. */
const through = (pool: PostgresPool, names: Names, { timeout }: Waiting): Omit<Access, "close"> => {
  const within = (limit: number | null): Kysely<unknown> =>
    new Kysely({ dialect: new PostgresDialect({ pool: lending(pool, names, limit) }) });
  return { opening: within(null), db: within(timeout) };
};

const openPool = async (url: string, names: Names, waiting: Waiting): Promise<Access> => {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: waiting.connecting,
    keepAlive: true,
  });
  // One that breaks while it is idle is replaced when it is needed.
  pool.on("error", () => undefined);
  return { ...through(pool, names, waiting), close: () => pool.end() };
};

const accessOf = async (access: PostgresAccess, names: Names, waiting: Waiting): Promise<Access> => {
  if ("url" in access) return openPool(access.url, names, waiting);
  const close = async (): Promise<void> => {};
  if ("pool" in access) return { ...through(access.pool, names, waiting), close };
  const db = new Kysely<unknown>({ dialect: access.dialect });
  return { opening: db, db, close };
};

/** Creates or updates the tables. Any number of processes may do so at the same time. */
export const migrate = async (options: PostgresPlacement & PostgresAccess): Promise<void> => {
  checkAccess(options, EXPECTED);
  const place = placeOf(options);
  const access = await accessOf(options, new Names(), waitingOf({}));
  await openedFor(access, judge, () => migrateTables(access.opening, place));
};

/** Keeps everything in a PostgreSQL database, 14 or newer. Any number of processes may use the same one. */
export const postgresRepository = async (options: PostgresOptions): Promise<PostgresRepository> => {
  checkAccess(options, EXPECTED);
  const { prepare = true } = options;
  const waiting = waitingOf(options);
  const { patience } = waiting;
  const place = placeOf(options);
  const names = new Names();
  const dialect = postgresDialect(place.tables, (text) => prepare && names.add(text));
  const access = await accessOf(options, names, waiting);
  const { opening, db, close } = access;
  await opened(access, judge, patience, async () => {
    heed(await unsafeSettings(opening as Session), options.onUnsafe);
    await (options.migrate === false ? check(opening, place) : migrateTables(opening, place));
  });
  const repositoryOn = repositoriesOn(dialect);
  const joined = joining((transaction: PostgresTransaction) => sessionIn(transaction, names));
  return {
    ...repositoryOn(ownTransactions(db as Session, judge), patience),
    within: (transaction) => {
      checkTransaction(transaction, (given) => "totalCount" in given);
      return repositoryOn(hostTransaction(joined(transaction), dialect), Math.min(patience, HOST_PATIENCE));
    },
    close,
  };
};

const sessionIn = (transaction: PostgresTransaction, names: Names): Session => {
  if (isKyselys(transaction)) return transaction as unknown as Session;
  return new Kysely({ dialect: new PostgresDialect({ pool: lendingOnly(transaction, names) }) });
};
