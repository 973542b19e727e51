import { hash } from "node:crypto";
import type { PostgresPoolClient as KyselyClient, PostgresPool as KyselyPool, PostgresQueryResult } from "kysely";
import { NotConnectedError } from "../server/errors.ts";
import { withTimeout } from "../server/timeout.ts";
import { needsNewConnection } from "./errors.ts";

/** A statement for `pg`. A statement with a name is prepared once per connection. */
export interface PostgresStatement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** A connection. `Client` of `pg` has this type. */
export interface PostgresClient {
  query(statement: PostgresStatement): Promise<unknown>;
}

/** A connection of a pool. `PoolClient` of `pg` has this type. */
export interface PooledPostgresClient extends PostgresClient {
  release(destroy?: boolean): void;
  on(event: "error", listener: () => void): unknown;
  removeListener(event: "error", listener: () => void): unknown;
}

/** A pool of connections. `Pool` of `pg` has this type. */
export interface PostgresPool {
  connect(): Promise<PooledPostgresClient>;
  on(event: "connect", listener: (client: PooledPostgresClient) => void): unknown;
}

/**
 * Names for prepared statements. The best plan for an empty table is a bad plan for a big one, and PostgreSQL may keep a
 * plan as long as the statement keeps its name. So a statement gets a new name after 16, 256, 4,096, … runs.
 */
export class StatementNames {
  readonly #runs: Map<string, { readonly name: string; runs: number }> = new Map();

  add(text: string): void {
    if (this.#runs.has(text)) return;
    // The name depends on the text alone, because several repositories may share a pool.
    this.#runs.set(text, { name: `oncecode_${hash("sha256", text).slice(0, 16)}`, runs: 0 });
  }

  get(text: string): { readonly name?: string } {
    const entry = this.#runs.get(text);
    if (entry === undefined) return {};
    entry.runs += 1;
    return { name: `${entry.name}_${Math.floor(Math.log2(entry.runs) / 4)}` };
  }
}

/** Kysely's type of `query` also covers cursors for streaming. We never stream. */
type Query = (text: string, values?: readonly unknown[]) => Promise<PostgresQueryResult<unknown>>;
const toKyselyQuery = (query: Query): KyselyClient["query"] => query as unknown as KyselyClient["query"];

const queryOn =
  (client: PostgresClient, statementNames: StatementNames): Query =>
  async (text, values = []) =>
    client.query({ ...statementNames.get(text), text, values: [...values] }) as Promise<PostgresQueryResult<unknown>>;

const ignore = (): void => undefined;

const poolsWithListener: WeakSet<PostgresPool> = new WeakSet();

/**
 * A connection that breaks emits `error`, and without a listener this event ends the process. The pool of `pg` listens
 * only while a connection is idle. So we add a listener of our own. The running statement still fails with its error.
 */
const ignoreConnectionErrors = (pool: PostgresPool): void => {
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

/** A pool for Kysely. A connection with an error that leaves its state unclear is closed, and never used again. */
export const kyselyPool = (
  pool: PostgresPool,
  statementNames: StatementNames,
  timeout: number | null = null,
): KyselyPool => {
  ignoreConnectionErrors(pool);
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

/** A connection of the host as a pool for Kysely. The pool never opens, closes or releases a connection. */
export const singleConnectionPool = (client: PostgresClient, statementNames: StatementNames): KyselyPool => ({
  options: {},
  connect: async () => ({ query: toKyselyQuery(queryOn(client, statementNames)), release: ignore }),
  end: async () => {},
});
