import fc from "fast-check";
import { createEngine, type Engine, type Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";
import { describe, expect, it } from "vitest";
import type { TestDatabase, TestDatabases } from "../support/databases.ts";
import { mariadbDatabases } from "../support/mariadb-databases.ts";
import { postgresDatabases } from "../support/postgres-databases.ts";
import { type Command, commands, lists, outcome } from "./commands.ts";
import { deterministicOptions } from "./deterministic-options.ts";

/** To empty a server's tables takes longer than to create a file in memory, so servers have fewer runs. */
const RUNS = { file: 500, server: 100 };

/** The answers of an engine to calls one after another. */
const answers = async (engine: Engine, calls: readonly Command[]): Promise<readonly string[]> => {
  const all: string[] = [];
  for (const call of calls) all.push(await outcome(() => call(engine)));
  return all;
};

interface OpenedStore {
  readonly repository: Repository;
  readonly close: () => Promise<unknown>;
}

const sqlite = async (): Promise<OpenedStore> => {
  const repository = await sqliteRepository({ filename: ":memory:" });
  return { repository, close: () => repository.close() };
};

/** Uses the same tables in each run, emptied before. */
const openOnServer =
  <S extends TestDatabase>({ open, release }: TestDatabases<S>) =>
  async (): Promise<OpenedStore> => {
    const database = await open();
    return { repository: database.repository, close: async () => release(database) };
  };

const mariadb = mariadbDatabases();

const STORES: readonly (readonly [name: string, open: () => Promise<OpenedStore>, runs: number])[] = [
  ["SQLite", sqlite, RUNS.file],
  ["PostgreSQL", openOnServer(postgresDatabases()), RUNS.server],
  ...(mariadb === null ? [] : [["MariaDB", openOnServer(mariadb), RUNS.server] as const]),
];

describe("SAME", { timeout: 170_000 }, () => {
  it.each(STORES)(
    "holds: %s answers any calls, filters, orders and pages as the memory store does",
    async (_, open, runs) => {
      let [publicationCount, listCount] = [0, 0];
      await fc.assert(
        fc.asyncProperty(commands, lists, async (writes, reads) => {
          const calls = [...writes, ...reads];
          const { repository, close } = await open();
          const model = await answers(
            createEngine({ repository: memoryRepository(), ...deterministicOptions() }),
            calls,
          );
          const stored = await answers(createEngine({ repository, ...deterministicOptions() }), calls);
          await close();
          expect(stored).toEqual(model);
          publicationCount += model.filter((answer) => answer.includes('"result":"SUCCESS"')).length;
          listCount += model.slice(writes.length).filter((answer) => answer.startsWith("[[{")).length;
        }),
        { numRuns: runs },
      );
      // If most answers were empty, nothing would have been compared.
      expect([publicationCount, listCount].every((count) => count > runs)).toBe(true);
    },
  );
});
