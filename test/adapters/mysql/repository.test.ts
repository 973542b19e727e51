import { MysqlDialect } from "kysely";
import { createPool } from "mysql2";
import { createPool as createPromisePool, type Pool } from "mysql2/promise";
import { createEngine, type Repository } from "oncecode";
import {
  type MysqlBaseOptions,
  type MysqlConnectionOptions,
  mysqlRepository,
  type UnsafeSetting,
} from "oncecode/mysql";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { publishConcurrently } from "../../support/concurrent-publications.ts";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { createCampaignWithCodes, DISCOUNT } from "../../support/fixture.ts";
import { type MariadbDatabases, mariadbDatabases } from "../../support/mariadb-databases.ts";

const publishOnce = async (repository: Repository): Promise<readonly string[]> => {
  const engine = createEngine({ repository });
  await createCampaignWithCodes(engine, "spring", ["A"]);
  return (await engine.publications.create({ campaign: "spring", customer: "shop-1" })).codes;
};

const onMariadb = (url: string, databases: MariadbDatabases): void => {
  const { pool } = databases;
  const openPool = (options: object): Pool => {
    const own = createPromisePool({ uri: url, ...options });
    onTestFinished(() => own.end());
    return own;
  };
  const open = (options: MysqlConnectionOptions & MysqlBaseOptions) =>
    mysqlRepository({ ...ignoreUnsafeSettings, prefix: databases.newPrefix(), ...options });

  describe("a repository", () => {
    it("on a URL opens its own connections, and closes them", async () => {
      // The test counts connections, so it needs a database that no other test uses.
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
      // InnoDB caches these rows while queries come at most 0.1 s apart, so we poll less often.
      await expect.poll(levels, { interval: 150, timeout: 10_000 }).toEqual(["READ COMMITTED"]);
      await creating;
      await repository.close();
      await expect.poll(connections).toBe(0);
    });

    it.each([
      ["mysql2/promise", () => openPool({ connectionLimit: 3 })],
      ["mysql2", () => openPool({ connectionLimit: 3 }).pool],
    ])("on a pool of %s leaves the pool open", async (_, openHostPool) => {
      const hostPool = openHostPool();
      const repository = await open({ pool: hostPool });
      expect(await publishOnce(repository)).toEqual(["A"]);
      await repository.close();
      expect(
        await (await open({ pool: hostPool })).count([{ kind: "customers", filter: { type: "and", filters: [] } }]),
      ).toEqual([0]);
    });

    it("needs only one connection, even for many calls at once", async () => {
      expect(
        (
          await publishConcurrently(
            createEngine({ repository: await open({ pool: openPool({ connectionLimit: 1 }) }) }),
          )
        ).size,
      ).toBe(50);
    });

    it("works with any dialect of Kysely for MySQL", async () => {
      const own = createPool({ uri: url });
      onTestFinished(() => new Promise((resolve) => own.end(() => resolve())));
      expect(await publishOnce(await open({ dialect: new MysqlDialect({ pool: own }) }))).toEqual(["A"]);
    });

    it("keeps working while a newer version adds columns", async () => {
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

    it("waits for a server that does not answer yet, and then reports the error", async () => {
      await expect(open({ url: "mysql://root@127.0.0.1:1/test", patience: 300 })).rejects.toThrow(/ECONNREFUSED/);
    });
  });

  describe("a server whose settings break a promise", () => {
    it("is refused, with the setting's name and the fix", async () => {
      await expect(mysqlRepository({ url, prefix: databases.newPrefix() })).rejects.toThrow(
        /innodb_flush_log_at_trx_commit = 0: after a crash .* a second time\. To fix it: set global innodb_flush_log_at_trx_commit = 1/,
      );
    });

    it("is reported to a host that accepts it", async () => {
      const reported: UnsafeSetting[] = [];
      await open({ pool, onUnsafe: (unsafe: UnsafeSetting) => reported.push(unsafe) });
      expect(reported.map(({ setting }) => setting)).toContain("innodb_flush_log_at_trx_commit");
    });

    it("is refused when it is read-only", async () => {
      await pool.query("set global read_only = 1");
      onTestFinished(async () => {
        await pool.query("set global read_only = 0");
      });
      await expect(open({ pool })).rejects.toThrow(/read-only .* connect to the primary/);
    });

    it("is refused where the driver would escape values wrongly", async () => {
      const own = createPool({ uri: url });
      own.on("connection", (connection) => connection.query("set sql_mode = 'NO_BACKSLASH_ESCAPES'"));
      onTestFinished(() => new Promise((resolve) => own.end(() => resolve())));
      await expect(open({ dialect: new MysqlDialect({ pool: own }) })).rejects.toThrow(/NO_BACKSLASH_ESCAPES/);
      expect(await publishOnce(await open({ pool: own }))).toEqual(["A"]);
    });
  });
};

const url = inject("mariadb");
const databasesOrNull = mariadbDatabases();
describe.skipIf(url === null)("on MariaDB", () => {
  if (url !== null && databasesOrNull !== null) onMariadb(url, databasesOrNull);
});
