import fc from "fast-check";
import { createEngine, type Engine, type Repository } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { sqliteRepository } from "oncecode/sqlite";
import { describe, expect, it } from "vitest";
import { mariadbShelves } from "../mariadb/shelves.ts";
import { postgresShelves } from "../postgres/schemas.ts";
import type { Shelf, Shelving } from "../servers/shelving.ts";
import { type Command, commands, lists, outcome } from "./commands.ts";
import { pinned } from "./pinned.ts";

/** A server takes longer to be emptied than a file in memory to be made. */
const RUNS = { file: 500, server: 100 };

/** What an engine answers to one call after another. */
const answers = async (engine: Engine, calls: readonly Command[]): Promise<readonly string[]> => {
  const all: string[] = [];
  for (const call of calls) all.push(await outcome(() => call(engine)));
  return all;
};

interface Opened {
  readonly repository: Repository;
  readonly close: () => Promise<unknown>;
}

const sqlite = async (): Promise<Opened> => {
  const repository = await sqliteRepository({ filename: ":memory:" });
  return { repository, close: () => repository.close() };
};

/** The same tables, emptied each time. */
const onServer =
  <S extends Shelf>({ open, giveBack }: Shelving<S>) =>
  async (): Promise<Opened> => {
    const shelf = await open();
    return { repository: shelf.repository, close: async () => giveBack(shelf) };
  };

const mariadb = mariadbShelves();

const STORES: readonly (readonly [name: string, open: () => Promise<Opened>, runs: number])[] = [
  ["SQLite", sqlite, RUNS.file],
  ["PostgreSQL", onServer(postgresShelves()), RUNS.server],
  ...(mariadb === null ? [] : [["MariaDB", onServer(mariadb), RUNS.server] as const]),
];

describe("SAME", { timeout: 170_000 }, () => {
  it.each(STORES)("holds: %s answers any commands, filters, orders and pages as memory does", async (_, open, runs) => {
    let [published, listed] = [0, 0];
    await fc.assert(
      fc.asyncProperty(commands, lists, async (writes, reads) => {
        const calls = [...writes, ...reads];
        const { repository, close } = await open();
        const model = await answers(createEngine({ repository: memoryRepository(), ...pinned() }), calls);
        const stored = await answers(createEngine({ repository, ...pinned() }), calls);
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
