import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAW_TIMEOUT, repositoryLaws } from "oncecode/conformance";
import { afterAll, beforeAll, describe, it } from "vitest";
import { fileRepository } from "./example-adapter.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncecode-example-"));
});
afterAll(() => rm(folder, { recursive: true }));

let opened = 0;
const open = async () => {
  opened += 1;
  return fileRepository(join(folder, `${opened}.json`));
};

describe("the adapter of the README", () => {
  for (const law of repositoryLaws(open)) it(law.name, law.run, LAW_TIMEOUT);
});
