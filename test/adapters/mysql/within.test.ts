import { createEngine, type TransactionalEngine } from "oncecode";
import { type MysqlTransaction, mysqlRepository } from "oncecode/mysql";
import { beforeEach, describe, expect, it } from "vitest";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { allPublications, createCampaignWithCodes } from "../../support/fixture.ts";
import type { BeginTransaction } from "../../support/host-transactions.ts";
import { type MariadbDatabases, mariadbDatabases } from "../../support/mariadb-databases.ts";
import { mariadbHosts } from "../../support/mariadb-hosts.ts";

// What goes for every host on every server is in servers-within.test.ts.
const REQUEST = { campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" }, sourceId: "order-1" } as const;

const onMariadb = (databases: MariadbDatabases): void => {
  describe.each(mariadbHosts)("publishing within %s", (_, begins) => {
    const begin: BeginTransaction<MysqlTransaction> = begins(databases.pool);
    let prefix: string;
    let engine: TransactionalEngine<MysqlTransaction>;

    beforeEach(async () => {
      // New tables: of rows that were just deleted InnoDB keeps traces, on which others then wait.
      prefix = databases.newPrefix();
      const { pool } = databases;
      engine = createEngine({ repository: await mysqlRepository({ pool, prefix, ...ignoreUnsafeSettings }) });
    });

    it("is over once a deadlock has undone the host's transaction: nothing more is written, which would be kept", async () => {
      await createCampaignWithCodes(engine, "spring", ["A", "B"]);
      const [host, other] = [await begin(), await begin()];
      const lock = (code: string): string => `select id from ${prefix}vouchers where code = '${code}' for update`;
      await host.run(lock("A"));
      await other.run(lock("B"));
      await other.run(`update ${prefix}customers set revision = revision`);
      const inside = engine.within(host.transaction);
      // Each waits for what the other holds; InnoDB undoes one of them.
      const mine = inside.publications.create({ voucher: "B", customer: "shop-1" }).catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const theirs = other.run(lock("A")).then(
        () => "locked",
        () => "undone",
      );
      if ((await theirs) === "locked") {
        expect(await mine).toMatchObject({ code: "storage_failed" });
        await expect(inside.publications.create(REQUEST)).rejects.toMatchObject({ code: "storage_failed" });
      }
      await other.rollback();
      await mine;
      await host.rollback();
      expect(await allPublications(engine)).toEqual([]);
      // What was begun again on the same connection is another transaction.
      const again = await begin();
      await engine.within(again.transaction).publications.create(REQUEST);
      await again.commit();
      expect(await allPublications(engine)).toHaveLength(1);
    });
  });

  it("refuses a pool, whose connections know nothing of each other", async () => {
    const { repository } = await databases.open();
    expect(() => repository.within(databases.pool as unknown as MysqlTransaction)).toThrow(/connection/);
  });
};

const databasesOrNull = mariadbDatabases();
describe.skipIf(databasesOrNull === null)("on MariaDB", () => {
  if (databasesOrNull !== null) onMariadb(databasesOrNull);
});
