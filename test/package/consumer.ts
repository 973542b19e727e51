// A stranger's TypeScript: compiled by test/package/check.ts against the packed declarations.
import { createEngine } from "oncecode";
import * as conformance from "oncecode/conformance";
import * as fp from "oncecode/fp";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";

export const inMemory: ReturnType<typeof createEngine> = createEngine({ repository: memoryRepository() });

export const onDisk = async (filename: string): Promise<ReturnType<typeof createEngine>> =>
  createEngine({ repository: await sqliteRepository({ filename }) });

export const entries: { readonly conformance: typeof conformance; readonly fp: typeof fp } = { conformance, fp };
