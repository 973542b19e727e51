import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAW_TIMEOUT, repositoryLaws } from "oncecode/conformance";
import { afterAll, it } from "vitest";
import { fileRepository } from "../../../adapters/examples/file-repository.ts";

const folder = mkdtempSync(join(tmpdir(), "laws-"));
let count = 0;
const open = async () => fileRepository(join(folder, `${count++}.json`)); // each law opens a store of its own

for (const law of repositoryLaws(open)) it(law.name, law.run, LAW_TIMEOUT);
afterAll(() => rmSync(folder, { recursive: true }));
