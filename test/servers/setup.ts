import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where a PostgreSQL server answers, for as long as the tests run. */
    readonly postgres: string;
  }
}

/** Servers that all test files share. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const postgres = await startPostgres({
    durable: false,
    settings: { max_connections: "200", shared_buffers: "64MB" },
  });
  project.provide("postgres", postgres.url);
  return () => postgres.stop();
};
