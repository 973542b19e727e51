import type pg from "pg";
import { type Db, PgBoss } from "pg-boss";
import { publishOneByOne, type Request, type Subject } from "../subjects/subject.ts";
import { noCodesLeftError } from "./draws.ts";
import { insertPublication } from "./postgres-record.ts";
import { countPublished, openSchema } from "./postgres-schema.ts";

const NAME = "pg-boss";
const QUEUE = "codes";
const CHUNK = 10_000;

interface Job {
  readonly code: string;
}

/** Makes pg-boss use an open transaction. */
const asBossDb = (client: pg.Pool | pg.PoolClient): Db => ({
  executeSql: (text, values) => client.query(text, values),
});

/**
 * A job queue as a pool, with one job per code. The caller that completes a job gets its code. One transaction fetches the
 * job, records the publication and completes the job, so that a crash puts the code back.
 */
export const pgBoss = (url: string): Subject => ({
  name: NAME,
  batchSize: 1,
  mayRepeatCodes: false,
  open: async (options) => {
    const { name: schema, pool, close } = await openSchema(url, options);
    const boss = new PgBoss({ db: asBossDb(pool), schema, supervise: false, schedule: false });
    boss.on("error", (thrown) => console.error(NAME, thrown));
    await boss.start();
    await boss.createQueue(QUEUE);
    for (let from = 0; from < options.vouchers; from += CHUNK) {
      const size = Math.min(CHUNK, options.vouchers - from);
      const jobs = Array.from({ length: size }, (_, i) => ({ data: { code: `CODE-${(from + i).toString(36)}` } }));
      await boss.insert(QUEUE, jobs);
    }
    await pool.query("vacuum (analyze) job_common");

    const takeCodes = async (client: pg.PoolClient, request: Request): Promise<readonly string[]> => {
      const db = asBossDb(client);
      const jobs = await boss.fetch<Job>(QUEUE, { batchSize: request.count, db });
      if (jobs.length < request.count) throw noCodesLeftError(request);
      const codes = jobs.map(({ data }) => data.code);
      await insertPublication(client, request, codes);
      await boss.complete(
        QUEUE,
        jobs.map(({ id }) => id),
        null,
        { db },
      );
      return codes;
    };

    const publishOne = async (request: Request): Promise<readonly string[]> => {
      if (request.code !== null) throw new Error(`${NAME} publishes only random codes`);
      const client = await pool.connect();
      try {
        await client.query("begin");
        const codes = await takeCodes(client, request);
        await client.query("commit");
        return codes;
      } catch (thrown) {
        await client.query("rollback");
        throw thrown;
      } finally {
        client.release();
      }
    };

    const openJobs = "from job where name = $1 and state < 'active'";
    return {
      codes: async (count) => {
        const { rows } = await pool.query<Job>(`select data->>'code' as code ${openJobs} limit $2`, [QUEUE, count]);
        return rows.map(({ code }) => code);
      },
      publish: publishOneByOne(publishOne),
      tally: async () => {
        const { rows } = await pool.query<{ readonly left: string }>(`select count(*) as "left" ${openJobs}`, [QUEUE]);
        return { ...(await countPublished(pool)), left: Number(rows[0]?.left) };
      },
      close: async () => {
        await boss.stop({ graceful: false });
        await close();
      },
    };
  },
});
