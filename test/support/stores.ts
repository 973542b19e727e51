import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { type SqliteRepository, sqliteRepository } from "oncecode/sqlite";
import { afterAll } from "vitest";
import { mariadbDatabases } from "./mariadb-databases.ts";
import { postgresDatabases } from "./postgres-databases.ts";

/** Opens an empty repository that shares no data with another one. */
export type Open = () => Promise<Repository>;

/** To create the tables takes a while, so each database of a test file is a copy of an empty one in this folder. */
const sqliteFiles = { folder: null as Promise<string> | null, opened: [] as SqliteRepository[] };

const createFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "oncecode-"));
  const empty = await sqliteRepository({ filename: join(folder, "empty.db") });
  await empty.close();
  return folder;
};

/** A database in a file, as in a host. It does not wait for the disk, because these tests do not cut the power. */
const sqlite: Open = async () => {
  sqliteFiles.folder ??= createFolder();
  const folder = await sqliteFiles.folder;
  const filename = join(await mkdtemp(join(folder, "store-")), "codes.db");
  await copyFile(join(folder, "empty.db"), filename);
  const repository = await sqliteRepository({ filename, synchronous: "NORMAL" });
  sqliteFiles.opened.push(repository);
  return repository;
};

afterAll(async () => {
  await Promise.all(sqliteFiles.opened.map((repository) => repository.close()));
  if (sqliteFiles.folder !== null) await rm(await sqliteFiles.folder, { recursive: true });
});

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
