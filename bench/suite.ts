import pg from "pg";
import { mariadbBinary } from "../test/support/servers/mariadb.ts";
import type { Contender } from "./contenders/contender.ts";
import { graphileWorker } from "./contenders/graphile-worker.ts";
import { overHttp } from "./contenders/http.ts";
import { mariadbInBatches } from "./contenders/mariadb-batches.ts";
import { mariadbByHand } from "./contenders/mariadb-by-hand.ts";
import { memoryByHand } from "./contenders/memory-by-hand.ts";
import { oncecode } from "./contenders/oncecode.ts";
import { pgBoss } from "./contenders/pg-boss.ts";
import { claimsInBatches } from "./contenders/postgres-batches.ts";
import { firstFree, preparedClaim, randomOrder } from "./contenders/postgres-by-hand.ts";
import { checkThenAct } from "./contenders/postgres-check-then-act.ts";
import { redisPop } from "./contenders/redis.ts";
import { redisBinary } from "./contenders/redis-server.ts";
import { sqliteByHand } from "./contenders/sqlite-by-hand.ts";
import type { Contest, Pace } from "./contest.ts";
import { byCallers, type Rivals } from "./families/callers.ts";
import { byCampaigns } from "./families/campaigns.ts";
import { core } from "./families/core.ts";
import { creating } from "./families/create.ts";
import { byDepletion } from "./families/depletion.ts";
import { type Holder, whileHeld } from "./families/held.ts";
import { latency } from "./families/latency.ts";
import { lists } from "./families/list.ts";
import { byPool, short } from "./families/pools.ts";
import { byShape } from "./families/shapes.ts";
import { startup } from "./families/startup.ts";
import type { Places } from "./places.ts";
import type { Aim } from "./results.ts";
import { mariadb, memory, postgres, type Store, sqlite } from "./stores.ts";

/** A contender that lives where something has to be started first. */
const at = <P>(place: () => Promise<P>, nowhere: P, make: (place: P) => Contender): Contender => ({
  ...make(nowhere),
  open: async (stock) => make(await place()).open(stock),
});

/** What a store is measured with: the first of `byHand` does what we do, one call at a time. */
interface Field extends Rivals {
  readonly store: Store;
  readonly perCall: Contender | null;
  /** What sharing a commit by hand can gain at most. */
  readonly floor: Contender | null;
  /** How far apart p99 and p50 may be, where that is hoped for. */
  readonly steady?: Aim | null;
}

const memoryField: Field = {
  store: memory,
  perCall: memoryByHand,
  floor: null,
  byHand: [memoryByHand],
  aims: [{ rival: memoryByHand.name, callers: 64, aim: { atLeast: 0.4 } }],
};

const sqliteField = (places: Places, synchronous: "FULL" | "NORMAL"): Field => {
  const by = (batch: 1 | 64) => at(places.folder, "", (folder) => sqliteByHand(folder, synchronous, batch));
  const [perCall, floor] = [by(1), by(64)];
  return {
    ...{ store: sqlite(places, synchronous), perCall, floor, byHand: [perCall, floor] },
    aims:
      synchronous === "NORMAL"
        ? []
        : [
            { rival: perCall.name, callers: 1, aim: { atLeast: 0.7 } },
            { rival: perCall.name, callers: 64, aim: { atLeast: 5 } },
            { rival: floor.name, callers: 64, aim: { atLeast: 0.8 } },
          ],
  };
};

const postgresField = (places: Places): Field => {
  const on = (make: (url: string) => Contender): Contender => at(places.postgres, "", make);
  const [perCall, floor] = [on(preparedClaim), on(claimsInBatches)];
  const others = [firstFree, randomOrder, checkThenAct, pgBoss, graphileWorker].map(on);
  const redis = at(
    async () => ({ redis: await places.redis(), postgres: await places.postgres() }),
    { redis: "", postgres: "" },
    (urls) => redisPop(urls.redis, urls.postgres),
  );
  return {
    ...{ store: postgres(places), perCall, floor, steady: { atMost: 4 } },
    byHand: [perCall, floor, ...others, ...(redisBinary() === null ? [] : [redis])],
    aims: [
      { rival: perCall.name, callers: 1, aim: { atLeast: 0.5 } },
      { rival: perCall.name, callers: 64, aim: { atLeast: 6 } },
      { rival: floor.name, callers: 64, aim: { atLeast: 0.8 } },
    ],
  };
};

const mariadbField = (places: Places): Field => {
  const [perCall, floor] = [mariadbByHand, mariadbInBatches].map((make) => at(places.mariadb, "", make));
  if (perCall === undefined || floor === undefined) throw new Error("unreachable");
  return {
    ...{ store: mariadb(places), perCall, floor, byHand: [perCall, floor] },
    aims: [{ rival: perCall.name, callers: 64, aim: { atLeast: 5 } }],
  };
};

/** Looks at everything at one instant, and keeps that in view. */
const holdPostgres =
  (places: Places): Holder =>
  async () => {
    const client = new pg.Client({ connectionString: await places.postgres() });
    await client.connect();
    await client.query("begin isolation level repeatable read");
    await client.query("select txid_current(), count(*) from pg_class");
    return { end: () => client.end() };
  };

/** Records that the heap of a process has room for, as it is set by default. */
const HEAP_MAX = 1_000_000;

/**
 * In memory, so many are given out in no time that the pools have to be larger, and nothing is hoped for at scale: it is
 * over before it is measured.
 */
const inMemory = (contest: Contest): Contest => ({
  ...contest,
  open: async (pace) => {
    const vouchers = contest.family === "publish" ? 5 * pace.vouchers : pace.vouchers;
    const arena = await contest.open({ ...pace, vouchers, sizes: pace.sizes.filter((size) => size <= HEAP_MAX) });
    const aimless = arena.comparisons.map((comparison) => ({ ...comparison, aim: null }));
    return contest.family === "scale" ? { ...arena, comparisons: aimless } : arena;
  },
});

const everythingOn = ({ store, perCall, floor, steady = null, ...rivals }: Field): readonly Contest[] => [
  byCallers(store, oncecode(store), rivals),
  byShape(store, perCall),
  byPool(store, floor ?? perCall),
  byDepletion(store),
  byCampaigns(store),
  creating(store),
  lists(store),
  latency(store, oncecode(store), perCall, steady),
];

/** All there is to measure. `adapter`: a store of somebody else's, measured instead of ours, beside the one in memory. */
export const suiteOf = (places: Places, adapter: Store | null): readonly Contest[] => {
  if (adapter !== null)
    return everythingOn({ store: adapter, perCall: memoryByHand, floor: null, byHand: [memoryByHand], aims: [] });
  const full = sqliteField(places, "FULL");
  const normal = sqliteField(places, "NORMAL");
  const server = postgresField(places);
  const http = { name: "HTTP on SQLite", missing: null };
  const inProcess = { ...oncecode(full.store), name: "oncecode, in process" };
  return [
    core,
    startup,
    ...everythingOn(memoryField).map(inMemory),
    ...everythingOn(full),
    byCallers(normal.store, oncecode(normal.store), normal),
    ...everythingOn(server),
    whileHeld(server.store, holdPostgres(places), [at(places.postgres, "", firstFree)]),
    ...everythingOn(mariadbField(places)),
    byCallers(http, overHttp(places), { byHand: [inProcess], aims: [] }),
    latency(http, overHttp(places), null, null),
  ];
};

/** What is not here or has no room, and so is not measured. */
export const missingHere = ({ sizes }: Pace): readonly string[] => [
  ...(sizes.some((size) => size > HEAP_MAX)
    ? [`Memory: pools and lists of more than ${short(HEAP_MAX)}, for which the heap has no room`]
    : []),
  ...(mariadbBinary() === null ? ["MariaDB: mariadbd is not installed here"] : []),
  ...(redisBinary() === null ? ["Redis: redis-server is not installed here"] : []),
];
