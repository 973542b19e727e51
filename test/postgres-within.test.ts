import { createEngine, type Engine, type Joinable } from "oncecode";
import type { PostgresClient, PostgresTransaction } from "oncecode/postgres";
import pg from "pg";
import { beforeEach, describe, expect, inject, it, onTestFinished } from "vitest";
import { type Begin, postgresHosts } from "./postgres/hosts.ts";
import { postgresShelves, type Shelf } from "./postgres/schemas.ts";
import { contents, DISCOUNT, ledger, stocked } from "./rules/world.ts";

const shelves = postgresShelves();
const REQUEST = { campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" }, sourceId: "order-1" } as const;

describe.each(postgresHosts)("publishing within %s", (_, begins) => {
  const begin: Begin<PostgresTransaction> = begins(shelves.pool);
  let shelf: Shelf;
  let engine: Engine & Joinable<PostgresTransaction>;

  const orders = async (): Promise<number> =>
    (await shelves.pool.query(`select count(*)::int as n from ${shelf.schema}.orders`)).rows[0].n;
  const order = (): string => `insert into ${shelf.schema}.orders values (default)`;

  beforeEach(async () => {
    shelf = await shelves.open();
    await shelves.pool.query(
      `drop table if exists ${shelf.schema}.orders; create table ${shelf.schema}.orders (id serial primary key)`,
    );
    engine = createEngine({ repository: shelf.repository });
  });

  it("is there when the host commits, together with what the host has written", async () => {
    await stocked(engine, "spring", ["A", "B"]);
    const host = await begin();
    await host.run(order());
    const publication = await engine.within(host.transaction).publications.create(REQUEST);
    expect(await ledger(engine)).toEqual([]);
    await host.commit();
    expect(await ledger(engine)).toEqual([publication]);
    expect(await orders()).toBe(1);
  });

  it("has never been when the host rolls back: code, customer and source id are free", async () => {
    await stocked(engine, "spring", ["A"], { joinOnce: true });
    const before = await contents(engine);
    const host = await begin();
    await host.run(order());
    await engine.within(host.transaction).publications.create(REQUEST);
    await host.rollback();
    expect(await contents(engine)).toEqual(before);
    expect(await orders()).toBe(0);
    expect(await engine.publications.create({ ...REQUEST, customer: "shop-2" })).toMatchObject({ codes: ["A"] });
  });

  it("sees what was written there before, and puts calls made at once in a line", async () => {
    await engine.campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT, vouchersCount: 3 });
    const before = await contents(engine);
    const host = await begin();
    const made = await Promise.all(
      Array.from({ length: 10 }, (_call, i) =>
        engine.within(host.transaction).publications.create({ campaign: "spring", customer: `shop-${i}` }),
      ),
    );
    expect(new Set(made.flatMap(({ codes }) => codes)).size).toBe(10);
    const inside = engine.within(host.transaction);
    const first = await inside.publications.create(REQUEST);
    expect(await inside.publications.create(REQUEST)).toEqual(first);
    expect(await inside.campaigns.summary("spring")).toMatchObject({ published: 11, available: 0 });
    await host.rollback();
    expect(await contents(engine)).toEqual(before);
  });

  it("leaves the host's transaction as it was when nothing can be published", async () => {
    await stocked(engine, "spring", ["A"]);
    const host = await begin();
    await host.run(order());
    const inside = engine.within(host.transaction);
    await expect(
      inside.publications.create({ ...REQUEST, campaign: { name: "spring", count: 2 } }),
    ).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    await inside.publications.create(REQUEST);
    await host.commit();
    expect(await orders()).toBe(1);
    expect(await engine.campaigns.summary("spring")).toEqual({ total: 1, published: 1, available: 0, failed: 1 });
  });

  it("does not keep others waiting who can take another code", async () => {
    await stocked(engine, "spring", ["A", "B", "C", "D", "E", "F"]);
    const host = await begin();
    const inside = await engine.within(host.transaction).publications.create({ campaign: "spring", customer: "in" });
    const outside = await Promise.all(
      Array.from({ length: 5 }, (_call, i) =>
        engine.publications.create({ campaign: "spring", customer: `shop-${i}` }),
      ),
    );
    expect(new Set([inside, ...outside].flatMap(({ codes }) => codes)).size).toBe(6);
    await host.commit();
  });

  it("has others wait for the last code, until the host has decided", async () => {
    await stocked(engine, "spring", ["A"]);
    const host = await begin();
    await engine.within(host.transaction).publications.create(REQUEST);
    let answered = false;
    const outside = engine.publications.create({ campaign: "spring", customer: "shop-2" }).finally(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(answered).toBe(false);
    await host.rollback();
    expect(await outside).toMatchObject({ codes: ["A"] });
  });

  it("is refused after the host has ended it", async () => {
    await stocked(engine, "spring", ["A"]);
    const host = await begin();
    const inside = engine.within(host.transaction);
    await host.rollback();
    await expect(inside.publications.create(REQUEST)).rejects.toMatchObject({ code: "storage_failed" });
    expect(await ledger(engine)).toEqual([]);
  });

  it.each(["repeatable read", "serializable"])("under %s is refused when a code that it saw is gone", async (level) => {
    await stocked(engine, "spring", ["A"]);
    const host = await begin(level);
    await host.run("select 1 from pg_class limit 1");
    await engine.publications.create({ campaign: "spring", customer: "shop-2" });
    const late = engine.within(host.transaction).publications.create(REQUEST);
    await expect(late).rejects.toMatchObject({ code: "storage_failed" });
    await host.rollback();
    expect(await engine.campaigns.summary("spring")).toMatchObject({ published: 1, available: 0 });
  });
});

describe("within", () => {
  it("refuses a pool, whose connections know nothing of each other", async () => {
    const { repository } = await shelves.open();
    expect(() => repository.within(shelves.pool as unknown as PostgresTransaction)).toThrow(/connection/);
  });

  it("gives back no connection, and keeps none", async () => {
    const pool = new pg.Pool({ connectionString: inject("postgres"), max: 1 });
    onTestFinished(() => pool.end());
    const { repository } = await shelves.open();
    const engine = createEngine({ repository });
    await stocked(engine, "spring", ["A"]);
    for (const end of ["rollback", "commit"] as const) {
      const host = await postgresHosts[0]![1](pool)();
      await engine.within(host.transaction).publications.create({ campaign: "spring", customer: "shop-1" });
      await host[end]();
    }
    expect(pool.idleCount).toBe(1);
    expect(await ledger(engine)).toHaveLength(1);
  });
});

describe("a call in a transaction of the host's that fails midway", () => {
  it("is undone whole, and the transaction goes on", async () => {
    const { schema, repository } = await shelves.open();
    const engine = createEngine({ repository });
    await stocked(engine, "spring", ["A"]);
    const [, begins] = postgresHosts[0]!;
    const host = await begins(shelves.pool)();
    const client = host.transaction as PostgresClient;
    const { query } = client;
    // The driver fails in its own words, which say nothing of the server, after the deletion of vouchers.
    client.query = (statement) => {
      if (/delete from .*campaigns/.test(statement.text)) throw new TypeError("made up");
      return query.call(client, statement);
    };
    await expect(engine.within(host.transaction).campaigns.delete("spring")).rejects.toMatchObject({
      code: "storage_failed",
    });
    client.query = query;
    await host.run(`create table ${schema}.kept (id integer)`);
    await host.commit();
    expect(await engine.campaigns.summary("spring")).toMatchObject({ total: 1 });
    await shelves.pool.query(`drop table ${schema}.kept`);
  });
});
