import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atEndOfTest } from "./at-end.ts";

/** An empty folder. It is deleted at the end of the test, or of the test file if a `beforeAll` hook creates it. */
export const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "oncecode-"));
  atEndOfTest(() => rm(folder, { recursive: true, force: true }));
  return folder;
};
