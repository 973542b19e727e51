import { connect, createServer, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { Seeded } from "./seeded.ts";
import type { Wire } from "./wire.ts";

/**
 * Where a connection breaks.
 *
 * - `before`: what decides does not reach the server.
 * - `sent`: it does, and nobody waits for what comes of it.
 * - `after`: the server has done it, and its answer gets lost.
 * - `stall`: nothing breaks, but the answer takes its time.
 */
type Break = "before" | "sent" | "after" | "stall";

export interface Breaking {
  readonly at: Break;
  /** Of all that decides, the part that it happens to. */
  readonly share: number;
  /** Milliseconds, of a stall. */
  readonly stall?: number;
}

/** Stands between clients and a server, and breaks connections where it is told to. */
export interface BadLine {
  readonly port: number;
  /** How often it did. */
  readonly breaks: number;
  /** From now on; null for no more of it. */
  breakAt(breaking: Breaking | null): void;
  close(): void;
}

/** One connection. `strike` says whether, and how, to break at what comes now. */
class Line {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #wire: Wire;
  readonly #strike: () => Breaking | null;
  /** How it is to be broken, once it is known. */
  #breaking: Breaking | null = null;
  #isOver = false;

  constructor(client: Socket, port: number, wire: Wire, strike: () => Breaking | null) {
    this.#client = client.setNoDelay();
    this.#server = connect(port, "127.0.0.1").setNoDelay();
    this.#wire = wire;
    this.#strike = strike;
    for (const socket of [this.#client, this.#server]) {
      socket.on("error", () => this.cut());
      socket.on("close", () => this.cut());
    }
    this.#client.on("data", (bytes: Buffer) => this.#asked(bytes));
    this.#server.on("data", (bytes: Buffer) => void this.#answered(bytes));
  }

  cut(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  #asked(bytes: Buffer): void {
    for (const message of this.#wire.fromClient(bytes)) {
      if (this.#isOver) return;
      if (message.decides) this.#breaking ??= this.#strike();
      if (this.#breaking?.at === "before") this.cut();
      if (this.#isOver) return;
      this.#server.write(message.bytes);
      // An orderly end, so that what was written does arrive.
      if (this.#breaking?.at === "sent" && message.ends) this.#leave();
    }
  }

  #leave(): void {
    this.#client.resetAndDestroy();
    this.#server.end();
  }

  async #answered(bytes: Buffer): Promise<void> {
    const messages = this.#wire.fromServer(bytes);
    if (this.#breaking === null || this.#breaking.at === "before") {
      for (const message of messages) this.#client.write(message.bytes);
      return;
    }
    if (this.#breaking.at === "after" && messages.some(({ ends }) => ends)) this.cut();
    if (this.#breaking.at !== "stall") return;
    // All that comes meanwhile waits as long, and so stays in order.
    await setTimeout(this.#breaking.stall ?? 0);
    if (messages.some(({ ends }) => ends)) this.#breaking = null;
    if (!this.#isOver) for (const message of messages) this.#client.write(message.bytes);
  }
}

export const startProxy = async (port: number, wire: () => Wire, random: Seeded): Promise<BadLine> => {
  let breaking: Breaking | null = null;
  let breaks = 0;
  const lines = new Set<Line>();
  const server = createServer((client) => {
    const line = new Line(client, port, wire(), () => {
      if (breaking === null || !random.chance(breaking.share)) return null;
      breaks += 1;
      return breaking;
    });
    lines.add(line);
    client.once("close", () => lines.delete(line));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: address !== null && typeof address === "object" ? address.port : 0,
    get breaks() {
      return breaks;
    },
    breakAt: (next) => {
      breaking = next;
    },
    close: () => {
      server.close();
      for (const line of lines) line.cut();
    },
  };
};
