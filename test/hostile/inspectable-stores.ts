import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";
import { TABLES } from "../support/databases.ts";
import { type MariadbDatabases, mariadbDatabases } from "../support/mariadb-databases.ts";
import { POSTGRES_TABLES, postgresDatabases } from "../support/postgres-databases.ts";
import { dump } from "./fixture.ts";

export interface InspectableStore {
  readonly repository: Repository;
  /** All committed rows as text. A database's tables are read on another connection. */
  readonly contents: () => Promise<string>;
  readonly close: () => Promise<void>;
}

const memory = async (): Promise<InspectableStore> => {
  const repository = memoryRepository();
  return { repository, contents: () => dump(repository), close: async () => {} };
};

const sqlite = async (): Promise<InspectableStore> => {
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

const postgresTestDatabases = postgresDatabases();
const mariadbTestDatabases = mariadbDatabases();

const mariadb = async (databases: MariadbDatabases): Promise<InspectableStore> => {
  const { repository, prefix } = await databases.open();
  const rowsOf = async (table: string) => (await databases.pool.query(`select * from ${prefix}${table}`))[0];
  return {
    repository,
    contents: async () => JSON.stringify(await Promise.all(TABLES.map(rowsOf))),
    close: async () => {},
  };
};

const postgres = async (): Promise<InspectableStore> => {
  const { repository, schema } = await postgresTestDatabases.open();
  const tables = POSTGRES_TABLES.map((table) => `table ${schema}.oncecode_${table}`).join("; ");
  return {
    repository,
    contents: async () => JSON.stringify(await postgresTestDatabases.pool.query(tables)),
    close: async () => {},
  };
};

export const STORES: readonly (readonly [name: string, open: () => Promise<InspectableStore>])[] = [
  ["memory", memory],
  ["SQLite", sqlite],
  ["PostgreSQL", postgres],
  ...(mariadbTestDatabases === null ? [] : [["MariaDB", () => mariadb(mariadbTestDatabases)] as const]),
];
