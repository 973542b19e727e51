import { connect, createServer, type Socket } from "node:net";
import type { GaleraNode } from "./galera-node.ts";

/** One port in front of all nodes. */
export interface Balancer {
  readonly port: number;
  close(): void;
}

/** The milliseconds between two checks for nodes that are down. */
const CHECK_INTERVAL = 1000;

/** The two sockets of one connection. */
class ProxiedConnection {
  readonly node: GaleraNode;
  readonly #sockets: readonly Socket[];

  constructor(client: Socket, node: GaleraNode, onEnd: () => void) {
    this.node = node;
    const server = connect(node.port, "127.0.0.1");
    this.#sockets = [client, server];
    for (const socket of this.#sockets) {
      socket.setNoDelay();
      socket.on("error", () => undefined);
      socket.once("close", () => {
        this.cut();
        onEnd();
      });
    }
    client.pipe(server);
    server.pipe(client);
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/**
 * Assigns each connection to the next node that is up, so the next query of a client may reach another node. Cuts the
 * connections to nodes that are down, as load balancers usually do.
 */
export const startBalancer = async (nodes: readonly GaleraNode[]): Promise<Balancer> => {
  const pairs = new Set<ProxiedConnection>();
  let turn = 0;
  const server = createServer((client) => {
    const up = nodes.filter(({ isAvailable }) => isAvailable);
    const node = up[turn++ % up.length];
    if (node === undefined) {
      client.destroy();
      return;
    }
    const pair = new ProxiedConnection(client, node, () => pairs.delete(pair));
    pairs.add(pair);
  });
  const checks = setInterval(() => {
    for (const pair of pairs) if (!pair.node.isAvailable) pair.cut();
  }, CHECK_INTERVAL);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    close: () => {
      clearInterval(checks);
      server.close();
      for (const pair of pairs) pair.cut();
    },
  };
};
