import { type Comparison, comparisonName } from "./comparison.ts";
import type { ProgressReporter } from "./rounds.ts";

const WIDTH = 24;
const CLEAR = "\r\u001b[K";
/** The rough duration of a comparison, relative to the others, for the remaining time. */
const WEIGHTS: Readonly<Record<string, number>> = {
  core: 0.3,
  startup: 0.5,
  publish: 1,
  scale: 1.5,
  create: 2,
  list: 2,
  latency: 1,
};

const weightOf = ({ scenario }: Comparison): number => WEIGHTS[scenario] ?? 1;

const minutes = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

/** Shows a bar on a terminal, and a line per comparison in a log. */
export const createProgressReporter = (comparisons: readonly Comparison[]): ProgressReporter & { end(): void } => {
  const total = comparisons.reduce((sum, comparison) => sum + weightOf(comparison), 0);
  const start = performance.now();
  const isLive = process.stderr.isTTY === true;
  let stepStart = start;
  let [current, weightDone, share]: [Comparison | null, number, number] = [null, 0, 0];
  let stepName = "";

  const show = (): void => {
    if (current === null || !isLive) return;
    const done = (weightDone + share * weightOf(current)) / total;
    const elapsed = (performance.now() - start) / 1000;
    const left = done > 0.02 ? `, ${minutes((elapsed / done) * (1 - done))} left` : "";
    const full = Math.round(done * WIDTH);
    const bar = "█".repeat(full) + "░".repeat(WIDTH - full);
    const text = `${bar} ${Math.floor(done * 100)} %${left}  ${comparisonName(current)}: ${stepName}`;
    process.stderr.write(CLEAR + text.slice(0, process.stderr.columns - 1));
  };
  /** Logs the duration of the last comparison. */
  const log = (): void => {
    const now = performance.now();
    if (!isLive && stepStart !== start) process.stderr.write(`  ${((now - stepStart) / 1000).toFixed(1)} s\n`);
    stepStart = now;
  };
  return {
    step: (comparison, next) => {
      if (comparison !== current) {
        weightDone += current === null ? 0 : weightOf(current);
        [current, share] = [comparison, 0];
        log();
        if (!isLive) process.stderr.write(comparisonName(comparison));
      }
      stepName = next;
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
