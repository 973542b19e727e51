import { type Contest, nameOf } from "./contest.ts";
import type { Watcher } from "./run.ts";

const WIDTH = 24;
const CLEAR = "\r\u001b[K";
/** How long a contest takes beside one that takes 1: roughly, for the time left. */
const WEIGHTS: Readonly<Record<string, number>> = {
  core: 0.3,
  startup: 0.5,
  publish: 1,
  scale: 1.5,
  create: 2,
  list: 2,
  latency: 1,
};

const weightOf = ({ family }: Contest): number => WEIGHTS[family] ?? 1;

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

/** A bar on a terminal; in a log, a line per contest. */
export const progress = (contests: readonly Contest[]): Watcher & { end(): void } => {
  const total = contests.reduce((sum, contest) => sum + weightOf(contest), 0);
  const start = performance.now();
  const isLive = process.stderr.isTTY === true;
  let begun = start;
  let [current, before, share]: [Contest | null, number, number] = [null, 0, 0];
  let what = "";

  const show = (): void => {
    if (current === null || !isLive) return;
    const done = (before + share * weightOf(current)) / total;
    const elapsed = (performance.now() - start) / 1000;
    const left = done > 0.02 ? `, ${minutes((elapsed / done) * (1 - done))} left` : "";
    const full = Math.round(done * WIDTH);
    const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
    const text = `${bar} ${Math.floor(done * 100)} %${left}  ${nameOf(current)}: ${what}`;
    process.stderr.write(CLEAR + text.slice(0, process.stderr.columns - 1));
  };
  /** How long the last one took. */
  const log = (): void => {
    const now = performance.now();
    if (!isLive && begun !== start) process.stderr.write(`  ${((now - begun) / 1000).toFixed(1)} s\n`);
    begun = now;
  };
  return {
    step: (contest, next) => {
      if (contest !== current) {
        before += current === null ? 0 : weightOf(current);
        [current, share] = [contest, 0];
        log();
        if (!isLive) process.stderr.write(nameOf(contest));
      }
      what = next;
      show();
    },
    done: (next) => {
      share = next;
      show();
    },
    end: () => {
      log();
      if (isLive) process.stderr.write(CLEAR);
    },
  };
};
