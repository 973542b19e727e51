import { type PostgresRepository, postgresRepository } from "oncecode/postgres";
import pg from "pg";
import { afterAll, inject } from "vitest";
import { CONNECTIONS, newName, type Shelving, shelving, TABLES, trusting } from "../servers/shelving.ts";

/** Without the prefix that they have. */
export const POSTGRES_TABLES: readonly string[] = ["pool", ...TABLES];

/** A schema with the tables in it. */
interface Shelf {
  readonly schema: string;
  readonly repository: PostgresRepository;
}

/** Schemas of a test file on one server, at one level of isolation. */
interface Shelves extends Shelving<Shelf> {
  readonly pool: pg.Pool;
  /** The name of a schema that is not there. It is dropped in the end. */
  newSchema(): string;
}

/** `options` are what a connection is opened with, such as `-c default_transaction_isolation=serializable`. */
export const shelvesOn = (url: string, options = ""): Shelves => {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, options });
  const schemas: string[] = [];
  afterAll(async () => {
    for (const schema of schemas) await pool.query(`drop schema if exists ${schema} cascade`);
    await pool.end();
  });

  const newSchema = (): string => {
    const schema = newName();
    schemas.push(schema);
    return schema;
  };
  const make = async (): Promise<Shelf> => {
    const schema = newSchema();
    return { schema, repository: await postgresRepository({ pool, schema, ...trusting }) };
  };
  const empty = ({ schema }: Shelf): Promise<unknown> =>
    pool.query(POSTGRES_TABLES.map((table) => `delete from ${schema}.oncecode_${table}`).join("; "));
  return { pool, newSchema, ...shelving(make, empty) };
};

let shelves: Shelves | null = null;

/** Those on the server that all test files share. To be asked for when a file is loaded, not in its tests. */
export const postgresShelves = (): Shelves => {
  shelves ??= shelvesOn(inject("postgres"));
  return shelves;
};
