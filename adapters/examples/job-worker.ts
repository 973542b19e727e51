import { type Runner, run } from "graphile-worker";
import { type Engine, isOncecodeError } from "oncecode";
import type { Pool } from "pg";

/** The payload of the job `send_code`. */
export interface SendCode {
  readonly orderId: string;
  readonly customer: string;
}

/** Sends a code to a customer, for example by e-mail. */
export type Send = (customer: string, codes: readonly string[]) => Promise<void>;

/**
 * Starts a worker that publishes a code per job and sends it. A queue runs a job again after a crash. The job's `sourceId` is
 * always the same, so the second run gets the first code and publishes no other.
 */
export const startWorker = (pool: Pool, engine: Engine, send: Send): Promise<Runner> =>
  run({
    pgPool: pool,
    concurrency: 8,
    taskList: {
      send_code: async (payload, { logger }) => {
        const { orderId, customer } = payload as SendCode;
        try {
          const { codes } = await engine.publications.create({
            campaign: "thank-you",
            customer: { sourceId: customer },
            sourceId: `order-${orderId}`,
          });
          await send(customer, codes);
        } catch (error) {
          // A retry of the job would fail in the same way. Every other error is thrown, and the queue tries again later.
          if (!isOncecodeError(error) || error.code !== "no_voucher_suitable_for_publication") throw error;
          logger.error(`no code is left for order ${orderId}`);
        }
      },
    },
  });
