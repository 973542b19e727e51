import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";
import { type Shelves as MariadbShelves, mariadbShelves } from "../mariadb/shelves.ts";
import { POSTGRES_TABLES, postgresShelves } from "../postgres/schemas.ts";
import { TABLES } from "../servers/shelving.ts";
import { dump } from "./world.ts";

export interface Store {
  readonly repository: Repository;
  /** All that is in it, as text. Of a database's tables, what others see: what was committed. */
  readonly contents: () => Promise<string>;
  readonly close: () => Promise<void>;
}

const memory = async (): Promise<Store> => {
  const repository = memoryRepository();
  return { repository, contents: () => dump(repository), close: async () => {} };
};

const sqlite = async (): Promise<Store> => {
  const folder = await mkdtemp(join(tmpdir(), "oncecode-hostile-"));
  const filename = join(folder, "codes.db");
  const repository = await sqliteRepository({ filename });
  const reader = new DatabaseSync(filename, { readOnly: true });
  const tables = TABLES.map((table) => reader.prepare(`select * from oncecode_${table}`));
  return {
    repository,
    contents: async () => JSON.stringify(tables.map((table) => table.all())),
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
    contents: async () => JSON.stringify(await Promise.all(TABLES.map(rowsOf))),
    close: async () => {},
  };
};

const postgres = async (): Promise<Store> => {
  const { repository, schema } = await onPostgres.open();
  const tables = POSTGRES_TABLES.map((table) => `table ${schema}.oncecode_${table}`).join("; ");
  return {
    repository,
    // One result for each statement.
    contents: async () => JSON.stringify(await onPostgres.pool.query(tables)),
    close: async () => {},
  };
};

export const STORES: readonly (readonly [name: string, open: () => Promise<Store>])[] = [
  ["memory", memory],
  ["SQLite", sqlite],
  ["PostgreSQL", postgres],
  ...(onMariadb === null ? [] : [["MariaDB", () => mariadb(onMariadb)] as const]),
];
