import type { Pool as MariadbPool } from "mysql2/promise";
import { createEngine, type Engine, type TransactionalEngine } from "oncecode";
import { type MysqlTransaction, mysqlRepository } from "oncecode/mysql";
import type { PostgresTransaction } from "oncecode/postgres";
import type { Pool } from "pg";
import { beforeEach, describe, expect, it } from "vitest";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { allPublications, contents, createCampaignWithCodes, DISCOUNT } from "../../support/fixture.ts";
import type { BeginTransaction, HostTransaction } from "../../support/host-transactions.ts";
import { type MariadbDatabases, mariadbDatabases } from "../../support/mariadb-databases.ts";
import { mariadbHosts } from "../../support/mariadb-hosts.ts";
import { postgresDatabases } from "../../support/postgres-databases.ts";
import { postgresHosts } from "../../support/postgres-hosts.ts";

/** A transaction that a host has begun, and the engine in it. */
interface Transaction extends Omit<HostTransaction<unknown>, "transaction"> {
  engineInside(): Engine;
}

/** A host with an empty store, and with an empty table of its own. */
interface Shop {
  readonly engine: Engine;
  readonly orders: string;
  begin(isolation?: string): Promise<Transaction>;
}

const createShop = <T>(engine: TransactionalEngine<T>, orders: string, begin: BeginTransaction<T>): Shop => ({
  engine,
  orders,
  begin: async (isolation) => {
    const { transaction, ...host } = await begin(isolation);
    return { ...host, engineInside: () => engine.within(transaction) };
  },
});

/** `levels` are those of isolation under which a transaction keeps to what it saw first. */
type Host = readonly [name: string, open: () => Promise<Shop>, levels: readonly string[]];

const postgresShopDatabases = postgresDatabases();
const mariadbShopDatabases = mariadbDatabases();

const openPostgresShop = (begins: (pool: Pool) => BeginTransaction<PostgresTransaction>) => async (): Promise<Shop> => {
  const { repository, schema } = await postgresShopDatabases.open();
  const orders = `${schema}.orders`;
  await postgresShopDatabases.pool.query(`drop table if exists ${orders}; create table ${orders} (id integer)`);
  return createShop(createEngine({ repository }), orders, begins(postgresShopDatabases.pool));
};

/** On new tables: of rows that were just deleted InnoDB keeps traces, on which others then wait. */
const openMariadbShop =
  ({ pool, newPrefix }: MariadbDatabases, begins: (pool: MariadbPool) => BeginTransaction<MysqlTransaction>) =>
  async (): Promise<Shop> => {
    const prefix = newPrefix();
    const repository = await mysqlRepository({ pool, prefix, ...ignoreUnsafeSettings });
    const orders = `${prefix}orders`;
    await pool.query(`create table ${orders} (id integer)`);
    return createShop(createEngine({ repository }), orders, begins(pool));
  };

const HOSTS: readonly Host[] = [
  ...postgresHosts.map(([name, begins]): Host => [name, openPostgresShop(begins), ["repeatable read", "serializable"]]),
  ...(mariadbShopDatabases === null
    ? []
    : mariadbHosts.map(
        ([name, begins]): Host => [name, openMariadbShop(mariadbShopDatabases, begins), ["repeatable read"]],
      )),
];

const REQUEST = { campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" }, sourceId: "order-1" } as const;

describe.each(HOSTS)("publishing within %s", (_, open, levels) => {
  let shop: Shop;
  let engine: Engine;
  beforeEach(async () => {
    shop = await open();
    ({ engine } = shop);
  });

  /** A transaction in which the host has written an order. */
  const ordering = async (): Promise<Transaction> => {
    const host = await shop.begin();
    await host.run(`insert into ${shop.orders} values (1)`);
    return host;
  };
  const orders = async (): Promise<number> => {
    const host = await shop.begin();
    const rows = await host.run(`select id from ${shop.orders}`);
    await host.commit();
    return rows.length;
  };

  it("is there when the host commits, together with what the host has written", async () => {
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const host = await ordering();
    const publication = await host.engineInside().publications.create(REQUEST);
    expect(await allPublications(engine)).toEqual([]);
    await host.commit();
    expect(await allPublications(engine)).toEqual([publication]);
    expect(await orders()).toBe(1);
  });

  it("has never been when the host rolls back: code, customer and source id are free", async () => {
    await createCampaignWithCodes(engine, "spring", ["A"], { joinOnce: true });
    const before = await contents(engine);
    const host = await ordering();
    await host.engineInside().publications.create(REQUEST);
    await host.rollback();
    expect(await contents(engine)).toEqual(before);
    expect(await orders()).toBe(0);
    expect(await engine.publications.create({ ...REQUEST, customer: "shop-2" })).toMatchObject({ codes: ["A"] });
  });

  it("sees what was written there before, and puts calls made at once in a line", async () => {
    await engine.campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT, vouchersCount: 3 });
    const before = await contents(engine);
    const host = await shop.begin();
    const made = await Promise.all(
      Array.from({ length: 10 }, (_call, i) =>
        host.engineInside().publications.create({ campaign: "spring", customer: `shop-${i}` }),
      ),
    );
    expect(new Set(made.flatMap(({ codes }) => codes)).size).toBe(10);
    const inside = host.engineInside();
    const first = await inside.publications.create(REQUEST);
    expect(await inside.publications.create(REQUEST)).toEqual(first);
    expect(await inside.campaigns.summary("spring")).toMatchObject({ published: 11, available: 0 });
    await host.rollback();
    expect(await contents(engine)).toEqual(before);
  });

  it("leaves the host's transaction as it was when nothing can be published", async () => {
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const host = await ordering();
    const inside = host.engineInside();
    await expect(
      inside.publications.create({ ...REQUEST, campaign: { name: "spring", count: 2 } }),
    ).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    await inside.publications.create(REQUEST);
    await host.commit();
    expect(await orders()).toBe(1);
    expect(await engine.campaigns.summary("spring")).toEqual({ total: 1, published: 1, available: 0, failed: 1 });
  });

  it("does not keep others waiting who can take another code", async () => {
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C", "D", "E", "F"]);
    const host = await shop.begin();
    const inside = await host.engineInside().publications.create({ campaign: "spring", customer: "in" });
    const outside = await Promise.all(
      Array.from({ length: 5 }, (_call, i) =>
        engine.publications.create({ campaign: "spring", customer: `shop-${i}` }),
      ),
    );
    expect(new Set([inside, ...outside].flatMap(({ codes }) => codes)).size).toBe(6);
    await host.commit();
  });

  it("is refused after the host has ended it", async () => {
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const host = await shop.begin();
    const inside = host.engineInside();
    await host.rollback();
    await expect(inside.publications.create(REQUEST)).rejects.toMatchObject({ code: "storage_failed" });
    expect(await allPublications(engine)).toEqual([]);
  });

  it.each(levels)("under %s is refused when a code that it saw is gone", async (level) => {
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const host = await shop.begin(level);
    await host.run(`select id from ${shop.orders}`);
    await engine.publications.create({ campaign: "spring", customer: "shop-2" });
    const late = host.engineInside().publications.create(REQUEST);
    await expect(late).rejects.toMatchObject({ code: "storage_failed" });
    await host.rollback();
    expect(await engine.campaigns.summary("spring")).toMatchObject({ published: 1, available: 0 });
  });
});
