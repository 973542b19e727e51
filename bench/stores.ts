import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { mysqlRepository } from "oncecode/mysql";
import { postgresRepository } from "oncecode/postgres";
import { sqliteRepository } from "oncecode/sqlite";
import { mariadbBinary } from "../test/support/servers/mariadb.ts";
import type { Places } from "./places.ts";
import { mariadbShell, postgresShell, type Shell, sqliteShell } from "./shells.ts";

/** A store that has nothing in it yet. */
export interface OpenedStore {
  readonly repository: Repository;
  /** A way to its tables beside the repository, if it has tables. */
  readonly shell: Shell | null;
  close(): Promise<void>;
}

/** Something that oncecode can keep codes in. */
export interface Store {
  readonly name: string;
  /** Why it cannot be measured here, or null. */
  readonly missing: string | null;
  open(): Promise<OpenedStore>;
}

let opened = 0;
/** A name that nothing else in this run has. */
const freshName = (): string => `bench_${opened++}`;

export const memory: Store = {
  name: "Memory",
  missing: null,
  open: async () => ({ repository: memoryRepository(), shell: null, close: async () => undefined }),
};

export const sqlite = (places: Places, synchronous: "FULL" | "NORMAL"): Store => ({
  name: `SQLite ${synchronous}`,
  missing: null,
  open: async () => {
    const filename = resolve(await places.folder(), "codes.db");
    const repository = await sqliteRepository({ filename, synchronous });
    return { repository, shell: sqliteShell(filename), close: () => repository.close() };
  },
});

export const postgres = (places: Places): Store => ({
  name: "PostgreSQL",
  missing: null,
  open: async () => {
    const [url, schema] = [await places.postgres(), freshName()];
    const repository = await postgresRepository({ url, schema });
    const shell = await postgresShell(url, schema);
    return {
      ...{ repository, shell },
      close: async () => {
        await repository.close();
        await shell.run(`drop schema ${schema} cascade`);
        await shell.close();
      },
    };
  },
});

export const mariadb = (places: Places): Store => ({
  name: "MariaDB",
  missing: mariadbBinary() === null ? "mariadbd is not installed here" : null,
  open: async () => {
    const [url, name] = [await places.mariadb(), freshName()];
    const shell = await mariadbShell(url, name);
    const repository = await mysqlRepository({ url: shell.url });
    return {
      ...{ repository, shell },
      close: async () => {
        await repository.close();
        await shell.run(`drop database ${name}`);
        await shell.close();
      },
    };
  },
});

const isFunction = (value: unknown): value is () => Promise<Repository> | Repository => typeof value === "function";

/** A module of somebody else's, whose default export gives a repository that is empty each time. */
export const adapterAt = async (path: string): Promise<Store> => {
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(resolve(path)).href);
  const { default: open } = module;
  if (!isFunction(open)) throw new Error(`${path} must export by default a function that opens an empty repository`);
  return {
    name: path,
    missing: null,
    open: async () => ({ repository: await open(), shell: null, close: async () => undefined }),
  };
};
