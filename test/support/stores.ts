import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { type SqliteRepository, sqliteRepository } from "oncecode/sqlite";
import { afterAll } from "vitest";
import { mariadbDatabases } from "./mariadb-databases.ts";
import { postgresDatabases } from "./postgres-databases.ts";

/** Gives an empty repository, apart from every other. */
export type Open = () => Promise<Repository>;

/** Databases of a test file, and the empty one that they are copies of, since to make the tables takes a while. */
const sqliteFiles = { folder: null as Promise<string> | null, opened: [] as SqliteRepository[] };

const createFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "oncecode-"));
  const empty = await sqliteRepository({ filename: join(folder, "empty.db") });
  await empty.close();
  return folder;
};

/** In a file, as a host has it, but not waiting for the disk: no test here cuts the power. */
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

/** For rules that the engine keeps in front of any store. One server will do: all stores mean the same by the laws. */
export const engineStores: readonly (readonly [name: string, open: Open])[] = [
  ["memory", async () => memoryRepository()],
  ["SQLite", sqlite],
  ["PostgreSQL", async () => (await postgres.open()).repository],
];

/** Every store, for `describe.each`: for the laws, and for rules that lean on how a store writes. */
export const allStores: readonly (readonly [name: string, open: Open])[] = [
  ...engineStores,
  ...(mariadb === null ? [] : [["MariaDB", async () => (await mariadb.open()).repository] as const]),
];
