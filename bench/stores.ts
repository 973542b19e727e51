import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { mysqlRepository } from "oncecode/mysql";
import { postgresRepository } from "oncecode/postgres";
import { sqliteRepository } from "oncecode/sqlite";
import { mariadbBinary } from "../test/support/servers/mariadb.ts";
import type { Databases } from "./databases.ts";
import { mariadbClient, postgresClient, type SqlClient, sqliteClient } from "./sql-clients.ts";

/** A new, empty store. */
export interface OpenStore {
  readonly repository: Repository;
  /** Direct access to the tables, or null for a store without tables. */
  readonly sqlClient: SqlClient | null;
  close(): Promise<void>;
}

/** A kind of store. */
export interface Store {
  readonly name: string;
  /** The reason why it cannot be measured here, or null. */
  readonly skipReason: string | null;
  open(): Promise<OpenStore>;
}

let nameCount = 0;
/** A new name for each call. */
const uniqueName = (): string => `bench_${nameCount++}`;

export const memory: Store = {
  name: "Memory",
  skipReason: null,
  open: async () => ({ repository: memoryRepository(), sqlClient: null, close: async () => undefined }),
};

export const sqlite = (databases: Databases, synchronous: "FULL" | "NORMAL"): Store => ({
  name: `SQLite ${synchronous}`,
  skipReason: null,
  open: async () => {
    const filename = resolve(await databases.folder(), "codes.db");
    const repository = await sqliteRepository({ filename, synchronous });
    return { repository, sqlClient: sqliteClient(filename), close: () => repository.close() };
  },
});

export const postgres = (databases: Databases): Store => ({
  name: "PostgreSQL",
  skipReason: null,
  open: async () => {
    const [url, schema] = [await databases.postgres(), uniqueName()];
    const repository = await postgresRepository({ url, schema });
    const sqlClient = await postgresClient(url, schema);
    return {
      ...{ repository, sqlClient },
      close: async () => {
        await repository.close();
        await sqlClient.run(`drop schema ${schema} cascade`);
        await sqlClient.close();
      },
    };
  },
});

export const mariadb = (databases: Databases): Store => ({
  name: "MariaDB",
  skipReason: mariadbBinary() === null ? "mariadbd is not installed here" : null,
  open: async () => {
    const [url, name] = [await databases.mariadb(), uniqueName()];
    const sqlClient = await mariadbClient(url, name);
    const repository = await mysqlRepository({ url: sqlClient.url });
    return {
      ...{ repository, sqlClient },
      close: async () => {
        await repository.close();
        await sqlClient.run(`drop database ${name}`);
        await sqlClient.close();
      },
    };
  },
});

const isFunction = (value: unknown): value is () => Promise<Repository> | Repository => typeof value === "function";

/** Loads the adapter of `--adapter`. Each call of its default export returns an empty repository. */
export const loadAdapter = async (path: string): Promise<Store> => {
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(resolve(path)).href);
  const { default: open } = module;
  if (!isFunction(open)) throw new Error(`${path} must export by default a function that opens an empty repository`);
  return {
    name: path,
    skipReason: null,
    open: async () => ({ repository: await open(), sqlClient: null, close: async () => undefined }),
  };
};
