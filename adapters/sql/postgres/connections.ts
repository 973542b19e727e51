import type { PostgresPoolClient as KyselyClient, PostgresPool as KyselyPool, PostgresQueryResult } from "kysely";
import { keyDigest } from "../server/claim-rows.ts";
import { NotConnectedError } from "../server/errors.ts";
import { withTimeout } from "../server/timeout.ts";
import { needsNewConnection } from "./errors.ts";

/** What `pg` is asked to run. One with a name is prepared once on each connection. */
export interface PostgresStatement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** One connection: `Client` of `pg` fits as it is. */
export interface PostgresClient {
  query(statement: PostgresStatement): Promise<unknown>;
}

/** A connection that a pool has lent: `PoolClient` of `pg` fits as it is. */
export interface PooledPostgresClient extends PostgresClient {
  release(destroy?: boolean): void;
  on(event: "error", listener: () => void): unknown;
  removeListener(event: "error", listener: () => void): unknown;
}

/** Lends connections: `Pool` of `pg` fits as it is. */
export interface PostgresPool {
  connect(): Promise<PooledPostgresClient>;
  on(event: "connect", listener: (client: PooledPostgresClient) => void): unknown;
}

/**
 * Names for the statements that are run over and over. A statement is given a new name, and so planned anew, each time
 * it has been run sixteen times as often: what was the best plan for an empty table is a bad one for a big table.
 */
export class StatementNames {
  readonly #runs: Map<string, { readonly name: string; runs: number }> = new Map();

  add(text: string): void {
    if (this.#runs.has(text)) return;
    // The same for the same text, since several repositories may share a pool.
    this.#runs.set(text, { name: `oncecode_${keyDigest(text).slice(0, 16)}`, runs: 0 });
  }

  get(text: string): { readonly name?: string } {
    const entry = this.#runs.get(text);
    if (entry === undefined) return {};
    entry.runs += 1;
    return { name: `${entry.name}_${Math.floor(Math.log2(entry.runs) / 4)}` };
  }
}

/** Not in the shape for cursors, which stream: nothing is streamed here. */
type Query = (text: string, values?: readonly unknown[]) => Promise<PostgresQueryResult<unknown>>;
const toKyselyQuery = (query: Query): KyselyClient["query"] => query as unknown as KyselyClient["query"];

const queryOn =
  (client: PostgresClient, statementNames: StatementNames): Query =>
  async (text, values = []) =>
    client.query({ ...statementNames.get(text), text, values: [...values] }) as Promise<PostgresQueryResult<unknown>>;

const ignore = (): void => undefined;

/** Pools whose connections have been made safe. */
const poolsWithListener: WeakSet<PostgresPool> = new WeakSet();

/**
 * Without a listener, a connection that breaks would take the process with it; the statement under way fails, too. The
 * pool has one while a connection is idle, and takes it away before whoever has asked for the connection gets it.
 */
const ignoreIdleErrors = (pool: PostgresPool): void => {
  if (poolsWithListener.has(pool)) return;
  poolsWithListener.add(pool);
  pool.on("connect", (client) => client.on("error", ignore));
};

const kyselyClient = (
  client: PooledPostgresClient,
  statementNames: StatementNames,
  timeout: number | null,
): KyselyClient => {
  let isBroken = false;
  client.on("error", ignore);
  const query = queryOn(client, statementNames);
  return {
    query: toKyselyQuery((text, values) =>
      withTimeout(timeout, query(text, values)).catch((thrown) => {
        isBroken ||= needsNewConnection(thrown);
        throw thrown;
      }),
    ),
    release: (destroy = false) => {
      client.removeListener("error", ignore);
      client.release(isBroken || destroy);
    },
  };
};

/** A pool in the shape that Kysely asks for. A connection on which something doubtful has happened is never used again. */
export const kyselyPool = (
  pool: PostgresPool,
  statementNames: StatementNames,
  timeout: number | null = null,
): KyselyPool => {
  ignoreIdleErrors(pool);
  return {
    options: {},
    connect: async () => {
      const clientPromise = (async () => pool.connect())();
      try {
        return kyselyClient(await withTimeout(timeout, clientPromise), statementNames, timeout);
      } catch (thrown) {
        clientPromise.then((client) => client.release(), ignore);
        throw new NotConnectedError(thrown);
      }
    },
    end: async () => {},
  };
};

/** A connection of the host's as a pool, which never has another one and never gives it back. */
export const singleConnectionPool = (client: PostgresClient, statementNames: StatementNames): KyselyPool => ({
  options: {},
  connect: async () => ({ query: toKyselyQuery(queryOn(client, statementNames)), release: ignore }),
  end: async () => {},
});
