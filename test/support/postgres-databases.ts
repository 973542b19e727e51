import { type PostgresRepository, postgresRepository } from "oncecode/postgres";
import pg from "pg";
import { afterAll, inject } from "vitest";
import {
  CONNECTIONS_MAX,
  ignoreUnsafeSettings,
  reusableDatabases,
  TABLES,
  type TestDatabases,
  uniqueName,
} from "./databases.ts";

/** The names without their prefix. */
export const POSTGRES_TABLES: readonly string[] = ["pool", ...TABLES];

/** A schema that contains the tables. */
interface PostgresDatabase {
  readonly schema: string;
  readonly repository: PostgresRepository;
}

/** Schemas on one server. */
interface PostgresDatabases extends TestDatabases<PostgresDatabase> {
  readonly pool: pg.Pool;
  /** The name of a schema that does not exist. */
  newSchema(): string;
}

const databasesOn = (pool: pg.Pool): PostgresDatabases => {
  const create = async (): Promise<PostgresDatabase> => {
    const schema = uniqueName();
    return { schema, repository: await postgresRepository({ pool, schema, ...ignoreUnsafeSettings }) };
  };
  const empty = ({ schema }: PostgresDatabase): Promise<unknown> =>
    pool.query(POSTGRES_TABLES.map((table) => `delete from ${schema}.oncecode_${table}`).join("; "));
  return { pool, newSchema: uniqueName, ...reusableDatabases(create, empty) };
};

/** `options` are settings of each connection, such as `-c default_transaction_isolation=serializable`. */
export const postgresDatabasesOn = (url: string, options = ""): PostgresDatabases => {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS_MAX, options });
  afterAll(() => pool.end());
  return databasesOn(pool);
};

let shared: PostgresDatabases | null = null;

/** Schemas on the server that all test files share. They and their connections are reused until the process ends. */
export const postgresDatabases = (): PostgresDatabases => {
  shared ??= databasesOn(new pg.Pool({ connectionString: inject("postgres"), max: CONNECTIONS_MAX }));
  return shared;
};
