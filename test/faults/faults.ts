import { setTimeout } from "node:timers/promises";
import type { SmallDisk } from "../servers/tmpfs.ts";
import type { Breaking } from "./proxy.ts";
import type { Stage } from "./run.ts";

/** Something that goes wrong for a while. Gives how often it did. */
export type Fault = (stage: Stage) => Promise<number>;

/** On a busy machine it takes longer, but no longer than this, for as much to happen. In milliseconds. */
const PATIENCE = 40_000;

const TICK = 100;

/** Waits until workers were told of so many publications more than now. */
const progress = async ({ crew }: Stage, more: number): Promise<void> => {
  const before = crew.given();
  const deadline = Date.now() + PATIENCE;
  while (crew.given() < before + more && Date.now() < deadline) await setTimeout(TICK);
};

/** Only many processes that want the same at the same time. */
export const calm =
  (publications: number): Fault =>
  async (stage) => {
    await progress(stage, publications);
    return 0;
  };

/** Between two faults everybody gets on with it, for a time that is never the same. */
const repeatedly =
  (times: number, happen: (stage: Stage, n: number) => Promise<void>): Fault =>
  async (stage) => {
    for (let n = 0; n < times; n++) {
      await progress(stage, 100);
      await setTimeout(stage.random.below(500));
      await happen(stage, n);
    }
    await progress(stage, 100);
    return times;
  };

export const workersKilled = (times: number): Fault => repeatedly(times, ({ crew }) => crew.replaceOne());

export const serverKilled = (times: number): Fault =>
  repeatedly(times, async ({ server, random }) => {
    await server.kill();
    await setTimeout(random.below(300));
    await server.start();
  });

/** As a machine that swaps, or a virtual one that is moved. The last time is the longest. */
export const serverPaused = (times: number): Fault =>
  repeatedly(times, async ({ server, random }, n) => {
    server.pause();
    await setTimeout(n === times - 1 ? 5000 : 300 + random.below(1500));
    server.resume();
  });

export const connectionsBroken =
  (breaking: Breaking, publications: number): Fault =>
  async (stage) => {
    await progress(stage, 50);
    stage.proxy.breakAt(breaking);
    await progress(stage, publications);
    stage.proxy.breakAt(null);
    await progress(stage, 50);
    return stage.proxy.breaks;
  };

const answers = async ({ kind, server }: Stage): Promise<boolean> => {
  for (let attempt = 0; attempt < 30; attempt++)
    try {
      await kind.query(server.url, "select 1");
      return true;
    } catch {
      await setTimeout(TICK);
    }
  return false;
};

/** A server may give up when it has no room. Then it is started again, as whoever makes room would do. */
export const diskFull = (disk: SmallDisk, times: number): Fault =>
  repeatedly(times, async (stage) => {
    disk.fill();
    await setTimeout(2000);
    disk.free();
    if (await answers(stage)) return;
    await stage.server.kill();
    await stage.server.start();
  });

/** Counts how often the server had no connection for one more. */
export const crowded =
  (publications: number): Fault =>
  async (stage) => {
    const { kind, server } = stage;
    let refused = 0;
    let isOver = false;
    const asking = (async () => {
      while (!isOver) {
        await kind.query(server.url, "select 1").catch(() => {
          refused += 1;
        });
        await setTimeout(TICK);
      }
    })();
    await progress(stage, publications);
    isOver = true;
    await asking;
    return refused;
  };
