import { createConnection, createPool } from "mysql2/promise";
import { mysqlRepository } from "oncecode/mysql";
import type { Galera } from "../support/servers/galera.ts";
import { startBalancer } from "../support/servers/galera-balancer.ts";
import type { ServerKind } from "./server-kind.ts";
import { mariadbServerKind } from "./server-kind-mariadb.ts";

/** Waits for the confirmed writes of other nodes. Only the checker uses it. Workers see the current data of their node. */
const UP_TO_DATE = "set session wsrep_sync_wait = 15";

const resetDatabase = async ({ nodes }: Galera): Promise<void> => {
  for (const node of nodes) await node.waitUntilSynced();
  const servers = nodes.map(({ url }) => url.replace(/test$/, ""));
  await mariadbServerKind.query(servers[0] ?? "", "drop database if exists test");
  await mariadbServerKind.query(servers[0] ?? "", "create database test");
  // The transaction of another node begins after the node has the new database. To connect to a database does not wait.
  for (const server of servers) await mariadbServerKind.query(server, "start transaction");
};

/** A running cluster with an empty database. Workers use it like one server. */
export const galeraServerKind = (cluster: Galera): ServerKind => ({
  ...mariadbServerKind,
  start: async () => {
    await resetDatabase(cluster);
    const { port, close } = await startBalancer(cluster.nodes);
    let turn = 0;
    const victim = () => cluster.nodes[turn % cluster.nodes.length];
    return {
      url: `mysql://root@127.0.0.1:${port}/test`,
      port,
      kill: async () => victim()?.kill(),
      start: async () => {
        await victim()?.start();
        turn += 1;
      },
      pause: () => victim()?.pause(),
      resume: () => void victim()?.resume(),
      stop: async () => close(),
    };
  },
  open: async (url) => {
    const pool = createPool({ uri: url, connectionLimit: 4, charset: "utf8mb4_unicode_ci" });
    pool.on("connection", (connection) => void connection.query(UP_TO_DATE));
    const repository = await mysqlRepository({ pool: pool.pool });
    return { ...repository, close: () => pool.end() };
  },
  query: async <Row>(url: string, text: string) => {
    const connection = await createConnection(url);
    connection.on("error", () => undefined);
    try {
      await connection.query(UP_TO_DATE);
      const [rows] = await connection.query(text);
      return rows as unknown as readonly Row[];
    } finally {
      connection.destroy();
    }
  },
});
