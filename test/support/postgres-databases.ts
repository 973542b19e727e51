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

/** The schemas of a test file on one server, at one isolation level. */
interface PostgresDatabases extends TestDatabases<PostgresDatabase> {
  readonly pool: pg.Pool;
  /** The name of a schema that does not exist. If the test creates it, it is dropped at the end. */
  newSchema(): string;
}

/** `options` are settings of each connection, such as `-c default_transaction_isolation=serializable`. */
export const postgresDatabasesOn = (url: string, options = ""): PostgresDatabases => {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS_MAX, options });
  const schemas: string[] = [];
  afterAll(async () => {
    for (const schema of schemas) await pool.query(`drop schema if exists ${schema} cascade`);
    await pool.end();
  });

  const newSchema = (): string => {
    const schema = uniqueName();
    schemas.push(schema);
    return schema;
  };
  const create = async (): Promise<PostgresDatabase> => {
    const schema = newSchema();
    return { schema, repository: await postgresRepository({ pool, schema, ...ignoreUnsafeSettings }) };
  };
  const empty = ({ schema }: PostgresDatabase): Promise<unknown> =>
    pool.query(POSTGRES_TABLES.map((table) => `delete from ${schema}.oncecode_${table}`).join("; "));
  return { pool, newSchema, ...reusableDatabases(create, empty) };
};

let shared: PostgresDatabases | null = null;

/** Schemas on the server that all test files share. Registers hooks, so call it at the top of a file and not in a test. */
export const postgresDatabases = (): PostgresDatabases => {
  shared ??= postgresDatabasesOn(inject("postgres"));
  return shared;
};
