import { execFile, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { type Cleanup, startCleanup } from "./cleanup.ts";
import { killTree, processTree, sendSignal, waitUntilEnded } from "./process-tree.ts";

/** A server on a free port of this machine. It ends at the latest when this process ends. */
export interface Server {
  readonly url: string;
  readonly port: number;
  /** Ends the server with SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** Starts the server again on the same data and waits until it answers. */
  start(): Promise<void>;
  /** Pauses all processes of the server with SIGSTOP. */
  pause(): void;
  resume(): void;
  /** Ends the server and deletes its folder. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Whether committed data survive a crash; true by default. False is faster. */
  readonly durable?: boolean;
  /** An empty folder for the data, which the caller deletes. A temporary folder by default. */
  readonly folder?: string;
}

export interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** A database server refuses to run as root. If we are root, this system user runs it instead. */
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

/** The folder, port and user of a server. */
export interface ServerEnvironment {
  readonly cleanup: Cleanup;
  readonly folder: string;
  readonly port: number;
  readonly user: User;
}

/** Creates a folder that only the server's user may read, and reserves a port. */
export const createServerEnvironment = async (
  kind: string,
  userName: string,
  ownFolder?: string,
): Promise<ServerEnvironment> => {
  const cleanup = startCleanup();
  const folder = ownFolder ?? mkdtempSync(join(tmpdir(), `oncecode-${kind}-`));
  if (ownFolder === undefined) cleanup.add("folder", folder);
  const user = unprivileged(userName);
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  return { cleanup, folder, user, port: await freePort() };
};

const spawnOptions = ({ user, folder }: ServerEnvironment) => ({
  ...user,
  cwd: folder,
  env: { PATH: process.env.PATH, LC_ALL: "C" },
});

/** Runs a program in the environment until it ends. */
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
  /** Whether the server accepts queries. */
  isReady(): Promise<boolean>;
  /** The signal for a fast and orderly shutdown. */
  readonly stopSignal: NodeJS.Signals;
}

/** After a crash a server replays its log, so a start may take this long. */
const START_TIMEOUT = 60_000;

/** Starts the program of a server. The program may start child processes. */
export const startServer = async (environment: ServerEnvironment, program: ServerProgram): Promise<Server> => {
  const { cleanup, folder, port } = environment;
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
    cleanup.add("process", pid);
    for (const deadline = Date.now() + START_TIMEOUT; !(await isReady()); await setTimeout(20))
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${name} does not start: ${readFileSync(log, "utf8").slice(-2000)}`);
  };
  const markStopped = (pid: number): void => {
    cleanup.remove("process", pid);
    runningPid = null;
  };
  const kill = async (): Promise<void> => {
    if (runningPid === null) return;
    await killTree(runningPid);
    markStopped(runningPid);
  };
  const signalAll = (sent: NodeJS.Signals): void => {
    // The parent gets the signal first. Once it is stopped, it starts no new children.
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
    await cleanup.finish();
  };
  try {
    await start();
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { url, port, kill, start, pause: () => signalAll("SIGSTOP"), resume: () => signalAll("SIGCONT"), stop };
};
