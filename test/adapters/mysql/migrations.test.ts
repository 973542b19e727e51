import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type MysqlBaseOptions, type MysqlConnectionOptions, migrate, mysqlRepository } from "oncecode/mysql";
import { describe, expect, inject, it } from "vitest";
import { ignoreUnsafeSettings, TABLES } from "../../support/databases.ts";
import { type MariadbDatabases, mariadbDatabases } from "../../support/mariadb-databases.ts";
import { runInProcesses } from "../../support/worker-processes.ts";

const ROOT = join(import.meta.dirname, "../../..");
const runNode = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, ["--conditions=dev-source", ...args], { cwd: ROOT });

const onMariadb = (url: string, databases: MariadbDatabases): void => {
  const { pool } = databases;
  const open = (options: MysqlConnectionOptions & MysqlBaseOptions) =>
    mysqlRepository({ ...ignoreUnsafeSettings, prefix: databases.newPrefix(), ...options });

  const tablesWith = async (prefix: string): Promise<readonly string[]> => {
    const [rows] = await pool.query(
      "select table_name as name from information_schema.tables where table_name like ?",
      [`${prefix.replaceAll("_", "\\_")}%`],
    );
    return (rows as { name: string }[]).map(({ name }) => name.slice(prefix.length)).sort();
  };
  const ALL = [...TABLES, "migrations", "migrations_lock"].sort();

  describe("migrate", () => {
    it("creates the tables, and may run again", async () => {
      const prefix = databases.newPrefix();
      await migrate({ pool, prefix });
      await migrate({ pool, prefix });
      expect(await tablesWith(prefix)).toEqual(ALL);
    });

    it("works in ten processes that start at once", async () => {
      const prefix = databases.newPrefix();
      const worker = join(import.meta.dirname, "migrate-worker.ts");
      const exits = await runInProcesses(worker, Array(10).fill([url, prefix]));
      expect(exits).toEqual(Array(10).fill({ code: 0, stderr: "" }));
      expect(await tablesWith(prefix)).toEqual(ALL);
      const [rows] = await pool.query(`select name from ${prefix}migrations`);
      expect(rows).toEqual([{ name: "0001-tables" }]);
    });

    it("is also a command", async () => {
      const prefix = databases.newPrefix();
      const { stdout } = await runNode("adapters/cli/main.ts", "migrate", "--url", url, "--prefix", prefix);
      expect(stdout).toBe("The tables are up to date.\n");
      expect(await tablesWith(prefix)).toEqual(ALL);
    });

    it("must run first if the repository may not migrate", async () => {
      const prefix = databases.newPrefix();
      await expect(open({ pool, prefix, migrate: false })).rejects.toThrow(/not up to date.*oncecode migrate/);
      expect(await tablesWith(prefix)).toEqual([]);
      await migrate({ pool, prefix });
      await open({ pool, prefix, migrate: false });
    });

    it("refuses tables of a newer version", async () => {
      const prefix = databases.newPrefix();
      await migrate({ pool, prefix });
      await pool.query(`insert into ${prefix}migrations values ('0999-new', '2099-01-01')`);
      await expect(open({ pool, prefix })).rejects.toThrow(/newer version of oncecode \(migration 0999-new\)/);
    });
  });
};

const url = inject("mariadb");
const databasesOrNull = mariadbDatabases();
describe.skipIf(url === null)("on MariaDB", () => {
  if (url !== null && databasesOrNull !== null) onMariadb(url, databasesOrNull);
});
