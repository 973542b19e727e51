import { connect, createServer, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { SeededRandom } from "./seeded-random.ts";
import type { WireProtocol } from "./wire.ts";

/**
 * The position of a fault relative to a commit.
 *
 * - `before`: the commit does not reach the server.
 * - `sent`: the commit reaches the server, and the connection breaks at once.
 * - `after`: the server has committed, and the answer is lost.
 * - `stall`: the answer is late.
 */
type BreakPoint = "before" | "sent" | "after" | "stall";

export interface ConnectionFault {
  readonly at: BreakPoint;
  /** The share of commits with this fault. */
  readonly share: number;
  /** The milliseconds of a stall. */
  readonly stall?: number;
}

/** A proxy between clients and a server, which breaks connections. */
export interface FaultyProxy {
  readonly port: number;
  /** The number of faults so far. */
  readonly breakCount: number;
  /** Sets the fault for later commits; null stops it. */
  breakAt(fault: ConnectionFault | null): void;
  close(): void;
}

/** One connection. `nextFault` decides on a fault for the current commit. */
class ProxiedConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #wire: WireProtocol;
  readonly #nextFault: () => ConnectionFault | null;
  /** The chosen fault of this connection. */
  #fault: ConnectionFault | null = null;
  #isOver = false;

  constructor(client: Socket, port: number, wire: WireProtocol, nextFault: () => ConnectionFault | null) {
    this.#client = client.setNoDelay();
    this.#server = connect(port, "127.0.0.1").setNoDelay();
    this.#wire = wire;
    this.#nextFault = nextFault;
    for (const socket of [this.#client, this.#server]) {
      socket.on("error", () => this.cut());
      socket.on("close", () => this.cut());
    }
    this.#client.on("data", (bytes: Buffer) => this.#forwardRequest(bytes));
    this.#server.on("data", (bytes: Buffer) => void this.#forwardAnswer(bytes));
  }

  cut(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  #forwardRequest(bytes: Buffer): void {
    for (const message of this.#wire.fromClient(bytes)) {
      if (this.#isOver) return;
      if (message.isCommit) this.#fault ??= this.#nextFault();
      if (this.#fault?.at === "before") this.cut();
      if (this.#isOver) return;
      this.#server.write(message.bytes);
      // The connection ends in order, so that the written bytes arrive.
      if (this.#fault?.at === "sent" && message.isLast) this.#abandon();
    }
  }

  #abandon(): void {
    this.#client.resetAndDestroy();
    this.#server.end();
  }

  async #forwardAnswer(bytes: Buffer): Promise<void> {
    const messages = this.#wire.fromServer(bytes);
    if (this.#fault === null || this.#fault.at === "before") {
      for (const message of messages) this.#client.write(message.bytes);
      return;
    }
    if (this.#fault.at === "after" && messages.some(({ isLast }) => isLast)) this.cut();
    if (this.#fault.at !== "stall") return;
    // Later messages wait for the same time, so that they stay in order.
    await setTimeout(this.#fault.stall ?? 0);
    if (messages.some(({ isLast }) => isLast)) this.#fault = null;
    if (!this.#isOver) for (const message of messages) this.#client.write(message.bytes);
  }
}

export const startProxy = async (
  port: number,
  wire: () => WireProtocol,
  random: SeededRandom,
): Promise<FaultyProxy> => {
  let currentFault: ConnectionFault | null = null;
  let breakCount = 0;
  const connections = new Set<ProxiedConnection>();
  const server = createServer((client) => {
    const connection = new ProxiedConnection(client, port, wire(), () => {
      if (currentFault === null || !random.chance(currentFault.share)) return null;
      breakCount += 1;
      return currentFault;
    });
    connections.add(connection);
    client.once("close", () => connections.delete(connection));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    get breakCount() {
      return breakCount;
    },
    breakAt: (fault) => {
      currentFault = fault;
    },
    close: () => {
      server.close();
      for (const connection of connections) connection.cut();
    },
  };
};
