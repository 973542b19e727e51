import { createPool, type Pool } from "mysql2/promise";
import { type MysqlRepository, mysqlRepository } from "oncecode/mysql";
import { afterAll, afterEach, beforeEach, inject } from "vitest";

/** Tables under a prefix of their own, which one test after another uses. */
interface Shelf {
  readonly prefix: string;
  readonly repository: MysqlRepository;
}

/** Tables of a test file on one server. */
export interface Shelves {
  readonly pool: Pool;
  /** Empty ones, apart from all others that are in use. Given back when the test is over. */
  open(): Promise<Shelf>;
  /** For who opens many in one test, one after another. */
  giveBack(shelf: Shelf): void;
  /** A prefix that no table has. */
  newPrefix(): string;
}

/** Fewer than a host would have, for all test files at once must fit in one server. */
const CONNECTIONS = 8;

/** Without the prefix that they have, and in an order in which they can be emptied. */
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

export const shelvesOn = (url: string): Shelves => {
  const pool = createPool({ uri: url, connectionLimit: CONNECTIONS });
  const free: Shelf[] = [];
  let taken: Shelf[] = [];

  const newPrefix = (): string => `s${process.pid}_${named++}_`;

  const make = async (): Promise<Shelf> => {
    const prefix = newPrefix();
    return { prefix, repository: await mysqlRepository({ pool, prefix, ...trusting }) };
  };

  const emptied = async (shelf: Shelf): Promise<Shelf> => {
    for (const table of TABLES) await pool.query(`delete from ${shelf.prefix}${table}`);
    return shelf;
  };

  // What was opened before all tests of a group is theirs until the end.
  beforeEach(() => {
    taken = [];
  });
  afterEach(() => {
    free.push(...taken.splice(0));
  });
  afterAll(() => pool.end());

  return {
    pool,
    newPrefix,
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

/** Those on the server that all test files share; null where MariaDB is not installed. */
export const mariadbShelves = (): Shelves | null => {
  const url = inject("mariadb");
  if (url !== null) shelves ??= shelvesOn(url);
  return shelves;
};
