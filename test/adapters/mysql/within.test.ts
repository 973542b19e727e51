import { createEngine, type TransactionalEngine } from "oncecode";
import { type MysqlTransaction, mysqlRepository } from "oncecode/mysql";
import { beforeEach, describe, expect, it } from "vitest";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { allPublications, createCampaignWithCodes } from "../../support/fixture.ts";
import type { BeginTransaction } from "../../support/host-transactions.ts";
import { type MariadbDatabases, mariadbDatabases } from "../../support/mariadb-databases.ts";
import { mariadbHosts } from "../../support/mariadb-hosts.ts";

// ../sql/within.test.ts tests what all hosts on all servers have in common.
const REQUEST = { campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" }, sourceId: "order-1" } as const;

const onMariadb = (databases: MariadbDatabases): void => {
  describe.each(mariadbHosts)("publishing within %s", (_, beginOn) => {
    const begin: BeginTransaction<MysqlTransaction> = beginOn(databases.pool);
    let prefix: string;
    let engine: TransactionalEngine<MysqlTransaction>;

    beforeEach(async () => {
      // InnoDB keeps deleted rows for a while, and other transactions wait for their locks. So we use new tables.
      prefix = databases.newPrefix();
      const { pool } = databases;
      engine = createEngine({ repository: await mysqlRepository({ pool, prefix, ...ignoreUnsafeSettings }) });
    });

    it("is refused after a deadlock has undone the host's transaction, because the write would be committed by itself", async () => {
      await createCampaignWithCodes(engine, "spring", ["A", "B"]);
      const [host, other] = [await begin(), await begin()];
      const lock = (code: string): string => `select id from ${prefix}vouchers where code = '${code}' for update`;
      await host.run(lock("A"));
      await other.run(lock("B"));
      await other.run(`update ${prefix}customers set revision = revision`);
      const inside = engine.within(host.transaction);
      // Each transaction waits for the lock of the other one. InnoDB rolls one of them back.
      const publishing = inside.publications
        .create({ voucher: "B", customer: "shop-1" })
        .catch((error: unknown) => error);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const locking = other.run(lock("A")).then(
        () => "locked",
        () => "undone",
      );
      if ((await locking) === "locked") {
        expect(await publishing).toMatchObject({ code: "storage_failed" });
        await expect(inside.publications.create(REQUEST)).rejects.toMatchObject({ code: "storage_failed" });
      }
      await other.rollback();
      await publishing;
      await host.rollback();
      expect(await allPublications(engine)).toEqual([]);
      // A new transaction on the same connection works.
      const again = await begin();
      await engine.within(again.transaction).publications.create(REQUEST);
      await again.commit();
      expect(await allPublications(engine)).toHaveLength(1);
    });
  });

  it("refuses a pool, because its connections do not share a transaction", async () => {
    const { repository } = await databases.open();
    expect(() => repository.within(databases.pool as unknown as MysqlTransaction)).toThrow(/connection/);
  });
};

const databasesOrNull = mariadbDatabases();
describe.skipIf(databasesOrNull === null)("on MariaDB", () => {
  if (databasesOrNull !== null) onMariadb(databasesOrNull);
});
