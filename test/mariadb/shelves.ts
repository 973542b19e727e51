import { createPool, type Pool } from "mysql2/promise";
import { type MysqlRepository, mysqlRepository } from "oncecode/mysql";
import { afterAll, inject } from "vitest";
import { CONNECTIONS, newName, type Shelving, shelving, TABLES, trusting } from "../servers/shelving.ts";

/** Tables under a prefix of their own. */
interface Shelf {
  readonly prefix: string;
  readonly repository: MysqlRepository;
}

/** Tables of a test file on one server. */
export interface Shelves extends Shelving<Shelf> {
  readonly pool: Pool;
  /** A prefix that no table has. */
  newPrefix(): string;
}

export const shelvesOn = (url: string): Shelves => {
  const pool = createPool({ uri: url, connectionLimit: CONNECTIONS });
  afterAll(() => pool.end());

  const newPrefix = (): string => `${newName()}_`;
  const make = async (): Promise<Shelf> => {
    const prefix = newPrefix();
    return { prefix, repository: await mysqlRepository({ pool, prefix, ...trusting }) };
  };
  const empty = async ({ prefix }: Shelf): Promise<void> => {
    for (const table of TABLES) await pool.query(`delete from ${prefix}${table}`);
  };
  return { pool, newPrefix, ...shelving(make, empty) };
};

let shelves: Shelves | null = null;

/** Those on the server that all test files share; null where MariaDB is not installed. */
export const mariadbShelves = (): Shelves | null => {
  const url = inject("mariadb");
  if (url !== null) shelves ??= shelvesOn(url);
  return shelves;
};
