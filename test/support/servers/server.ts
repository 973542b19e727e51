import { execFile, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { type Cleanup, startCleanup } from "./cleanup.ts";
import { killTree, processTree, sendSignal, waitUntilEnded } from "./process-tree.ts";

/** A server of our own, on a free port of this machine, gone at the latest when this process is. */
export interface Server {
  readonly url: string;
  readonly port: number;
  /** As a crash would end it. */
  kill(): Promise<void>;
  /** Once more, on the same data, until it answers. */
  start(): Promise<void>;
  /** Stops all its processes where they are. */
  pause(): void;
  resume(): void;
  /** Ends it and deletes its folder. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Whether what it confirms survives its crash; true unless given. Otherwise it is faster. */
  readonly durable?: boolean;
  /** An empty folder for its data, to be deleted by whoever made it; a temporary one unless given. */
  readonly folder?: string;
}

export interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** Who runs a server, which root does not: this user of the system's instead. */
export const unprivileged = (name: string): User => {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === "object" ? address.port : 0));
    });
  });

/** Where a server is to run, and as whom. */
export interface ServerEnvironment {
  readonly guard: Cleanup;
  readonly folder: string;
  readonly port: number;
  readonly user: User;
}

/** A place for a server of this kind, whose folder is that user's alone. */
export const createServerEnvironment = async (
  kind: string,
  userName: string,
  ownFolder?: string,
): Promise<ServerEnvironment> => {
  const guard = startCleanup();
  const folder = ownFolder ?? mkdtempSync(join(tmpdir(), `oncecode-${kind}-`));
  if (ownFolder === undefined) guard.add("folder", folder);
  const user = unprivileged(userName);
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  return { guard, folder, user, port: await freePort() };
};

const spawnOptions = ({ user, folder }: ServerEnvironment) => ({
  ...user,
  cwd: folder,
  env: { PATH: process.env.PATH, LC_ALL: "C" },
});

/** Runs a program there until it is done. */
export const runProgram = async (
  environment: ServerEnvironment,
  program: string,
  args: readonly string[],
): Promise<void> => {
  await promisify(execFile)(program, args, spawnOptions(environment));
};

interface ServerProgram {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly url: string;
  /** Whether it can be used by now. */
  isReady(): Promise<boolean>;
  /** What has it end soon and in order. */
  readonly stopSignal: NodeJS.Signals;
}

/** How long a server may take to start: after a crash there is a log to go through. */
const START_TIMEOUT = 60_000;

/** Starts a server's program. Other processes may descend from it. */
export const startServer = async (environment: ServerEnvironment, program: ServerProgram): Promise<Server> => {
  const { guard, folder, port } = environment;
  const { name, path, args, url, isReady, stopSignal } = program;
  const log = join(folder, "log");
  let runningPid: number | null = null;

  const start = async (): Promise<void> => {
    const output = openSync(log, "a");
    const child = spawn(path, args, {
      ...spawnOptions(environment),
      stdio: ["ignore", output, output],
      detached: true,
    });
    closeSync(output);
    const { pid } = child;
    if (pid === undefined) throw new Error(`${name} cannot be started here`);
    child.unref();
    runningPid = pid;
    guard.add("process", pid);
    for (const deadline = Date.now() + START_TIMEOUT; !(await isReady()); await setTimeout(20))
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${name} does not start: ${readFileSync(log, "utf8").slice(-2000)}`);
  };
  const markStopped = (pid: number): void => {
    guard.remove("process", pid);
    runningPid = null;
  };
  const kill = async (): Promise<void> => {
    if (runningPid === null) return;
    await killTree(runningPid);
    markStopped(runningPid);
  };
  const signalAll = (sent: NodeJS.Signals): void => {
    // The first one first: stopped, it starts no more of them.
    if (runningPid !== null) sendSignal([runningPid], sent);
    if (runningPid !== null) sendSignal(processTree(runningPid), sent);
  };
  const stop = async (): Promise<void> => {
    if (runningPid !== null) {
      const tree = processTree(runningPid);
      sendSignal(tree, "SIGCONT");
      sendSignal([runningPid], stopSignal);
      if (await waitUntilEnded(tree, 5000)) markStopped(runningPid);
    }
    await guard.finish();
  };
  try {
    await start();
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { url, port, kill, start, pause: () => signalAll("SIGSTOP"), resume: () => signalAll("SIGCONT"), stop };
};
