import express, { type Express } from "express";
import { isOncecodeError, type TransactionalEngine } from "oncecode";
import type { Pool, PoolClient } from "pg";

/** The status of an error; 400 for all others. The client may send the same request again after 503 and 504. */
const STATUS: Readonly<Record<string, number>> = {
  no_voucher_suitable_for_publication: 409,
  storage_failed: 503,
  outcome_unknown: 504,
};

/** `POST /orders` stores an order and publishes a thank-you code in one transaction: both are stored, or neither. */
export const createApp = (pool: Pool, engine: TransactionalEngine<PoolClient>): Express => {
  const app = express();
  app.use(express.json());

  app.post("/orders", async (request, response) => {
    const { id, customer } = request.body ?? {};
    const client = await pool.connect();
    try {
      await client.query("begin");
      await client.query("insert into orders (id, customer) values ($1, $2) on conflict do nothing", [id, customer]);
      const { codes } = await engine.within(client).publications.create({
        campaign: "thank-you",
        customer: { sourceId: customer },
        sourceId: `order-${id}`, // the browser may send the order twice: it gets the same code
      });
      await client.query("commit");
      response.status(201).json({ codes });
    } catch (error) {
      await client.query("rollback").catch(() => undefined); // a broken connection has rolled back already
      if (!isOncecodeError(error)) throw error;
      response.status(STATUS[error.code] ?? 400).json({ error: error.code, message: error.message });
    } finally {
      client.release();
    }
  });

  return app;
};
