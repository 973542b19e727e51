import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { startMariadb } from "../test/support/servers/mariadb.ts";
import { type Server, startPostgres } from "../test/support/servers/postgres.ts";
import { startRedis } from "./redis-server.ts";

/** Folders and servers for stores. A server starts when it is first needed. */
export interface Databases {
  /** A new folder. */
  folder(): Promise<string>;
  /** The URL of a server that waits for its disk at each commit. */
  postgres(): Promise<string>;
  mariadb(): Promise<string>;
  redis(): Promise<string>;
  /** Stops the servers and deletes the folders. */
  clear(): Promise<void>;
}

const POSTGRES = { shared_buffers: "1GB", max_connections: "800", max_wal_size: "4GB" };
/** The memory of this machine, or the limit of this process. */
const MEMORY = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
/** MariaDB does not use the cache of the system, as PostgreSQL does. So it gets most of the memory itself. */
const MARIADB = [
  `--innodb-buffer-pool-size=${Math.floor((2 * MEMORY) / 3)}`,
  "--innodb-log-file-size=2G",
  "--max-connections=800",
];

const startOnce = <T>(make: () => Promise<T>): { (): Promise<T>; made: Promise<T> | null } => {
  const get = (): Promise<T> => {
    get.made ??= make();
    return get.made;
  };
  get.made = null as Promise<T> | null;
  return get;
};

/** `parent`: the folder for all files (by default, the system's folder for temporary files). */
export const prepareDatabases = async (parent: string = tmpdir()): Promise<Databases> => {
  const root = await mkdtemp(join(parent, "oncecode-bench-"));
  let folders = 0;
  const folder = async (): Promise<string> => {
    const path = join(root, String(folders++));
    await mkdir(path);
    return path;
  };
  const servers = {
    postgres: startOnce<Server>(() => startPostgres({ settings: POSTGRES })),
    redis: startOnce<Pick<Server, "url" | "stop">>(startRedis),
    mariadb: startOnce<Server>(() => startMariadb({ settings: MARIADB })),
  };
  return {
    folder,
    postgres: async () => (await servers.postgres()).url,
    mariadb: async () => (await servers.mariadb()).url,
    redis: async () => (await servers.redis()).url,
    clear: async () => {
      const stops = Object.values(servers).map(async ({ made }) => (await made?.catch(() => null))?.stop());
      const stopped = await Promise.allSettled(stops);
      await rm(root, { recursive: true });
      for (const stop of stopped) if (stop.status === "rejected") throw stop.reason;
    },
  };
};
