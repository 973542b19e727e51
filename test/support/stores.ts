import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";
import { atEndOfTest } from "./at-end.ts";
import { mariadbDatabases } from "./mariadb-databases.ts";
import { newFolder } from "./new-folder.ts";
import { postgresDatabases } from "./postgres-databases.ts";

/** Opens an empty repository that shares no data with another one. */
export type Open = () => Promise<Repository>;

let emptyFile: Promise<Uint8Array> | null = null;

const createEmptyFile = async (): Promise<Uint8Array> => {
  const filename = join(await newFolder(), "empty.db");
  const empty = await sqliteRepository({ filename });
  await empty.close();
  return readFile(filename);
};

/**
 * A database in a file, as in a host. To create the tables takes a while, so each file is a copy of an empty one. It does not
 * wait for the disk, because these tests do not cut the power.
 */
const sqlite: Open = async () => {
  emptyFile ??= createEmptyFile();
  const filename = join(await newFolder(), "codes.db");
  await writeFile(filename, await emptyFile);
  const repository = await sqliteRepository({ filename, synchronous: "NORMAL" });
  atEndOfTest(() => repository.close());
  return repository;
};

const postgres = postgresDatabases();
const mariadb = mariadbDatabases();

/** Stores for rules of the engine. One server is enough, because the laws hold for every store. */
export const engineStores: readonly (readonly [name: string, open: Open])[] = [
  ["memory", async () => memoryRepository()],
  ["SQLite", sqlite],
  ["PostgreSQL", async () => (await postgres.open()).repository],
];

/** Every store, for the laws and for rules that depend on how a store writes. */
export const allStores: readonly (readonly [name: string, open: Open])[] = [
  ...engineStores,
  ...(mariadb === null ? [] : [["MariaDB", async () => (await mariadb.open()).repository] as const]),
];
