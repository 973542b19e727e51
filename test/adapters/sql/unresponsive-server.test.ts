import { createPool } from "mysql2/promise";
import { createEngine, type Repository } from "oncecode";
import { mysqlRepository } from "oncecode/mysql";
import { postgresRepository } from "oncecode/postgres";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { ignoreUnsafeSettings } from "../../support/databases.ts";
import { mariadbBinary, startMariadb } from "../../support/servers/mariadb.ts";
import { startPostgres } from "../../support/servers/postgres.ts";
import type { Server } from "../../support/servers/server.ts";

type CloseableRepository = Repository & { close(): Promise<void> };

const TIMEOUTS = { patience: 500, timeout: 300, ...ignoreUnsafeSettings } as const;

/** A repository on the host's pool. The pool has no timeouts. */
const onPool = async (
  repository: Promise<CloseableRepository>,
  pool: { end(): Promise<void> },
): Promise<CloseableRepository> => ({
  ...(await repository),
  close: () => pool.end(),
});

type ServerCase = readonly [
  name: string,
  start: () => Promise<Server>,
  open: (url: string) => Promise<CloseableRepository>,
];

const postgres = (): Promise<Server> => startPostgres({ durable: false });
const mariadb = (): Promise<Server> => startMariadb({ durable: false });

const ON_POSTGRES: readonly ServerCase[] = [
  ["PostgreSQL", postgres, (url) => postgresRepository({ url, ...TIMEOUTS })],
  [
    "PostgreSQL, on the host's pool,",
    postgres,
    (url) => {
      const pool = new pg.Pool({ connectionString: url, max: 2 });
      return onPool(postgresRepository({ pool, ...TIMEOUTS }), pool);
    },
  ],
];
const ON_MARIADB: readonly ServerCase[] = [
  ["MariaDB", mariadb, (url) => mysqlRepository({ url, ...TIMEOUTS })],
  [
    "MariaDB, on the host's pool,",
    mariadb,
    (url) => {
      const pool = createPool({ uri: url, connectionLimit: 2 });
      return onPool(mysqlRepository({ pool, ...TIMEOUTS }), pool);
    },
  ],
];
const SERVERS = [...ON_POSTGRES, ...(mariadbBinary() === null ? [] : ON_MARIADB)];

describe.each(SERVERS)("on a %s that stops answering for a while", (_, start, open) => {
  it("no call waits longer than its timeout, and nothing is published twice", async () => {
    const server = await start();
    onTestFinished(() => server.stop());
    const repository = await open(server.url);
    onTestFinished(() => repository.close());
    const { campaigns, publications } = createEngine({ repository });
    await campaigns.create({
      name: "spring",
      voucher: { discount: { type: "PERCENT", percentOff: 5 } },
      vouchersCount: 9,
    });
    const publish = (sourceId: string) => publications.create({ campaign: "spring", customer: "shop-1", sourceId });
    await publish("order-0");

    const pending = ["order-1", "order-2", "order-3"].map(publish);
    server.pause();
    const startedAt = performance.now();
    const afterPause = ["order-4", "order-5"].map(publish);
    const results = await Promise.allSettled([...pending, ...afterPause]);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    for (const result of results)
      if (result.status === "rejected") expect(["storage_failed", "outcome_unknown"]).toContain(result.reason.code);
    expect(results.some(({ status }) => status === "rejected")).toBe(true);

    server.resume();
    const codes = new Set<string>();
    for (let i = 0; i <= 5; i++) for (const code of (await publish(`order-${i}`)).codes) codes.add(code);
    expect(codes.size).toBe(6);
    expect(await publications.count()).toBe(6);
  });
});
