import { DatabaseSync } from "node:sqlite";
import { createEngine, type TransactionalEngine } from "oncecode";
import { type SqliteHandle, sqliteRepository } from "oncecode/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { allPublications, contents, createCampaignWithCodes, DISCOUNT } from "../../support/fixture.ts";

interface Shop {
  readonly handle: DatabaseSync;
  readonly engine: TransactionalEngine<SqliteHandle>;
  /** The rows of the shop's own table. */
  readonly orders: () => readonly unknown[];
}

/** A host with its own table. Host and engine use the same handle. */
const open = async (): Promise<Shop> => {
  const handle = new DatabaseSync(":memory:");
  onTestFinished(() => handle.close());
  handle.exec("create table orders (id text primary key)");
  const engine = createEngine({ repository: await sqliteRepository({ handle }) });
  const orders = () => handle.prepare("select id from orders").all();
  return { handle, engine, orders };
};

const REQUEST = { campaign: "spring", customer: { sourceId: "shop-1", name: "Ann" }, sourceId: "order-1" } as const;

describe("publishing within the host's transaction on SQLite", () => {
  it("is stored when the host commits, together with the host's own rows", async () => {
    const { handle, engine, orders } = await open();
    await createCampaignWithCodes(engine, "spring", ["A", "B"]);
    handle.exec("begin; insert into orders values ('order-1')");
    const publication = await engine.within(handle).publications.create(REQUEST);
    handle.exec("commit");
    expect(await allPublications(engine)).toEqual([publication]);
    expect(await engine.vouchers.get(publication.codes[0] ?? "")).toMatchObject({
      holderId: publication.customerId,
      publish: { count: 1, publication: { id: publication.id } },
    });
    expect(orders()).toHaveLength(1);
  });

  it("is undone when the host rolls back: code, customer and source id are free again", async () => {
    const { handle, engine, orders } = await open();
    await createCampaignWithCodes(engine, "spring", ["A"], { joinOnce: true });
    const before = await contents(engine);
    handle.exec("begin; insert into orders values ('order-1')");
    await engine.within(handle).publications.create(REQUEST);
    handle.exec("rollback");
    expect(await contents(engine)).toEqual(before);
    expect(orders()).toEqual([]);
    expect(await engine.publications.create({ ...REQUEST, customer: "shop-2" })).toMatchObject({ codes: ["A"] });
  });

  it("sees earlier writes of the transaction", async () => {
    const { handle, engine } = await open();
    await createCampaignWithCodes(engine, "spring", ["A", "B", "C"]);
    handle.exec("begin");
    const inside = engine.within(handle);
    const first = await inside.publications.create(REQUEST);
    expect(await inside.publications.create(REQUEST)).toEqual(first);
    const second = await inside.publications.create({ ...REQUEST, sourceId: null });
    expect(second.customerId).toBe(first.customerId);
    expect(await allPublications(inside)).toEqual(expect.arrayContaining([first, second]));
    expect(await inside.campaigns.summary("spring")).toEqual({ total: 3, published: 2, available: 1, failed: 0 });
    handle.exec("commit");
    expect(await engine.campaigns.summary("spring")).toEqual({ total: 3, published: 2, available: 1, failed: 0 });
  });

  it("leaves the host's transaction as it was when nothing can be published", async () => {
    const { handle, engine, orders } = await open();
    await createCampaignWithCodes(engine, "spring", ["A"]);
    handle.exec("begin; insert into orders values ('order-1')");
    const inside = engine.within(handle);
    await expect(
      inside.publications.create({ ...REQUEST, campaign: { name: "spring", count: 2 } }),
    ).rejects.toMatchObject({ code: "no_voucher_suitable_for_publication" });
    await inside.publications.create(REQUEST);
    handle.exec("commit");
    expect(orders()).toHaveLength(1);
    expect(await engine.campaigns.summary("spring")).toEqual({ total: 1, published: 1, available: 0, failed: 1 });
  });

  it("records a failure only if the host commits", async () => {
    const { handle, engine } = await open();
    await createCampaignWithCodes(engine, "spring", []);
    const before = await contents(engine);
    handle.exec("begin");
    await expect(engine.within(handle).publications.create(REQUEST)).rejects.toMatchObject({
      code: "no_voucher_suitable_for_publication",
    });
    handle.exec("rollback");
    expect(await contents(engine)).toEqual(before);
  });

  it("publishes new codes to many requests at once, and stores none of them when the host rolls back", async () => {
    const { handle, engine } = await open();
    await engine.campaigns.create({ name: "spring", type: "AUTO_UPDATE", voucher: DISCOUNT, vouchersCount: 3 });
    const before = await contents(engine);
    handle.exec("begin");
    const inside = engine.within(handle);
    const publications = await Promise.all(
      Array.from({ length: 10 }, (_call, i) =>
        inside.publications.create({ campaign: "spring", customer: `shop-${i}` }),
      ),
    );
    expect(new Set(publications.flatMap(({ codes }) => codes)).size).toBe(10);
    handle.exec("rollback");
    expect(await contents(engine)).toEqual(before);
  });

  it("includes all other methods of the engine", async () => {
    const { handle, engine } = await open();
    const before = await contents(engine);
    handle.exec("begin");
    const { campaigns, customers, vouchers } = engine.within(handle);
    await campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 5 });
    await campaigns.importVouchers("spring", ["A", "B"]);
    await vouchers.delete("A");
    await customers.upsert({ sourceId: "shop-1" });
    expect(await campaigns.summary("spring")).toMatchObject({ total: 6 });
    handle.exec("rollback");
    expect(await contents(engine)).toEqual(before);
  });

  it.each(["before the host has begun one", "after the host has ended it"])("is refused %s", async (when) => {
    const { handle, engine } = await open();
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const before = await contents(engine);
    const inside = engine.within(handle);
    if (when.startsWith("after")) handle.exec("begin; commit");
    await expect(inside.publications.create(REQUEST)).rejects.toMatchObject({ code: "storage_failed" });
    expect(await contents(engine)).toEqual(before);
  });

  it("is refused to an engine outside the transaction, because a rollback would undo its publication", async () => {
    const { handle, engine } = await open();
    await createCampaignWithCodes(engine, "spring", ["A"]);
    const before = await contents(engine);
    handle.exec("begin; insert into orders values ('order-1')");
    await expect(engine.publications.create(REQUEST)).rejects.toMatchObject({ code: "storage_failed" });
    handle.exec("commit");
    expect(await contents(engine)).toEqual(before);
  });
});
