import type { TestProject } from "vitest/node";
import { mariadbBinary, startMariadb } from "./mariadb.ts";
import { startPostgres } from "./postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of a PostgreSQL server that runs as long as the tests. */
    readonly postgres: string;
    /** The URL of a MariaDB server with unusual settings; null where MariaDB is not installed. */
    readonly mariadb: string | null;
  }
}

/** Starts the servers that all test files share. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const hasMariadb = mariadbBinary() !== null;
  if (!hasMariadb && process.env.CI !== undefined)
    throw new Error("MariaDB is not installed, and with CI set nothing may be left out");
  if (!hasMariadb) console.warn("MariaDB is not installed here (Debian: mariadb-server): its tests are left out");
  const [postgres, mariadb] = await Promise.all([
    startPostgres({ durable: false, settings: { max_connections: "200", shared_buffers: "64MB" } }),
    hasMariadb ? startMariadb({ durable: false }) : null,
  ]);
  project.provide("postgres", postgres.url);
  project.provide("mariadb", mariadb?.url ?? null);
  return async () => {
    await Promise.all([postgres.stop(), mariadb?.stop()]);
  };
};
