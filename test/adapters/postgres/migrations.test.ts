import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createEngine } from "oncecode";
import { migrate, postgresRepository } from "oncecode/postgres";
import { describe, expect, inject, it } from "vitest";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { POSTGRES_TABLES, postgresDatabases } from "../../support/postgres-databases.ts";
import { runInProcesses } from "../../support/worker-processes.ts";

const databases = postgresDatabases();
const { pool } = databases;
const ROOT = join(import.meta.dirname, "../../..");

const tablesIn = async (schema: string): Promise<readonly string[]> => {
  const { rows } = await pool.query("select table_name from information_schema.tables where table_schema = $1", [
    schema,
  ]);
  return rows.map(({ table_name }) => table_name).sort();
};
const tableNames = (prefix: string): readonly string[] =>
  [...POSTGRES_TABLES, "migrations", "migrations_lock"].map((table) => prefix + table).sort();

const runNode = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, ["--conditions=dev-source", ...args], { cwd: ROOT });

// The tests run concurrently, because the one without a server waits for a while.
describe.concurrent("migrate", () => {
  it("creates the schema and the tables, and may run again", async () => {
    const schema = databases.newSchema();
    await migrate({ pool, schema });
    await migrate({ pool, schema });
    expect(await tablesIn(schema)).toEqual(tableNames("oncecode_"));
  });

  it("uses another prefix if asked, so that two sets of tables fit in one schema", async () => {
    const schema = databases.newSchema();
    const engines = [];
    for (const prefix of ["shop_", "_b2b_"]) {
      const repository = await postgresRepository({ pool, schema, prefix, ...ignoreUnsafeSettings });
      engines.push(createEngine({ repository }));
    }
    expect(await tablesIn(schema)).toEqual([...tableNames("shop_"), ...tableNames("_b2b_")].sort());
    const [shop, b2b] = engines;
    await shop?.customers.upsert({ sourceId: "ann" });
    expect(await (await b2b?.customers.list())?.total()).toBe(0);
  });

  it("works in ten processes that start at once", async () => {
    const schema = databases.newSchema();
    const worker = join(import.meta.dirname, "migrate-worker.ts");
    const exits = await runInProcesses(worker, Array(10).fill([inject("postgres"), schema]));
    expect(exits).toEqual(Array(10).fill({ code: 0, stderr: "" }));
    expect(await tablesIn(schema)).toEqual(tableNames("oncecode_"));
    expect((await pool.query(`select name from ${schema}.oncecode_migrations`)).rows).toEqual([
      { name: "0001-tables" },
    ]);
  });

  it("is also a command", async () => {
    const schema = databases.newSchema();
    const { stdout } = await runNode(
      "adapters/cli/main.ts",
      "migrate",
      "--url",
      inject("postgres"),
      "--schema",
      schema,
    );
    expect(stdout).toBe("The tables are up to date.\n");
    expect(await tablesIn(schema)).toEqual(tableNames("oncecode_"));
    await expect(runNode("adapters/cli/main.ts", "migrate", "--url", "oracle://here")).rejects.toMatchObject({
      code: 2,
      stderr: "oncecode: --url must begin with postgres:// or mysql://, such as postgres://user@host/database\n",
    });
  });

  it("is a command that reports an unreachable server", async () => {
    await expect(runNode("adapters/cli/main.ts", "migrate", "--url", "postgres://127.0.0.1:1/a")).rejects.toMatchObject(
      {
        code: 1,
        stderr: expect.stringContaining("ECONNREFUSED"),
      },
    );
  });

  it.each([
    [{ prefix: "a'; drop table b; --" }, /prefix must be/],
    [{ prefix: "Upper_" }, /prefix must be/],
    [{ prefix: "x".repeat(31) }, /prefix must be/],
    [{ schema: 'a"b' }, /schema must be/],
    [{ schema: "a.b" }, /schema must be/],
  ])("refuses the names %j", async (names, message) => {
    await expect(migrate({ pool, ...names })).rejects.toThrow(message);
    await expect(postgresRepository({ pool, ...names })).rejects.toThrow(message);
  });
});

describe("a repository that may not migrate", () => {
  it("is refused where the tables are not up to date, and changes nothing", async () => {
    const schema = databases.newSchema();
    const open = () => postgresRepository({ pool, schema, migrate: false, ...ignoreUnsafeSettings });
    await expect(open()).rejects.toThrow(/not up to date.*oncecode migrate/);
    expect(await tablesIn(schema)).toEqual([]);
    await migrate({ pool, schema });
    expect(await (await open()).count([{ kind: "customers", filter: { type: "and", filters: [] } }])).toEqual([0]);
  });
});

describe("tables of a newer version", () => {
  it.each([true, false])("are refused with the fix, with `migrate: %s`", async (mayMigrate) => {
    const schema = databases.newSchema();
    await migrate({ pool, schema });
    await pool.query(`insert into ${schema}.oncecode_migrations values ('0999-new', '2099-01-01')`);
    const opening = postgresRepository({ pool, schema, migrate: mayMigrate, ...ignoreUnsafeSettings });
    await expect(opening).rejects.toThrow(/newer version of oncecode \(migration 0999-new\): install that version/);
  });
});
