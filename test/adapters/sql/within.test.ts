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

/** A transaction of the host, and the engine inside it. */
interface Transaction extends Omit<HostTransaction<unknown>, "transaction"> {
  engineInside(): Engine;
}

/** A host with an empty store and its own empty table. */
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

/** `levels` are the isolation levels at which a transaction keeps its first snapshot. */
type Host = readonly [name: string, open: () => Promise<Shop>, levels: readonly string[]];

const postgresShopDatabases = postgresDatabases();
const mariadbShopDatabases = mariadbDatabases();

const openPostgresShop =
  (beginOn: (pool: Pool) => BeginTransaction<PostgresTransaction>) => async (): Promise<Shop> => {
    const { repository, schema } = await postgresShopDatabases.open();
    const orders = `${schema}.orders`;
    await postgresShopDatabases.pool.query(`drop table if exists ${orders}; create table ${orders} (id integer)`);
    return createShop(createEngine({ repository }), orders, beginOn(postgresShopDatabases.pool));
  };

/** Uses new tables, because InnoDB keeps deleted rows for a while and other transactions wait for their locks. */
const openMariadbShop =
  ({ pool, newPrefix }: MariadbDatabases, beginOn: (pool: MariadbPool) => BeginTransaction<MysqlTransaction>) =>
  async (): Promise<Shop> => {
    const prefix = newPrefix();
    const repository = await mysqlRepository({ pool, prefix, ...ignoreUnsafeSettings });
    const orders = `${prefix}orders`;
    await pool.query(`create table ${orders} (id integer)`);
    return createShop(createEngine({ repository }), orders, beginOn(pool));
  };

const HOSTS: readonly Host[] = [
  ...postgresHosts.map(
    ([name, beginOn]): Host => [name, openPostgresShop(beginOn), ["repeatable read", "serializable"]],
  ),
  ...(mariadbShopDatabases === null
    ? []
    : mariadbHosts.map(
        ([name, beginOn]): Host => [name, openMariadbShop(mariadbShopDatabases, beginOn), ["repeatable read"]],
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

  /** Begins a transaction in which the host has written an order. */
  const beginWithOrder = async (): Promise<Transaction> => {
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

  it("is stored when the host commits, together with the host's own rows", async () => {
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    const host = await beginWithOrder();
    const publication = await host.engineInside().publications.create(REQUEST);
    expect(await allPublications(engine)).toEqual([]);
    await host.commit();
    expect(await allPublications(engine)).toEqual([publication]);
    expect(await orders()).toBe(1);
  });

  it("is undone when the host rolls back: code, customer and source id are free again", async () => {
    await createCampaignWithCodes(engine, "spring", ["A"], { joinOnce: true });
    const before = await contents(engine);
    const host = await beginWithOrder();
    await host.engineInside().publications.create(REQUEST);
    await host.rollback();
    expect(await contents(engine)).toEqual(before);
    expect(await orders()).toBe(0);
    expect(await engine.publications.create({ ...REQUEST, customer: "shop-2" })).toMatchObject({ codes: ["A"] });
  });

  it("sees earlier writes of the transaction, and runs concurrent calls one after another", async () => {
    await engine.campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT, vouchersCount: 3 });
    const before = await contents(engine);
    const host = await shop.begin();
    const publications = await Promise.all(
      Array.from({ length: 10 }, (_call, i) =>
        host.engineInside().publications.create({ campaign: "spring", customer: `shop-${i}` }),
      ),
    );
    expect(new Set(publications.flatMap(({ codes }) => codes)).size).toBe(10);
    const inside = host.engineInside();
    const first = await inside.publications.create(REQUEST);
    expect(await inside.publications.create(REQUEST)).toEqual(first);
    expect(await inside.campaigns.summary("spring")).toMatchObject({ published: 11, available: 0 });
    await host.rollback();
    expect(await contents(engine)).toEqual(before);
  });

  it("leaves the host's transaction as it was when nothing can be published", async () => {
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const host = await beginWithOrder();
    const inside = host.engineInside();
    await expect(
      inside.publications.create({ ...REQUEST, campaign: { name: "spring", count: 2 } }),
    ).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    await inside.publications.create(REQUEST);
    await host.commit();
    expect(await orders()).toBe(1);
    expect(await engine.campaigns.summary("spring")).toEqual({ total: 1, published: 1, available: 0, failed: 1 });
  });

  it("does not block other requests that can get another code", async () => {
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

  it.each(levels)("under %s is refused when a code of its snapshot has been published", async (level) => {
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const host = await shop.begin(level);
    await host.run(`select id from ${shop.orders}`);
    await engine.publications.create({ campaign: "spring", customer: "shop-2" });
    const publishing = host.engineInside().publications.create(REQUEST);
    await expect(publishing).rejects.toMatchObject({ code: "storage_failed" });
    await host.rollback();
    expect(await engine.campaigns.summary("spring")).toMatchObject({ published: 1, available: 0 });
  });
});
