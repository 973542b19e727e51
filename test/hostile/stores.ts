import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";
import { type Shelves as MariadbShelves, mariadbShelves } from "../mariadb/shelves.ts";
import { postgresShelves, TABLES } from "../postgres/schemas.ts";
import { dump } from "./world.ts";

export interface Store {
  readonly repository: Repository;
  /** All that is in it, also what the port does not show, as text. */
  readonly contents: () => Promise<string>;
  readonly close: () => Promise<void>;
}

const memory = async (): Promise<Store> => {
  const repository = memoryRepository();
  return { repository, contents: () => dump(repository), close: async () => {} };
};

const tables = (database: DatabaseSync): string => {
  const names = database.prepare("select name from sqlite_master where type = 'table' order by name").all();
  return JSON.stringify(names.map(({ name }) => [name, database.prepare(`select * from "${name}"`).all()]));
};

const sqlite = async (): Promise<Store> => {
  const folder = await mkdtemp(join(tmpdir(), "oncecode-hostile-"));
  const filename = join(folder, "codes.db");
  const repository = await sqliteRepository({ filename });
  // Another connection sees only what was committed.
  const reader = new DatabaseSync(filename, { readOnly: true });
  return {
    repository,
    contents: async () => `${await dump(repository)}\n${tables(reader)}`,
    close: async () => {
      reader.close();
      await repository.close();
      await rm(folder, { recursive: true });
    },
  };
};

const onPostgres = postgresShelves();
const onMariadb = mariadbShelves();

const mariadb = async (shelves: MariadbShelves): Promise<Store> => {
  const { repository, prefix } = await shelves.open();
  const rowsOf = async (table: string) => (await shelves.pool.query(`select * from ${prefix}${table}`))[0];
  return {
    repository,
    contents: async () => `${await dump(repository)}\n${JSON.stringify(await Promise.all(TABLES.map(rowsOf)))}`,
    close: async () => {},
  };
};

const postgres = async (): Promise<Store> => {
  const { repository, schema } = await onPostgres.open();
  const rowsOf = async (table: string) =>
    (await onPostgres.pool.query(`select * from ${schema}.oncecode_${table}`)).rows;
  return {
    repository,
    contents: async () => `${await dump(repository)}\n${JSON.stringify(await Promise.all(TABLES.map(rowsOf)))}`,
    close: async () => {},
  };
};

export const STORES: readonly (readonly [name: string, open: () => Promise<Store>])[] = [
  ["memory", memory],
  ["SQLite", sqlite],
  ["PostgreSQL", postgres],
  ...(onMariadb === null ? [] : [["MariaDB", () => mariadb(onMariadb)] as const]),
];
