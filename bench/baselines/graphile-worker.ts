import { setTimeout } from "node:timers/promises";
import { Logger, makeWorkerUtils, run, type Task } from "graphile-worker";
import { publishOneByOne, type Request, type Subject } from "../subjects/subject.ts";
import { expectSingleRandomCode } from "./draws.ts";
import { insertPublication } from "./postgres-record.ts";
import { countPublished, openSchema } from "./postgres-schema.ts";

const NAME = "graphile-worker";
const TASK = "code";
const CHUNK = 10_000;

interface Job {
  readonly code: string;
}

/** A queue that keeps the order of items and of takers. A taker waits for an item until the queue is closed. */
class AsyncQueue<T> {
  readonly #items: T[] = [];
  readonly #takers: PromiseWithResolvers<T>[] = [];
  #closed = false;

  put(one: T): void {
    const taker = this.#takers.shift();
    if (taker === undefined) this.#items.push(one);
    else taker.resolve(one);
  }

  async take(): Promise<T> {
    const one = this.#items.shift();
    if (one !== undefined) return one;
    if (this.#closed) throw new Error("The queue is closed");
    const taker = Promise.withResolvers<T>();
    this.#takers.push(taker);
    return taker.promise;
  }

  close(): void {
    this.#closed = true;
    for (const taker of this.#takers.splice(0)) taker.reject(new Error("The queue is closed"));
  }
}

interface PendingCall extends PromiseWithResolvers<readonly string[]> {
  readonly request: Request;
}

/**
 * A job queue as a pool, with one job per code. A caller cannot ask for a job: a worker gets a job and waits for a caller.
 * A code is recorded before its job is completed, so a crash in between publishes it twice. If all codes are gone, callers
 * wait forever. The settings are those that its documentation recommends for throughput; they nearly double it.
 */
export const graphileWorker = (url: string): Subject => ({
  name: NAME,
  batchSize: 1,
  mayRepeatCodes: false,
  open: async (options) => {
    // Each worker needs a connection. Two more listen for jobs and complete them.
    const { name: schema, pool, close } = await openSchema(url, options, 2);
    // The library requires listeners for these events.
    for (const event of ["error", "connect"] as const) pool.on(event, () => undefined);
    const logger = new Logger(() => () => {});
    const workerOptions = { pgPool: pool, schema, logger };
    const utils = await makeWorkerUtils(workerOptions);
    await utils.migrate();
    for (let from = 0; from < options.vouchers; from += CHUNK) {
      const size = Math.min(CHUNK, options.vouchers - from);
      const codes = Array.from({ length: size }, (_, i) => `CODE-${(from + i).toString(36)}`);
      await utils.addJobs(codes.map((code) => ({ identifier: TASK, payload: { code } })));
    }
    await utils.release();
    await pool.query("vacuum (analyze) _private_jobs");

    const pendingCalls = new AsyncQueue<PendingCall>();
    const task = async ({ code }: Job): Promise<void> => {
      const pendingCall = await pendingCalls.take();
      try {
        await insertPublication(pool, pendingCall.request, [code]);
        pendingCall.resolve([code]);
      } catch (thrown) {
        pendingCall.reject(thrown);
        throw thrown;
      }
    };
    const runner = await run({
      ...workerOptions,
      preset: { worker: { localQueue: { size: 2 * options.callersMax }, completeJobBatchDelay: 0 } },
      concurrency: options.callersMax,
      noHandleSignals: true,
      parsedCronItems: [],
      taskList: { [TASK]: task as Task },
    });

    const publishOne = (request: Request): Promise<readonly string[]> => {
      expectSingleRandomCode(NAME, request);
      const pendingCall = { ...Promise.withResolvers<readonly string[]>(), request };
      pendingCalls.put(pendingCall);
      return pendingCall.promise;
    };

    // A job stays for a moment after its code was published.
    const freeJobs = `from _private_jobs as job where not exists (
      select from publications where codes = array[job.payload->>'code'])`;
    const hasLockedJobs = async (): Promise<boolean> =>
      (await pool.query("select from _private_jobs where locked_by is not null limit 1")).rowCount === 1;
    return {
      codes: async (count) => {
        const { rows } = await pool.query<Job>(`select payload->>'code' as code ${freeJobs} limit $1`, [count]);
        return rows.map(({ code }) => code);
      },
      publish: publishOneByOne(publishOne),
      tally: async () => {
        const { rows } = await pool.query<{ readonly left: string }>(`select count(*) as "left" ${freeJobs}`);
        return { ...(await countPublished(pool)), left: Number(rows[0]?.left) };
      },
      close: async () => {
        const stopped = runner.stop();
        pendingCalls.close();
        await stopped;
        await runner.promise;
        // The library ends before it has put back all jobs without a caller.
        for (let waits = 0; waits < 100 && (await hasLockedJobs()); waits++) await setTimeout(20);
        await close();
      },
    };
  },
});
