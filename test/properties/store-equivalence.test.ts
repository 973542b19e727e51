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

/** A server takes longer to be emptied than a file in memory to be made. */
const RUNS = { file: 500, server: 100 };

/** What an engine answers to one call after another. */
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

/** The same tables, emptied each time. */
const openOnServer =
  <S extends TestDatabase>({ open, release }: TestDatabases<S>) =>
  async (): Promise<OpenedStore> => {
    const shelf = await open();
    return { repository: shelf.repository, close: async () => release(shelf) };
  };

const mariadb = mariadbDatabases();

const STORES: readonly (readonly [name: string, open: () => Promise<OpenedStore>, runs: number])[] = [
  ["SQLite", sqlite, RUNS.file],
  ["PostgreSQL", openOnServer(postgresDatabases()), RUNS.server],
  ...(mariadb === null ? [] : [["MariaDB", openOnServer(mariadb), RUNS.server] as const]),
];

describe("SAME", { timeout: 170_000 }, () => {
  it.each(STORES)("holds: %s answers any commands, filters, orders and pages as memory does", async (_, open, runs) => {
    let [published, listed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(commands, lists, async (writes, reads) => {
        const calls = [...writes, ...reads];
        const { repository, close } = await open();
        const model = await answers(createEngine({ repository: memoryRepository(), ...deterministicOptions() }), calls);
        const stored = await answers(createEngine({ repository, ...deterministicOptions() }), calls);
        await close();
        expect(stored).toEqual(model);
        published += model.filter((answer) => answer.includes('"result":"SUCCESS"')).length;
        listed += model.slice(writes.length).filter((answer) => answer.startsWith("[[{")).length;
      }),
      { numRuns: runs },
    );
    // Most of what is asked for must not be empty, or nothing was compared.
    expect([published, listed].every((times) => times > runs)).toBe(true);
  });
});
