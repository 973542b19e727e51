import type { FileHandle } from "node:fs/promises";
import { mkdtemp, open, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Repository } from "oncecode";
import { sqliteRepository } from "oncecode/sqlite";
import { displayPath } from "./paths.ts";
import { UsageError } from "./terminal.ts";

export interface SqliteFile {
  readonly filename: string;
  readonly repository: Repository & { close(): Promise<void> };
}

const SQLITE_MAGIC = "SQLite format 3\u0000";

const readMagic = async (file: FileHandle): Promise<string> => {
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_MAGIC.length));
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await file.close();
  }
};

/** Refuses a file of another kind before anything opens it for writing. */
const checkFile = async (filename: string): Promise<void> => {
  const where = displayPath(filename);
  const fileStats = await stat(filename).catch(() => null);
  if (fileStats === null) {
    const folder = await stat(dirname(filename)).catch(() => null);
    if (folder?.isDirectory() !== true)
      throw new UsageError(`${where} has no folder to be in: make it, or give another path`);
    return;
  }
  if (!fileStats.isFile())
    throw new UsageError(`${where} is no file: give the path of an SQLite database, or of a new one`);
  const beginning = await readMagic(await open(filename, "r"));
  if (beginning !== "" && beginning !== SQLITE_MAGIC)
    throw new UsageError(`${where} is no SQLite database: give the path of one, or of a new file`);
};

/** Opens a database, and creates the file if it does not exist. */
export const openSqliteFile = async (path: string): Promise<SqliteFile> => {
  const filename = resolve(path);
  await checkFile(filename);
  try {
    return { filename, repository: await sqliteRepository({ filename }) };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** Opens the user's database, or creates one in a new temporary folder. The folder stays, so that the user can open the file. */
export const openDemoDatabase = async (path: string | undefined): Promise<SqliteFile> => {
  if (path === ":memory:") throw new UsageError("the database is checked from outside: give a file, not :memory:");
  return openSqliteFile(path ?? join(await mkdtemp(join(tmpdir(), "oncecode-demo-")), "codes.db"));
};
