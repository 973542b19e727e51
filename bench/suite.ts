import pg from "pg";
import { mariadbBinary } from "../test/support/servers/mariadb.ts";
import { graphileWorker } from "./baselines/graphile-worker.ts";
import { mariadbInBatches } from "./baselines/mariadb-batches.ts";
import { mariadbByHand } from "./baselines/mariadb-by-hand.ts";
import { memoryByHand } from "./baselines/memory-by-hand.ts";
import { pgBoss } from "./baselines/pg-boss.ts";
import { postgresInBatches } from "./baselines/postgres-batches.ts";
import { firstFree, preparedClaim, randomOrder } from "./baselines/postgres-by-hand.ts";
import { checkThenAct } from "./baselines/postgres-check-then-act.ts";
import { redisPop } from "./baselines/redis.ts";
import { sqliteByHand } from "./baselines/sqlite-by-hand.ts";
import type { Comparison, Profile } from "./comparison.ts";
import type { Databases } from "./databases.ts";
import { redisBinary } from "./redis-server.ts";
import type { Aim } from "./results.ts";
import { core } from "./scenarios/core.ts";
import { bulkCreation } from "./scenarios/create.ts";
import { latency } from "./scenarios/latency.ts";
import { lists } from "./scenarios/list.ts";
import { type Baselines, byCallers } from "./scenarios/publish-callers.ts";
import { byWorkload } from "./scenarios/publish-workloads.ts";
import { byCampaigns } from "./scenarios/scale-campaigns.ts";
import { byDepletion } from "./scenarios/scale-depletion.ts";
import { duringOpenTransaction, type OpenTransaction } from "./scenarios/scale-open-transaction.ts";
import { byPoolSize, powerOfTen } from "./scenarios/scale-pool-size.ts";
import { startup } from "./scenarios/startup.ts";
import { mariadb, memory, postgres, type Store, sqlite } from "./stores.ts";
import { oncecode } from "./subjects/oncecode.ts";
import { oncecodeOverHttp } from "./subjects/oncecode-over-http.ts";
import type { Subject } from "./subjects/subject.ts";

/** A subject whose server starts when the subject is opened. */
const lazySubject = <P>(start: () => Promise<P>, placeholder: P, make: (server: P) => Subject): Subject => ({
  ...make(placeholder),
  open: async (options) => make(await start()).open(options),
});

/** The baselines and aims of a store. */
interface StoreSetup extends Baselines {
  readonly store: Store;
  readonly perCallBaseline: Subject | null;
  /** The baseline with shared commits. */
  readonly batchBaseline: Subject | null;
  /** The aim for the quotient of p99 and p50. */
  readonly latencyAim?: Aim | null;
}

const memorySetup: StoreSetup = {
  store: memory,
  perCallBaseline: memoryByHand,
  batchBaseline: null,
  baselines: [memoryByHand],
  aims: [{ baseline: memoryByHand.name, callers: 64, aim: { atLeast: 0.4 } }],
};

const sqliteSetup = (databases: Databases, synchronous: "FULL" | "NORMAL"): StoreSetup => {
  const withBatchSize = (batchSize: 1 | 64) =>
    lazySubject(databases.folder, "", (folder) => sqliteByHand(folder, synchronous, batchSize));
  const [perCallBaseline, batchBaseline] = [withBatchSize(1), withBatchSize(64)];
  return {
    ...{
      store: sqlite(databases, synchronous),
      perCallBaseline,
      batchBaseline,
      baselines: [perCallBaseline, batchBaseline],
    },
    aims:
      synchronous === "NORMAL"
        ? []
        : [
            { baseline: perCallBaseline.name, callers: 1, aim: { atLeast: 0.7 } },
            { baseline: perCallBaseline.name, callers: 64, aim: { atLeast: 5 } },
            { baseline: batchBaseline.name, callers: 64, aim: { atLeast: 0.8 } },
          ],
  };
};

const postgresSetup = (databases: Databases): StoreSetup => {
  const onPostgres = (make: (url: string) => Subject): Subject => lazySubject(databases.postgres, "", make);
  const [perCallBaseline, batchBaseline] = [onPostgres(preparedClaim), onPostgres(postgresInBatches)];
  const otherBaselines = [firstFree, randomOrder, checkThenAct, pgBoss, graphileWorker].map(onPostgres);
  const redis = lazySubject(
    async () => ({ redis: await databases.redis(), postgres: await databases.postgres() }),
    { redis: "", postgres: "" },
    (urls) => redisPop(urls.redis, urls.postgres),
  );
  return {
    ...{ store: postgres(databases), perCallBaseline, batchBaseline, latencyAim: { atMost: 4 } },
    baselines: [perCallBaseline, batchBaseline, ...otherBaselines, ...(redisBinary() === null ? [] : [redis])],
    aims: [
      { baseline: perCallBaseline.name, callers: 1, aim: { atLeast: 0.5 } },
      { baseline: perCallBaseline.name, callers: 64, aim: { atLeast: 6 } },
      { baseline: batchBaseline.name, callers: 64, aim: { atLeast: 0.8 } },
    ],
  };
};

const mariadbSetup = (databases: Databases): StoreSetup => {
  const [perCallBaseline, batchBaseline] = [mariadbByHand, mariadbInBatches].map((make) =>
    lazySubject(databases.mariadb, "", make),
  );
  if (perCallBaseline === undefined || batchBaseline === undefined) throw new Error("unreachable");
  return {
    ...{ store: mariadb(databases), perCallBaseline, batchBaseline, baselines: [perCallBaseline, batchBaseline] },
    aims: [{ baseline: perCallBaseline.name, callers: 64, aim: { atLeast: 5 } }],
  };
};

/** Opens a transaction with a snapshot, and keeps it open. */
const openPostgresTransaction =
  (databases: Databases): OpenTransaction =>
  async () => {
    const client = new pg.Client({ connectionString: await databases.postgres() });
    await client.connect();
    await client.query("begin isolation level repeatable read");
    await client.query("select txid_current(), count(*) from pg_class");
    return { end: () => client.end() };
  };

/** The number of records that fit into the heap of a process by default. */
const HEAP_RECORDS_MAX = 1_000_000;

/**
 * The memory store publishes so fast that a small pool would be empty before the measurement ends. So its pools are larger,
 * within the heap, and there is no aim for scale.
 */
const withinHeap = (comparison: Comparison): Comparison => ({
  ...comparison,
  prepare: async (profile) => {
    const vouchers = comparison.scenario === "publish" ? 5 * profile.vouchers : profile.vouchers;
    const prepared = await comparison.prepare({
      ...profile,
      vouchers,
      sizes: profile.sizes.filter((size) => size <= HEAP_RECORDS_MAX),
    });
    const definitionsWithoutAims = prepared.ratioDefinitions.map((definition) => ({ ...definition, aim: null }));
    return comparison.scenario === "scale" ? { ...prepared, ratioDefinitions: definitionsWithoutAims } : prepared;
  },
});

const comparisonsOn = ({
  store,
  perCallBaseline,
  batchBaseline,
  latencyAim = null,
  ...baselines
}: StoreSetup): readonly Comparison[] => [
  byCallers(store, oncecode(store), baselines),
  byWorkload(store, perCallBaseline),
  byPoolSize(store, batchBaseline ?? perCallBaseline),
  byDepletion(store),
  byCampaigns(store),
  bulkCreation(store),
  lists(store),
  latency(store, oncecode(store), perCallBaseline, latencyAim),
];

/** All comparisons. With `adapter`, that store and the memory store are measured, and no other. */
export const allComparisons = (databases: Databases, adapter: Store | null): readonly Comparison[] => {
  if (adapter !== null)
    return comparisonsOn({
      store: adapter,
      perCallBaseline: memoryByHand,
      batchBaseline: null,
      baselines: [memoryByHand],
      aims: [],
    });
  const sqliteFull = sqliteSetup(databases, "FULL");
  const sqliteNormal = sqliteSetup(databases, "NORMAL");
  const postgresql = postgresSetup(databases);
  const httpStore = { name: "HTTP on SQLite", skipReason: null };
  const inProcess = { ...oncecode(sqliteFull.store), name: "oncecode, in process" };
  return [
    core,
    startup,
    ...comparisonsOn(memorySetup).map(withinHeap),
    ...comparisonsOn(sqliteFull),
    byCallers(sqliteNormal.store, oncecode(sqliteNormal.store), sqliteNormal),
    ...comparisonsOn(postgresql),
    duringOpenTransaction(postgresql.store, openPostgresTransaction(databases), [
      lazySubject(databases.postgres, "", firstFree),
    ]),
    ...comparisonsOn(mariadbSetup(databases)),
    byCallers(httpStore, oncecodeOverHttp(databases), { baselines: [inProcess], aims: [] }),
    latency(httpStore, oncecodeOverHttp(databases), null, null),
  ];
};

/** The parts that are not measured here, because something is not installed or does not fit. */
export const skippedHere = ({ sizes }: Profile): readonly string[] => [
  ...(sizes.some((size) => size > HEAP_RECORDS_MAX)
    ? [`Memory: pools and lists of more than ${powerOfTen(HEAP_RECORDS_MAX)}, for which the heap has no room`]
    : []),
  ...(mariadbBinary() === null ? ["MariaDB: mariadbd is not installed here"] : []),
  ...(redisBinary() === null ? ["Redis: redis-server is not installed here"] : []),
];
