import { cpus } from "node:os";
import type { Repository } from "oncecode";
import { mysqlRepository } from "oncecode/mysql";
import { type PostgresStatement, postgresRepository } from "oncecode/postgres";
import pg from "pg";
import { filled } from "../test/postgres/filling.ts";
import { watched } from "../test/postgres/watching.ts";
import { mariadbBinary, startMariadb } from "../test/servers/mariadb.ts";
import { startPostgres } from "../test/servers/postgres.ts";
import { engineWith, median, publishing } from "./load.ts";
import { mariadbBaseline } from "./mariadb-baseline.ts";
import { pgbenched } from "./pgbench.ts";
import { type Baseline, PUBLISH, postgresBaseline } from "./postgres-baseline.ts";
import { publicationPlans } from "./postgres-plans.ts";

/**
 * The README's figures of servers, each a private one that waits for its disk: `npm run figures:servers`. Rounds
 * alternate between what is compared, and the median of the rounds is printed.
 */
const ROUNDS = 3;
const CALLERS = 64;
const VOUCHERS = 100_000;
const MILLION = 1_000_000;

type Closing = Repository & { close(): Promise<void> };

const race = async (title: string, repository: Closing, hand: Baseline): Promise<void> => {
  const engine = await engineWith(repository, VOUCHERS);
  for (const [callers, count] of [
    [CALLERS, 8000],
    [1, 500],
  ] as const) {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await publishing(engine, count, callers, true));
      theirs.push(await hand.publishing(count, callers));
    }
    const [us, them] = [median(ours), median(theirs)];
    const figures = `oncecode ${Math.round(us)}/s, by hand ${Math.round(them)}/s`;
    console.log(`${title}, ${callers} at once: ${figures}, ratio ${(us / them).toFixed(2)}`);
  }
  await Promise.all([repository.close(), hand.close()]);
};

const postgres = async (): Promise<void> => {
  const server = await startPostgres({ settings: { shared_buffers: "512MB", max_connections: "200" } });
  try {
    const hand = await postgresBaseline(server.url, VOUCHERS, CALLERS);
    await race("PostgreSQL", await postgresRepository({ url: server.url }), hand);
    for (const clients of [CALLERS, 1]) {
      const speed = await pgbenched(server.url, PUBLISH, clients);
      console.log(
        `PostgreSQL, by pgbench, ${clients} at once: ${speed === null ? "not installed" : Math.round(speed)}/s`,
      );
    }

    const pool = new pg.Pool({ connectionString: server.url });
    const seen: PostgresStatement[] = [];
    const repository = await postgresRepository({ pool: watched(pool, (one) => seen.push(one)), schema: "million" });
    await filled(pool, "million", MILLION);
    for (const line of await publicationPlans(pool, repository, seen)) console.log(line);
    await pool.end();
  } finally {
    await server.stop();
  }
};

const mariadb = async (): Promise<void> => {
  const server = await startMariadb({ settings: ["--innodb-buffer-pool-size=512M", "--max-connections=200"] });
  try {
    const hand = await mariadbBaseline(server.url, VOUCHERS, CALLERS);
    await race("MariaDB", await mysqlRepository({ url: server.url }), hand);
  } finally {
    await server.stop();
  }
};

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}\n`);
await postgres();
if (mariadbBinary() === null) console.log("MariaDB is not installed here");
else await mariadb();
