import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { readAttempts } from "./attempt-log.ts";
import type { Attempt } from "./history.ts";
import type { Task } from "./worker.ts";

interface Worker {
  readonly child: ChildProcess;
  readonly logFile: string;
  readonly errors: Promise<string>;
  readonly exitCode: Promise<number | null>;
  isKilled: boolean;
}

/** Processes that publish at the same time. */
export interface Workers {
  /** Kills a worker, and starts another one. */
  replaceOne(): Promise<void>;
  /** The number of confirmed publications so far. */
  acknowledgedCount(): number;
  /** Stops the workers. Returns their attempts. */
  stop(timeout: number): Promise<{ readonly attempts: readonly Attempt[]; readonly problems: readonly string[] }>;
}

export type WorkersOptions = Omit<Task, "name" | "logFile" | "seed"> & {
  readonly workers: number;
  readonly seed: number;
};

export const startWorkers = async (
  { workers: size, seed, ...plan }: WorkersOptions,
  folder: string,
): Promise<Workers> => {
  const workers: Worker[] = [];

  const start = async (): Promise<ChildProcess> => {
    const name = `w${workers.length + 1}`;
    const logFile = join(folder, `${name}.log`);
    const task: Task = { ...plan, name, logFile, seed: seed + workers.length };
    const script = join(import.meta.dirname, "worker.ts");
    const child = spawn(process.execPath, ["--conditions=dev-source", script, JSON.stringify(task)], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.on("error", () => undefined);
    const errors = text(child.stderr);
    const exitCode = new Promise<number | null>((resolve) => child.once("close", resolve));
    workers.push({ child, logFile, errors, exitCode, isKilled: false });
    const ready = new Promise<void>((resolve) => child.stdout.once("data", () => resolve()));
    const earlyExit = exitCode.then(async () => Promise.reject(new Error(`${name} ended early: ${await errors}`)));
    await Promise.race([ready, earlyExit]);
    earlyExit.catch(() => undefined);
    return child;
  };

  const attempts = (): readonly Attempt[] =>
    workers.flatMap(({ logFile, isKilled }) => readAttempts(logFile, isKilled));

  const problemsOf = async ({ child, errors, exitCode, isKilled }: Worker, timeout: number): Promise<string[]> => {
    child.stdin?.write("stop\n");
    const code = await Promise.race([exitCode, setTimeout(timeout, "late" as const, { ref: false })]);
    if (code === "late") child.kill("SIGKILL");
    const stderr = await errors;
    if (isKilled || (code === 0 && stderr === "")) return [];
    return [`a worker ended ${code === "late" ? "only when it was killed" : `with ${code}`}: ${stderr}`];
  };

  try {
    // Workers begin after all have opened the store. With few connections, the first would leave none for the last.
    const children = await Promise.all(Array.from({ length: size }, start));
    for (const { stdin } of children) stdin?.write("go\n");
  } catch (thrown) {
    for (const { child } of workers) child.kill("SIGKILL");
    throw thrown;
  }
  return {
    replaceOne: async () => {
      const victim = workers.find(({ isKilled }) => !isKilled);
      if (victim === undefined) return;
      victim.isKilled = true;
      victim.child.kill("SIGKILL");
      await victim.exitCode;
      const { stdin } = await start();
      stdin?.write("go\n");
    },
    acknowledgedCount: () => attempts().filter(({ outcome }) => outcome?.type === "acknowledged").length,
    stop: async (timeout) => {
      const problems = await Promise.all(workers.map((worker) => problemsOf(worker, timeout)));
      return { attempts: attempts(), problems: problems.flat() };
    },
  };
};
