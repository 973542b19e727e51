import type { TestProject } from "vitest/node";
import { mariadbBinary, startMariadb } from "./mariadb.ts";
import { startPostgres } from "./postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a PostgreSQL server answers, for as long as the tests run. */
    readonly postgres: string;
    /** Where a MariaDB server answers, which has everything set up in an unusual way; null where none is installed. */
    readonly mariadb: string | null;
  }
}

/** Servers that all test files share. */
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
