import { setTimeout } from "node:timers/promises";
import type { SmallDisk } from "../support/servers/small-disk.ts";
import type { ConnectionFault } from "./proxy.ts";
import type { FaultContext } from "./run.ts";

/** Causes a fault some times. Returns the number of times. */
export type Fault = (context: FaultContext) => Promise<number>;

/** The longest time for progress, in milliseconds. A busy machine needs more time. */
const PROGRESS_TIMEOUT = 40_000;

const POLL_INTERVAL = 100;

/** Waits until workers have `more` confirmed publications than now. */
const waitForPublications = async ({ workers }: FaultContext, more: number): Promise<void> => {
  const before = workers.acknowledgedCount();
  const deadline = Date.now() + PROGRESS_TIMEOUT;
  while (workers.acknowledgedCount() < before + more && Date.now() < deadline) await setTimeout(POLL_INTERVAL);
};

/** No fault: many processes that publish at the same time. */
export const noFault =
  (publications: number): Fault =>
  async (context) => {
    await waitForPublications(context, publications);
    return 0;
  };

/** Between two faults, the workers go on for a random time. */
const repeatFault =
  (times: number, causeFault: (context: FaultContext, n: number) => Promise<void>): Fault =>
  async (context) => {
    for (let n = 0; n < times; n++) {
      await waitForPublications(context, 100);
      await setTimeout(context.random.below(500));
      await causeFault(context, n);
    }
    await waitForPublications(context, 100);
    return times;
  };

export const killWorkers = (times: number): Fault => repeatFault(times, ({ workers }) => workers.replaceOne());

export const killServer = (times: number): Fault =>
  repeatFault(times, async ({ server, random }) => {
    await server.kill();
    await setTimeout(random.below(300));
    await server.start();
  });

/** Stops the server for a while, like a machine that swaps, or a virtual machine that is moved. The last pause is the longest. */
export const pauseServer = (times: number): Fault =>
  repeatFault(times, async ({ server, random }, n) => {
    server.pause();
    await setTimeout(n === times - 1 ? 5000 : 300 + random.below(1500));
    server.resume();
  });

export const breakConnections =
  (connectionFault: ConnectionFault, publications: number): Fault =>
  async (context) => {
    await waitForPublications(context, 50);
    context.proxy.breakAt(connectionFault);
    await waitForPublications(context, publications);
    context.proxy.breakAt(null);
    await waitForPublications(context, 50);
    return context.proxy.breakCount;
  };

const waitUntilAnswering = async ({ kind, server }: FaultContext): Promise<boolean> => {
  for (let attempt = 0; attempt < 30; attempt++)
    try {
      await kind.query(server.url, "select 1");
      return true;
    } catch {
      await setTimeout(POLL_INTERVAL);
    }
  return false;
};

/** A server may end when its disk is full. Then the server is started again, as an operator would do after making room. */
export const fillDisk = (disk: SmallDisk, times: number): Fault =>
  repeatFault(times, async (context) => {
    disk.fill();
    await setTimeout(2000);
    disk.free();
    if (await waitUntilAnswering(context)) return;
    await context.server.kill();
    await context.server.start();
  });

/** Counts how often the server refused another connection. */
export const exhaustConnections =
  (publications: number): Fault =>
  async (context) => {
    const { kind, server } = context;
    let refused = 0;
    let isOver = false;
    const polling = (async () => {
      while (!isOver) {
        await kind.query(server.url, "select 1").catch(() => {
          refused += 1;
        });
        await setTimeout(POLL_INTERVAL);
      }
    })();
    await waitForPublications(context, publications);
    isOver = true;
    await polling;
    return refused;
  };
