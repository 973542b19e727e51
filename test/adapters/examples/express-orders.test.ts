import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createEngine, unchanged } from "oncecode";
import type { PostgresRepository } from "oncecode/postgres";
import { expect, inject, it, onTestFinished } from "vitest";
import { createApp } from "../../../adapters/examples/express-orders.ts";
import { createCampaignWithCodes } from "../../support/fixture.ts";
import { postgresDatabasesOn } from "../../support/postgres-databases.ts";

// Other tests have a table of the same name, so these orders are in another schema.
const databases = postgresDatabasesOn(inject("postgres"), "-c search_path=express_orders");

const startShop = async (
  codes: readonly string[],
  change: (repository: PostgresRepository) => PostgresRepository = (repository) => repository,
) => {
  const { pool } = databases;
  await pool.query("drop schema if exists express_orders cascade; create schema express_orders");
  onTestFinished(async () => void (await pool.query("drop schema express_orders cascade")));
  await pool.query("create table orders (id text primary key, customer text not null)");
  const { repository } = await databases.open();
  const engine = createEngine({ repository: change(repository) });
  await createCampaignWithCodes(engine, "thank-you", [...codes]);
  const server = createApp(pool, engine).listen(0);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const order = async (body: object) => {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`http://127.0.0.1:${port}/orders`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const storedOrders = async (): Promise<readonly string[]> => {
    const { rows } = await pool.query<{ readonly id: string }>("select id from orders order by id");
    return rows.map(({ id }) => id);
  };
  return { engine, order, storedOrders };
};

it("stores the order and publishes a code, and does both once for an order that is sent twice at the same time", async () => {
  const { engine, order, storedOrders } = await startShop(["A", "B"]);
  const request = { id: "order-1", customer: "shop-1" };
  const [first, second] = await Promise.all([order(request), order(request)]);
  expect(first).toMatchObject({ status: 201, body: { codes: [expect.any(String)] } });
  expect(second).toEqual(first);
  expect(await storedOrders()).toEqual(["order-1"]);
  expect(await engine.publications.count()).toBe(1);
});

it("stores no order if no code is left, and none if the customer is missing", async () => {
  const { order, storedOrders } = await startShop(["A"]);
  await order({ id: "order-1", customer: "shop-1" });
  const refused = { status: 409, body: { error: "no_voucher_suitable_for_publication" } };
  expect(await order({ id: "order-2", customer: "shop-2" })).toMatchObject(refused);
  expect(await order({ id: "order-3", customer: 5 })).toMatchObject({ status: 400 });
  expect(await storedOrders()).toEqual(["order-1"]);
});

it("answers 503 if the store fails, and stores no order", async () => {
  const settle = () => Promise.reject(unchanged(new Error("The disk is full")));
  const { order, storedOrders } = await startShop(["A"], (repository) => ({
    ...repository,
    within: (client) => ({ ...repository.within(client), settle }),
  }));
  expect(await order({ id: "order-1", customer: "shop-1" })).toMatchObject({
    status: 503,
    body: { error: "storage_failed" },
  });
  expect(await storedOrders()).toEqual([]);
});
