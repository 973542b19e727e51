import { makeWorkerUtils } from "graphile-worker";
import { createEngine } from "oncecode";
import pg from "pg";
import { expect, inject, it, onTestFinished, vi } from "vitest";
import { type SendCode, startWorker } from "../../../adapters/examples/job-worker.ts";
import { createCampaignWithCodes } from "../../support/fixture.ts";
import { postgresDatabases } from "../../support/postgres-databases.ts";

const databases = postgresDatabases();

it("sends the same code after a crash, and gives up a job for which no code is left", async () => {
  // The queue's tables are in a database of their own, because their schema has a fixed name.
  await databases.pool.query("create database job_worker");
  const pool = new pg.Pool({ connectionString: inject("postgres").replace(/\/[^/]*$/, "/job_worker") });
  for (const event of ["error", "connect"] as const) pool.on(event, () => undefined); // the queue warns without listeners
  onTestFinished(async () => {
    await pool.end();
    await databases.pool.query("drop database job_worker");
  });
  const { repository } = await databases.open();
  const engine = createEngine({ repository });
  await createCampaignWithCodes(engine, "thank-you", ["A"]);

  const sent: string[] = [];
  const send = async (customer: string, codes: readonly string[]): Promise<void> => {
    sent.push(`${customer} ${codes.join()}`);
    if (sent.length === 1) throw new Error("the mail server is down");
  };
  const utils = await makeWorkerUtils({ pgPool: pool });
  const addJob = (orderId: string, customer: string) => {
    const payload: SendCode = { orderId, customer };
    return utils.addJob("send_code", payload, { jobKey: orderId });
  };
  await addJob("1", "shop-1");
  const worker = await startWorker(pool, engine, send);
  await vi.waitFor(() => expect(sent).toHaveLength(2), 20_000);
  await addJob("2", "shop-2");
  const countJobs = async () => (await pool.query("select from graphile_worker.jobs")).rowCount;
  await vi.waitFor(async () => expect(await countJobs()).toBe(0), 20_000);
  await worker.stop();
  await utils.release();

  expect(sent).toEqual(["shop-1 A", "shop-1 A"]);
  expect(await engine.publications.count({ result: "FAILURE" })).toBe(1);
});
