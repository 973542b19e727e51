import { createPool, type Pool } from "mysql2/promise";
import { type MysqlRepository, mysqlRepository } from "oncecode/mysql";
import { afterAll, inject } from "vitest";
import {
  CONNECTIONS_MAX,
  ignoreUnsafeSettings,
  reusableDatabases,
  TABLES,
  type TestDatabases,
  uniqueName,
} from "./databases.ts";

/** Tables under a prefix of their own. */
interface MariadbDatabase {
  readonly prefix: string;
  readonly repository: MysqlRepository;
}

/** Databases on one server. */
export interface MariadbDatabases extends TestDatabases<MariadbDatabase> {
  readonly pool: Pool;
  /** A new prefix, which no table has yet. */
  newPrefix(): string;
}

const databasesOn = (pool: Pool): MariadbDatabases => {
  const newPrefix = (): string => `${uniqueName()}_`;
  const create = async (): Promise<MariadbDatabase> => {
    const prefix = newPrefix();
    return { prefix, repository: await mysqlRepository({ pool, prefix, ...ignoreUnsafeSettings }) };
  };
  const empty = async ({ prefix }: MariadbDatabase): Promise<void> => {
    for (const table of TABLES) await pool.query(`delete from ${prefix}${table}`);
  };
  return { pool, newPrefix, ...reusableDatabases(create, empty) };
};

export const mariadbDatabasesOn = (url: string): MariadbDatabases => {
  const pool = createPool({ uri: url, connectionLimit: CONNECTIONS_MAX });
  afterAll(() => pool.end());
  return databasesOn(pool);
};

let shared: MariadbDatabases | null = null;

/**
 * Databases on the server that all test files share; null where MariaDB is not installed. They and their connections are
 * reused until the process ends.
 */
export const mariadbDatabases = (): MariadbDatabases | null => {
  const url = inject("mariadb");
  if (url !== null) shared ??= databasesOn(createPool({ uri: url, connectionLimit: CONNECTIONS_MAX }));
  return shared;
};
