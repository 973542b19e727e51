import { createPool } from "mysql2/promise";
import { createEngine } from "oncecode";
import { mysqlRepository } from "oncecode/mysql";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { createCampaignWithCodes } from "../../support/fixture.ts";
import { type MariadbDatabases, mariadbDatabases } from "../../support/mariadb-databases.ts";

interface Connection {
  execute(statement: { readonly sql: string }, callback: unknown): unknown;
  query(sql: string, callback: () => void): unknown;
}

/** Patterns of the statements that write a publication with a new customer and stored vouchers. */
const WRITES = [
  /update json_table.* as allocation/s,
  /insert into \S*customers/,
  /insert into \S*publications/,
  /insert into \S*claims/,
  /insert into \S*keys/,
];

/** Ends the transaction without an error, once, before the first statement that matches, as a Galera node may. */
const loseTransactionBefore = (pattern: RegExp) => {
  let isLost = false;
  return {
    isLost: () => isLost,
    prepare: (connection: Connection): void => {
      const execute = connection.execute.bind(connection);
      connection.execute = (statement, callback) => {
        if (!isLost && pattern.test(statement.sql)) {
          isLost = true;
          connection.query("rollback", () => undefined);
        }
        return execute(statement, callback);
      };
    },
  };
};

const onMariadb = (url: string, databases: MariadbDatabases): void => {
  const rows = async (sql: string): Promise<readonly unknown[]> => {
    const [result] = await databases.pool.query({ sql, rowsAsArray: true });
    return (result as readonly unknown[][]).map(String);
  };

  describe.each([
    ["a campaign", { campaign: "spring" }],
    ["a code", { voucher: "A" }],
  ])("a publication of %s", (_, target) => {
    it.each(WRITES)("is whole when the server silently loses the transaction before %s", async (pattern) => {
      const prefix = databases.newPrefix();
      const pool = createPool({ uri: url });
      onTestFinished(() => pool.end());
      const loss = loseTransactionBefore(pattern);
      pool.pool.on("connection", (connection) => loss.prepare(connection as unknown as Connection));
      const repository = await mysqlRepository({ pool, prefix, ...ignoreUnsafeSettings });
      const engine = createEngine({ repository });
      await createCampaignWithCodes(engine, "spring", ["A"]);
      const customer = { sourceId: "shop-1" };
      const published = await engine.publications.create({ ...target, customer, sourceId: "order-1" });

      expect(loss.isLost()).toBe(true);
      expect(published.codes).toEqual(["A"]);
      expect(await rows(`select code, publication_id from ${prefix}vouchers`)).toEqual([`A,${published.id}`]);
      expect(await rows(`select code, publication_id from ${prefix}claims`)).toEqual([`A,${published.id}`]);
      expect(await rows(`select id from ${prefix}publications`)).toEqual([published.id]);
      expect(await rows(`select publication_id from ${prefix}keys`)).toEqual([published.id]);
      expect(await rows(`select source_id from ${prefix}customers`)).toEqual(["shop-1"]);
    });
  });
};

const url = inject("mariadb");
const databasesOrNull = mariadbDatabases();
describe.skipIf(url === null)("on MariaDB", () => {
  if (url !== null && databasesOrNull !== null) onMariadb(url, databasesOrNull);
});
