import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type SqliteRepository, sqliteRepository } from "oncecode/sqlite";
import { onTestFinished } from "vitest";

/** The path of a new file in a new folder. The folder is deleted after the test. */
export const newFile = async (name = "codes.db"): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "oncecode-sqlite-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, name);
};

export const openHandle = (filename: string, options: { readonly readOnly?: boolean } = {}): DatabaseSync => {
  const handle = new DatabaseSync(filename, options);
  onTestFinished(() => {
    if (handle.isOpen) handle.close();
  });
  return handle;
};

export const openRepository = async (filename: string): Promise<SqliteRepository> => {
  const repository = await sqliteRepository({ filename });
  onTestFinished(() => repository.close().catch(() => undefined));
  return repository;
};

/** A handle on a new file, and a repository on the handle. */
export const newRepositoryOnHandle = async (): Promise<{
  readonly handle: DatabaseSync;
  readonly repository: SqliteRepository;
}> => {
  const handle = openHandle(await newFile());
  return { handle, repository: await sqliteRepository({ handle }) };
};
