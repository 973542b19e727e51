import { type PostgresRepository, postgresRepository } from "oncecode/postgres";
import pg from "pg";
import { afterAll, afterEach, beforeEach, inject } from "vitest";

/** Fewer than a host would have, for all test files at once must fit in one server. */
const CONNECTIONS = 8;

/** A schema with the tables in it, which one test after another uses. */
interface Shelf {
  readonly schema: string;
  readonly repository: PostgresRepository;
}

const shelves = { made: 0, free: [] as Shelf[], taken: [] as Shelf[], kept: [] as Shelf[] };
/** Without the prefix that they have. */
export const TABLES: readonly string[] = ["attempts", "keys", "claims", "publications", "vouchers", "campaigns", "customers"];

/** The test server does not wait for its disk, which the repository would refuse. */
export const trusting = { onUnsafe: () => undefined } as const;

let pool: pg.Pool | null = null;
/** A pool of this test file's. */
export const postgresPool = (): pg.Pool => {
  pool ??= new pg.Pool({ connectionString: inject("postgres"), max: CONNECTIONS });
  return pool;
};

export const newSchema = (): string => `s${process.pid}_${shelves.made++}`;

const makeShelf = async (): Promise<Shelf> => {
  const schema = newSchema();
  return { schema, repository: await postgresRepository({ pool: postgresPool(), schema, ...trusting }) };
};

/** An empty repository, apart from every other that is in use. */
export const openPostgres = async (): Promise<PostgresRepository> => (await openShelf()).repository;

export const openShelf = async (): Promise<Shelf> => {
  const used = shelves.free.pop();
  const shelf = used ?? (await makeShelf());
  shelves.taken.push(shelf);
  if (used !== undefined)
    await postgresPool().query(TABLES.map((table) => `delete from ${used.schema}.oncecode_${table}`).join("; "));
  return shelf;
};

/** For who opens many in one test, one after another. */
export const giveBack = (shelf: Shelf): void => {
  shelves.taken = shelves.taken.filter((taken) => taken !== shelf);
  shelves.free.push(shelf);
};

// What was opened before all tests of a group is theirs until the end.
beforeEach(() => {
  shelves.kept.push(...shelves.taken.splice(0));
});

afterEach(() => {
  shelves.free.push(...shelves.taken.splice(0));
});

afterAll(async () => {
  const all = [...shelves.free, ...shelves.taken, ...shelves.kept].map(({ schema }) => schema);
  for (const schema of all) await postgresPool().query(`drop schema ${schema} cascade`);
  await pool?.end();
});
