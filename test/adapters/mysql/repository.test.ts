import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { MysqlDialect } from "kysely";
import { createPool } from "mysql2";
import { createPool as createPromisePool, type Pool } from "mysql2/promise";
import { createEngine, type Repository } from "oncecode";
import {
  type MysqlBaseOptions,
  type MysqlConnectionOptions,
  migrate,
  mysqlRepository,
  type UnsafeSetting,
} from "oncecode/mysql";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { classifyError } from "../../../adapters/sql/mysql/errors.ts";
import { publishConcurrently } from "../../support/concurrent-publications.ts";
import { ignoreUnsafeSettings, TABLES } from "../../support/databases.ts";
import { createCampaignWithCodes, DISCOUNT } from "../../support/fixture.ts";
import { type MariadbDatabases, mariadbDatabases } from "../../support/mariadb-databases.ts";
import { runInProcesses } from "../../support/worker-processes.ts";

const ROOT = join(import.meta.dirname, "../../..");
const runNode = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, ["--conditions=dev-source", ...args], { cwd: ROOT });

const publishOnce = async (repository: Repository): Promise<readonly string[]> => {
  const engine = createEngine({ repository });
  await createCampaignWithCodes(engine, "spring", ["A"]);
  return (await engine.publications.create({ campaign: "spring", customer: "shop-1" })).codes;
};

const onMariadb = (url: string, databases: MariadbDatabases): void => {
  const { pool } = databases;
  const poolOf = (options: object): Pool => {
    const own = createPromisePool({ uri: url, ...options });
    onTestFinished(() => own.end());
    return own;
  };
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

  describe("a repository", () => {
    it("on a URL opens its own connections, and closes them", async () => {
      // In a database that nobody else uses.
      const name = databases.newPrefix();
      await pool.query(`create database ${name}`);
      onTestFinished(async () => {
        await pool.query(`drop database ${name}`);
      });
      const connections = async (): Promise<number> => {
        const [rows] = await pool.query("select count(*) as n from information_schema.processlist where db = ?", [
          name,
        ]);
        return Number((rows as { n: number }[])[0]?.n);
      };
      const own = new URL(url);
      own.pathname = `/${name}`;
      const repository = await open({ url: own.href });
      expect(await publishOnce(repository)).toEqual(["A"]);
      expect(await connections()).toBeGreaterThan(0);

      const levels = async (): Promise<readonly string[]> => {
        const [rows] = await pool.query(
          `select t.trx_isolation_level as level from information_schema.innodb_trx as t
            join information_schema.processlist as p on p.id = t.trx_mysql_thread_id where p.db = ?`,
          [name],
        );
        return (rows as { level: string }[]).map(({ level }) => level);
      };
      const { campaigns } = createEngine({ repository });
      const creating = campaigns.create({ name: "summer", vouchersCount: 20_000, voucher: DISCOUNT });
      // What it says is kept for as long as somebody asks again within a tenth of a second.
      await expect.poll(levels, { interval: 150, timeout: 10_000 }).toEqual(["READ COMMITTED"]);
      await creating;
      await repository.close();
      await expect.poll(connections).toBe(0);
    });

    it.each([
      ["mysql2/promise", () => poolOf({ connectionLimit: 3 })],
      ["mysql2", () => poolOf({ connectionLimit: 3 }).pool],
    ])("on a pool of %s leaves that open", async (_, own) => {
      const given = own();
      const repository = await open({ pool: given });
      expect(await publishOnce(repository)).toEqual(["A"]);
      await repository.close();
      expect(
        await (await open({ pool: given })).count([{ kind: "customers", filter: { type: "and", filters: [] } }]),
      ).toEqual([0]);
    });

    it("needs no more than one connection, also for many calls at once", async () => {
      expect(
        (await publishConcurrently(createEngine({ repository: await open({ pool: poolOf({ connectionLimit: 1 }) }) })))
          .size,
      ).toBe(50);
    });

    it("goes through any dialect of Kysely's that speaks MySQL", async () => {
      const own = createPool({ uri: url });
      onTestFinished(() => new Promise((resolve) => own.end(() => resolve())));
      expect(await publishOnce(await open({ dialect: new MysqlDialect({ pool: own }) }))).toEqual(["A"]);
    });

    it("goes on while a newer version adds columns", async () => {
      const prefix = databases.newPrefix();
      const engine = createEngine({ repository: await open({ pool, prefix }) });
      await createCampaignWithCodes(engine, "spring", ["A", "B"]);
      const publish = (i: number) =>
        engine.publications.create({ campaign: "spring", customer: "shop-1", sourceId: `order-${i}` });
      await publish(1);
      for (const table of ["campaigns", "customers", "vouchers", "publications", "claims"])
        await pool.query(`alter table ${prefix}${table} add column extra int`);
      expect(await publish(1)).toMatchObject({ sourceId: "order-1" });
      await publish(2);
      expect(await engine.publications.count()).toBe(2);
    });

    it("waits for a server that is not there yet, and then says so", async () => {
      await expect(open({ url: "mysql://root@127.0.0.1:1/test", patience: 300 })).rejects.toThrow(/ECONNREFUSED/);
    });
  });

  describe("a server whose settings break a promise", () => {
    it("is refused, with the setting's name and the fix", async () => {
      await expect(mysqlRepository({ url, prefix: databases.newPrefix() })).rejects.toThrow(
        /innodb_flush_log_at_trx_commit = 0: after a crash .* a second time\. To mend it: set global innodb_flush_log_at_trx_commit = 1/,
      );
    });

    it("is named to a host that goes on all the same", async () => {
      const heard: UnsafeSetting[] = [];
      await open({ pool, onUnsafe: (unsafe: UnsafeSetting) => heard.push(unsafe) });
      expect(heard.map(({ setting }) => setting)).toContain("innodb_flush_log_at_trx_commit");
    });

    it("is refused when it is read-only", async () => {
      await pool.query("set global read_only = 1");
      onTestFinished(async () => {
        await pool.query("set global read_only = 0");
      });
      await expect(open({ pool })).rejects.toThrow(/read-only .* connect to the primary/);
    });

    it("is refused where a driver would write values into statements wrongly", async () => {
      const own = createPool({ uri: url });
      own.on("connection", (connection) => connection.query("set sql_mode = 'NO_BACKSLASH_ESCAPES'"));
      onTestFinished(() => new Promise((resolve) => own.end(() => resolve())));
      await expect(open({ dialect: new MysqlDialect({ pool: own }) })).rejects.toThrow(/NO_BACKSLASH_ESCAPES/);
      expect(await publishOnce(await open({ pool: own }))).toEqual(["A"]);
    });
  });

  describe("migrate", () => {
    it("makes the tables, and may be run again", async () => {
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

    it("is a command, too", async () => {
      const prefix = databases.newPrefix();
      const { stdout } = await runNode("adapters/cli/main.ts", "migrate", "--url", url, "--prefix", prefix);
      expect(stdout).toBe("The tables are up to date.\n");
      expect(await tablesWith(prefix)).toEqual(ALL);
    });

    it("is needed first where a repository may not do it", async () => {
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

describe("a failure is judged by its number", () => {
  const failure = (errno: number, code = "ER"): Error => Object.assign(new Error("made up"), { errno, code });

  it.each([1020, 1040, 1047, 1062, 1205, 1213, 1226, 1290, 1451, 1452, 3572])(
    "%i: nothing was written, to be tried again",
    (errno) => expect(classifyError(failure(errno))).toBe("retry"),
  );
  it.each([1021, 1045, 1049, 1064, 1114, 1146, 1364, 1406])("%i: nothing was written, nor would be", (errno) =>
    expect(classifyError(failure(errno))).toBe("refused"),
  );
  it.each([1053, 1180, 1927, 2006, 2013])("%i: unknown", (errno) =>
    expect(classifyError(failure(errno))).toBe("unknown"),
  );
  it.each(["ECONNRESET", "EPIPE", "ETIMEDOUT", "PROTOCOL_CONNECTION_LOST"])("%s: unknown", (code) =>
    expect(classifyError(Object.assign(new Error("made up"), { code, errno: -104 }))).toBe("unknown"),
  );
});
