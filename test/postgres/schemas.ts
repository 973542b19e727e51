import { type PostgresRepository, postgresRepository } from "oncecode/postgres";
import pg from "pg";
import { afterAll, afterEach, beforeEach, inject } from "vitest";

/** A schema with the tables in it, which one test after another uses. */
export interface Shelf {
  readonly schema: string;
  readonly repository: PostgresRepository;
}

/** Schemas of a test file on one server, at one level of isolation. */
export interface Shelves {
  readonly pool: pg.Pool;
  /** An empty one, apart from every other that is in use. Given back when the test is over. */
  open(): Promise<Shelf>;
  /** For who opens many in one test, one after another. */
  giveBack(shelf: Shelf): void;
  /** The name of a schema that is not there. It is dropped in the end. */
  newSchema(): string;
}

/** Fewer than a host would have, for all test files at once must fit in one server. */
const CONNECTIONS = 8;

/** Without the prefix that they have. */
export const TABLES: readonly string[] = [
  "attempts",
  "keys",
  "claims",
  "publications",
  "vouchers",
  "campaigns",
  "customers",
];

/** The test server does not wait for its disk, which the repository would refuse. */
export const trusting = { onUnsafe: () => undefined } as const;

/** Who opens more in one test than this has done with the first. */
const AT_ONCE = 12;

let named = 0;

/** `options` are what a connection is opened with, such as `-c default_transaction_isolation=serializable`. */
export const shelvesOn = (url: string, options = ""): Shelves => {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, options });
  const schemas: string[] = [];
  const free: Shelf[] = [];
  let taken: Shelf[] = [];

  const newSchema = (): string => {
    const schema = `s${process.pid}_${named++}`;
    schemas.push(schema);
    return schema;
  };

  const make = async (): Promise<Shelf> => {
    const schema = newSchema();
    return { schema, repository: await postgresRepository({ pool, schema, ...trusting }) };
  };

  const emptied = async (shelf: Shelf): Promise<Shelf> => {
    await pool.query(TABLES.map((table) => `delete from ${shelf.schema}.oncecode_${table}`).join("; "));
    return shelf;
  };

  // What was opened before all tests of a group is theirs until the end.
  beforeEach(() => {
    taken = [];
  });
  afterEach(() => {
    free.push(...taken.splice(0));
  });
  afterAll(async () => {
    for (const schema of schemas) await pool.query(`drop schema if exists ${schema} cascade`);
    await pool.end();
  });

  return {
    pool,
    newSchema,
    open: async () => {
      const used = free.pop() ?? (taken.length < AT_ONCE ? undefined : taken.shift());
      const shelf = used === undefined ? await make() : await emptied(used);
      taken.push(shelf);
      return shelf;
    },
    giveBack: (shelf) => {
      taken = taken.filter((other) => other !== shelf);
      free.push(shelf);
    },
  };
};

let shelves: Shelves | null = null;

/** Those on the server that all test files share. To be asked for when a file is loaded, not in its tests. */
export const postgresShelves = (): Shelves => {
  shelves ??= shelvesOn(inject("postgres"));
  return shelves;
};
