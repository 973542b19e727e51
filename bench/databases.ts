import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { startMariadb } from "../test/support/servers/mariadb.ts";
import { type Server, startPostgres } from "../test/support/servers/postgres.ts";
import { startRedis } from "./redis-server.ts";

/** Where stores can be: a folder, and servers that are started when they are first needed. */
export interface Databases {
  /** A folder that nobody else has. */
  folder(): Promise<string>;
  /** The URL of a server that waits for its disk. */
  postgres(): Promise<string>;
  mariadb(): Promise<string>;
  redis(): Promise<string>;
  /** Stops all, and deletes all. */
  clear(): Promise<void>;
}

const POSTGRES = { shared_buffers: "1GB", max_connections: "800", max_wal_size: "4GB" };
/** Of this machine, or of what this process may have of it. */
const MEMORY = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
/** It reads past the system's cache, which PostgreSQL reads through, and so has most of the memory itself. */
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

/** `parent`: where to make the folder; the system's place for temporary files unless given. */
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
