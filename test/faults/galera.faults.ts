import { setTimeout } from "node:timers/promises";
import { createPool, type Pool } from "mysql2";
import { createConnection } from "mysql2/promise";
import { createEngine } from "oncecode";
import { LAW_TIMEOUT, repositoryLaws } from "oncecode/conformance";
import {
  type CallbackMysqlPool,
  type MysqlConnectionOptions,
  type MysqlRepository,
  mysqlRepository,
} from "oncecode/mysql";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type Galera, type GaleraNode, galeraBinary, startGalera } from "../support/servers/galera.ts";
import { type Fault, noFault } from "./faults.ts";
import { acknowledgedCount, Report, refusedCount, unknownCount } from "./report.ts";
import { runScenario, type Scenario } from "./run.ts";
import { seedOf } from "./seed.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { galeraServerKind } from "./server-kind-galera.ts";
import { mariadbServerKind } from "./server-kind-mariadb.ts";

const GIFT = { type: "GIFT_VOUCHER", gift: { amount: 100 } } as const;

/** In milliseconds. A node that crashes by itself needs time to join again. */
const TRIAL_TIMEOUT = 240_000;

/**
 * In milliseconds. While the cluster forms anew, a statement takes three to four seconds and often ends in a conflict. Each
 * statement of a call is then retried for the default `patience` of ten seconds, and a call has several statements.
 */
const CALL_DURATION_MAX = 45_000;

/** The number of steps of a route, which then repeats. One publication takes more statements. */
const ROUTE_BITS = 5;

const TABLES = ["campaigns", "vouchers", "publications", "claims", "keys", "failures", "customers"];

interface Trial extends Omit<Scenario, "seed" | "faults"> {
  readonly name: string;
  readonly faults: (cluster: Galera) => Fault;
  readonly floors: { readonly acknowledged: number; readonly faults: number };
  /** Whether no call may fail or have an unknown outcome. */
  readonly isUnnoticed?: boolean;
}

/** Causes a fault of each node in turn, while the others run. */
const onEachNode =
  (
    times: number,
    causeFault: (node: GaleraNode, others: () => Promise<unknown>, random: SeededRandom) => Promise<void>,
  ) =>
  ({ nodes }: Galera): Fault =>
  async (context) => {
    for (let n = 0; n < times; n++) {
      const node = nodes[n % nodes.length];
      await noFault(100)(context);
      await setTimeout(context.random.below(500));
      if (node !== undefined) await causeFault(node, () => noFault(100)(context), context.random);
    }
    await noFault(100)(context);
    return times;
  };

/** The pause is longer than the other nodes wait, so that the node must join the cluster again. */
const pauseNodes = (times: number) =>
  onEachNode(times, async (node, others, random) => {
    node.pause();
    await Promise.all([others(), setTimeout(3000 + random.below(2000))]);
    await node.resume();
  });

const killNodes = (times: number) =>
  onEachNode(times, async (node, others) => {
    await node.kill();
    await others();
    await node.start();
  });

/** The third node alone is no majority, so the cluster refuses every write until the second is up again. */
const crashWhileAnotherIsDown =
  ({ nodes: [first, second] }: Galera): Fault =>
  async (context) => {
    await noFault(100)(context);
    await first?.kill();
    await setTimeout(1500);
    second?.crash();
    await setTimeout(3000);
    await first?.start();
    await noFault(100)(context);
    return 2;
  };

/** Like a node that has lost its cluster, even during transactions, before the load balancer notices. */
const rejectQueries = (times: number) =>
  onEachNode(times, async ({ url }) => {
    await mariadbServerKind.query(url, "set global wsrep_reject_queries = all");
    await setTimeout(2000);
    await mariadbServerKind.query(url, "set global wsrep_reject_queries = none");
  });

const SUPPLY = { hot: 3000, growing: 20, once: 250, named: 200 };

const TRIALS: readonly Trial[] = [
  {
    name: "every connection of a process may be to another node",
    supply: SUPPLY,
    faults: () => noFault(2500),
    floors: { acknowledged: 2000, faults: 0 },
    isUnnoticed: true,
  },
  {
    name: "each process keeps to its node",
    workers: 6,
    connections: 1,
    supply: SUPPLY,
    faults: () => noFault(2500),
    floors: { acknowledged: 2000, faults: 0 },
    isUnnoticed: true,
  },
  { name: "one node after another stands still", faults: pauseNodes(3), floors: { acknowledged: 300, faults: 3 } },
  {
    name: "one node after another rejects all queries",
    faults: rejectQueries(3),
    floors: { acknowledged: 300, faults: 3 },
    isUnnoticed: true,
  },
  { name: "one node after another is killed", faults: killNodes(3), floors: { acknowledged: 500, faults: 3 } },
  {
    name: "a node crashes while another is down",
    faults: crashWhileAnotherIsDown,
    floors: { acknowledged: 200, faults: 2 },
    callDurationMax: 60_000,
  },
];

describe.skipIf(galeraBinary() === null)("three nodes of Galera (skipped where it is not installed)", () => {
  let cluster: Galera;
  const report = new Report();
  beforeAll(async () => {
    cluster = await startGalera({ nodes: 3 });
  });
  afterAll(async () => {
    report.print(`Galera, seed ${seedOf("")}`);
    await cluster.stop();
  });

  const crashesOf = (): number => cluster.nodes.reduce((sum, { crashes }) => sum + crashes, 0);

  /** The rows of a node, by table. */
  const contentsOf = async ({ url }: GaleraNode): Promise<unknown> => {
    const tables = TABLES.map((table) => `oncecode_${table}`).join();
    return galeraServerKind(cluster).query(url, `checksum table ${tables} extended`);
  };

  it.each(TRIALS)(
    "keep every promise when $name",
    async ({ name, faults, floors, isUnnoticed, ...scenario }) => {
      const crashesBefore = crashesOf();
      const outcome = await runScenario(galeraServerKind(cluster), {
        callDurationMax: CALL_DURATION_MAX,
        ...scenario,
        faults: faults(cluster),
        seed: seedOf(name),
      });
      report.add(name, outcome);
      for (const node of cluster.nodes) await node.waitUntilSynced();
      const [first, ...others] = await Promise.all(cluster.nodes.map(contentsOf));
      for (const other of others) expect(other).toEqual(first);
      expect(outcome.violations.slice(0, 20)).toEqual([]);
      expect(acknowledgedCount(outcome)).toBeGreaterThanOrEqual(floors.acknowledged);
      expect(outcome.faultCount).toBeGreaterThanOrEqual(floors.faults);
      if (isUnnoticed === true && crashesOf() === crashesBefore)
        expect(refusedCount(outcome, "storage_failed") + unknownCount(outcome)).toBe(0);
    },
    TRIAL_TIMEOUT,
  );

  let prefixCount = 0;
  /** Repositories on the same new tables. */
  const openAll = async (connectionOptions: readonly MysqlConnectionOptions[]): Promise<readonly MysqlRepository[]> => {
    const prefix = `laws${prefixCount++}_`;
    const repositories = await Promise.all(connectionOptions.map((options) => mysqlRepository({ ...options, prefix })));
    onTestFinished(async () => {
      for (const repository of repositories) await repository.close();
    });
    return repositories;
  };

  it("are refused if reads do not wait for writes that other nodes have confirmed", async () => {
    const pool = createPool({ uri: cluster.nodes[0]?.url ?? "" });
    onTestFinished(() => new Promise((resolve) => pool.end(() => resolve())));
    pool.on("connection", (connection) => connection.query("set session wsrep_sync_wait = 0"));
    await expect(mysqlRepository({ pool })).rejects.toThrow(/wsrep_sync_wait = 0: .* set global wsrep_sync_wait = 1/);
  });

  it("create their tables once, with many openings on all nodes", async () => {
    for (let n = 0; n < 5; n++) await openAll([...cluster.nodes, ...cluster.nodes]);
  });

  /** A pool that chooses a node for each connection, by the next bit of `route`. */
  const poolOverNodes = (nodes: readonly GaleraNode[], route: () => number): CallbackMysqlPool => {
    const pools = nodes.map(({ url }) => createPool({ uri: url, connectionLimit: 2, charset: "utf8mb4_unicode_ci" }));
    onTestFinished(() => {
      for (const pool of pools) pool.end();
    });
    let turn = 0;
    return {
      getConnection: (callback) => pools[(route() >> (turn++ % ROUTE_BITS)) & 1]?.getConnection(callback as never),
    };
  };

  /** Makes a node stop applying the writes of others. Returns a function that makes the node apply them again. */
  const stopApplying = async ({ url }: GaleraNode): Promise<() => void> => {
    const connection = await createConnection(url);
    await connection.query("flush tables with read lock");
    return () => connection.destroy();
  };

  it("answer a retry with the same publication while one node lags, on each node", async () => {
    const [first, second] = cluster.nodes;
    if (first === undefined || second === undefined) throw new Error("The cluster has three nodes");
    let route = 0;
    const optionsWithPool = { pool: poolOverNodes([first, second], () => route) };
    const [one, other] = (await openAll([first, optionsWithPool])).map((repository) => createEngine({ repository }));
    for (route = 0; route < 2 ** ROUTE_BITS; route++) {
      const campaign = `spring ${route}`;
      await one?.campaigns.create({ name: campaign, voucher: GIFT, joinOnce: route % 2 === 0 });
      await one?.campaigns.importVouchers(campaign, [`ONLY-${route}`]);
      await setTimeout(50);
      const applyAgain = await stopApplying(second);
      const request = { campaign, customer: "shop-1", sourceId: route % 2 === 0 ? null : `order-${route}` };
      const publication = await one?.publications.create(request);
      const retry = other?.publications.create(request);
      await setTimeout(50);
      applyAgain();
      expect((await retry)?.id).toBe(publication?.id);
    }
  });

  describe("all laws hold on one node", () => {
    let pool: Pool;
    beforeAll(() => {
      pool = createPool({ uri: cluster.nodes[0]?.url ?? "", connectionLimit: 20, charset: "utf8mb4_unicode_ci" });
    });
    afterAll(() => pool.end());
    const open = (): Promise<MysqlRepository> => mysqlRepository({ pool, prefix: `laws${prefixCount++}_` });
    // On a cluster, to create tables takes long, and each law begins with new ones.
    for (const law of repositoryLaws(open)) it(law.name, law.run, 4 * LAW_TIMEOUT);
  });
});
