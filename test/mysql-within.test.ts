import { createEngine, type Engine, type Joinable } from "oncecode";
import { type MysqlTransaction, mysqlRepository } from "oncecode/mysql";
import { beforeEach, describe, expect, it } from "vitest";
import { mariadbHosts } from "./mariadb/hosts.ts";
import { mariadbShelves, type Shelves, trusting } from "./mariadb/shelves.ts";
import type { Begin } from "./postgres/hosts.ts";
import { contents, DISCOUNT, ledger, stocked } from "./rules/world.ts";

const REQUEST = { campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" }, sourceId: "order-1" } as const;

const onMariadb = (shelves: Shelves): void => {
  describe.each(mariadbHosts)("publishing within %s", (_, begins) => {
    const begin: Begin<MysqlTransaction> = begins(shelves.pool);
    let prefix: string;
    let engine: Engine & Joinable<MysqlTransaction>;

    beforeEach(async () => {
      // New tables: of rows that were just deleted InnoDB keeps traces, on which others then wait.
      prefix = shelves.newPrefix();
      const { pool } = shelves;
      engine = createEngine({ repository: await mysqlRepository({ pool, prefix, ...trusting }) });
    });

    it("is there when the host commits", async () => {
      await stocked(engine, "spring", ["A", "B"]);
      const host = await begin();
      const publication = await engine.within(host.transaction).publications.create(REQUEST);
      expect(await ledger(engine)).toEqual([]);
      await host.commit();
      expect(await ledger(engine)).toEqual([publication]);
    });

    it("has never been when the host rolls back: code, customer and source id are free", async () => {
      await stocked(engine, "spring", ["A"], { joinOnce: true });
      const before = await contents(engine);
      const host = await begin();
      await engine.within(host.transaction).publications.create(REQUEST);
      await host.rollback();
      expect(await contents(engine)).toEqual(before);
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
      const inside = engine.within(host.transaction);
      await expect(
        inside.publications.create({ ...REQUEST, campaign: { name: "spring", count: 2 } }),
      ).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
      await inside.publications.create(REQUEST);
      await host.commit();
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

    it("is refused after the host has ended it", async () => {
      await stocked(engine, "spring", ["A"]);
      const host = await begin();
      const inside = engine.within(host.transaction);
      await host.rollback();
      await expect(inside.publications.create(REQUEST)).rejects.toMatchObject({ code: "storage_failed" });
      expect(await ledger(engine)).toEqual([]);
    });

    it("under repeatable read is refused when the code that it sees is gone", async () => {
      await stocked(engine, "spring", ["A"]);
      const host = await begin("repeatable read");
      await host.run(`select count(*) as n from ${prefix}vouchers`);
      await engine.publications.create({ campaign: "spring", customer: "shop-2" });
      const late = engine.within(host.transaction).publications.create(REQUEST);
      await expect(late).rejects.toMatchObject({ code: "storage_failed" });
      await host.rollback();
      expect(await engine.campaigns.summary("spring")).toMatchObject({ published: 1, available: 0 });
    });

    it("is over once a deadlock has undone the host's transaction: nothing more is written, which would be kept", async () => {
      await stocked(engine, "spring", ["A", "B"]);
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
      expect(await ledger(engine)).toEqual([]);
      // What was begun again on the same connection is another transaction.
      const again = await begin();
      await engine.within(again.transaction).publications.create(REQUEST);
      await again.commit();
      expect(await ledger(engine)).toHaveLength(1);
    });
  });

  it("refuses a pool, whose connections know nothing of each other", async () => {
    const { repository } = await shelves.open();
    expect(() => repository.within(shelves.pool as unknown as MysqlTransaction)).toThrow(/connection/);
  });
};

const shelves = mariadbShelves();
describe.skipIf(shelves === null)("on MariaDB", () => {
  if (shelves !== null) onMariadb(shelves);
});
