import type { PostgresPoolClient as KyselyClient, PostgresPool as KyselyPool, PostgresQueryResult } from "kysely";
import { digestOf } from "../server/digest.ts";
import { NotConnected } from "../server/faults.ts";
import { answeredWithin } from "../server/silence.ts";
import { isDoubtful } from "./failures.ts";

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
export class Names {
  readonly #runs: Map<string, { readonly name: string; runs: number }> = new Map();

  add(text: string): void {
    if (this.#runs.has(text)) return;
    // The same for the same text, since several repositories may share a pool.
    this.#runs.set(text, { name: `oncecode_${digestOf(text).slice(0, 16)}`, runs: 0 });
  }

  of(text: string): { readonly name?: string } {
    const known = this.#runs.get(text);
    if (known === undefined) return {};
    known.runs += 1;
    return { name: `${known.name}_${Math.floor(Math.log2(known.runs) / 4)}` };
  }
}

/** Not in the shape for cursors, which stream: nothing is streamed here. */
type Query = (text: string, values?: readonly unknown[]) => Promise<PostgresQueryResult<unknown>>;
const asKysely = (query: Query): KyselyClient["query"] => query as unknown as KyselyClient["query"];

const querying =
  (client: PostgresClient, names: Names): Query =>
  async (text, values = []) =>
    client.query({ ...names.of(text), text, values: [...values] }) as Promise<PostgresQueryResult<unknown>>;

const ignore = (): void => undefined;

/** Pools whose connections have been made safe. */
const safe: WeakSet<PostgresPool> = new WeakSet();

/**
 * Without a listener, a connection that breaks would take the process with it; the statement under way fails, too. The
 * pool has one while a connection is idle, and takes it away before whoever has asked for the connection gets it.
 */
const survive = (pool: PostgresPool): void => {
  if (safe.has(pool)) return;
  safe.add(pool);
  pool.on("connect", (client) => client.on("error", ignore));
};

const borrowed = (client: PooledPostgresClient, names: Names, timeout: number | null): KyselyClient => {
  let isBroken = false;
  client.on("error", ignore);
  const query = querying(client, names);
  return {
    query: asKysely((text, values) =>
      answeredWithin(timeout, query(text, values)).catch((thrown) => {
        isBroken ||= isDoubtful(thrown);
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
export const lending = (pool: PostgresPool, names: Names, timeout: number | null = null): KyselyPool => {
  survive(pool);
  return {
    options: {},
    connect: async () => {
      const lent = (async () => pool.connect())();
      try {
        return borrowed(await answeredWithin(timeout, lent), names, timeout);
      } catch (thrown) {
        lent.then((client) => client.release(), ignore);
        throw new NotConnected(thrown);
      }
    },
    end: async () => {},
  };
};

/** A connection of the host's as a pool, which never has another one and never gives it back. */
export const lendingOnly = (client: PostgresClient, names: Names): KyselyPool => ({
  options: {},
  connect: async () => ({ query: asKysely(querying(client, names)), release: ignore }),
  end: async () => {},
});
