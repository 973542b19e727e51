import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { startGuard } from "./guard.ts";
import type { Server } from "./postgres.ts";
import { ended, killTree, signal, treeOf } from "./processes.ts";

export type { Server } from "./postgres.ts";

export interface MariadbServerOptions {
  /** Whether what it confirms survives its crash; true unless given. Otherwise it is faster. */
  readonly durable?: boolean;
  /** More options of its command line, such as `--sql-mode=ANSI`. The last of a kind counts. */
  readonly settings?: readonly string[];
  /** A folder for its data, to be deleted by whoever made it; a temporary one unless given. */
  readonly folder?: string;
}

/** How long it may take to start: after a crash there is a log to go through. */
const PATIENCE = 60_000;
const HASTY = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--sync-binlog=0"];
const SMALL = ["--innodb-buffer-pool-size=64M", "--key-buffer-size=1M", "--performance-schema=0"];
/** Not what a careful host would choose: what is right here is right anywhere. */
const NASTY = ["--character-set-server=latin1", "--collation-server=latin1_swedish_ci"];

const PLACES = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"];
const find = (name: string): string | null =>
  PLACES.map((place) => join(place, name)).find((path) => existsSync(path)) ?? null;

/** Where the server's program is, or null where it is not installed. */
export const mariadbBinary = (): string | null => find("mariadbd");

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** The server does not run as root. */
const unprivileged = (): User => {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, "mysql"], { encoding: "utf8" }));
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

/** Makes the database, too, if it is not there yet. */
const answers = async (port: number): Promise<boolean> => {
  try {
    const connection = await createConnection({ host: "127.0.0.1", port, user: "root", connectTimeout: 1000 });
    connection.on("error", () => undefined);
    await connection.query("create database if not exists test").finally(() => connection.destroy());
    return true;
  } catch {
    return false;
  }
};

export const startMariadb = async (options: MariadbServerOptions = {}): Promise<Server> => {
  const { durable = true, settings = [] } = options;
  const [program, install] = [mariadbBinary(), find("mariadb-install-db")];
  if (program === null || install === null) throw new Error("MariaDB is not installed");
  const guard = startGuard();
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "oncecode-mariadb-"));
  if (options.folder === undefined) guard.keep("folder", folder);
  const user = unprivileged();
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const [data, log] = [join(folder, "data"), join(folder, "log")];
  const run = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: "C" } };
  if (!existsSync(data)) {
    const made = ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", "--skip-test-db"];
    execFileSync(install, made, { ...run, stdio: ["ignore", "ignore", "pipe"] });
  }

  const port = await freePort();
  const args = [
    "--no-defaults",
    `--datadir=${data}`,
    `--tmpdir=${folder}`,
    `--socket=${join(folder, "socket")}`,
    `--pid-file=${join(folder, "pid")}`,
    "--skip-networking=0",
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    "--max-connections=300",
    ...SMALL,
    ...NASTY,
    ...(durable ? [] : HASTY),
    ...settings,
  ];
  let running: number | null = null;

  const start = async (): Promise<void> => {
    const output = openSync(log, "a");
    const child = spawn(program, args, { ...run, stdio: ["ignore", output, output], detached: true });
    closeSync(output);
    const { pid } = child;
    if (pid === undefined) throw new Error("MariaDB cannot be started here");
    child.unref();
    running = pid;
    guard.keep("process", pid);
    for (const deadline = Date.now() + PATIENCE; !(await answers(port)); await setTimeout(20))
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`MariaDB does not start: ${readFileSync(log, "utf8").slice(-2000)}`);
  };
  const gone = (pid: number): void => {
    guard.forget("process", pid);
    running = null;
  };
  const kill = async (): Promise<void> => {
    if (running === null) return;
    await killTree(running);
    gone(running);
  };
  const toAll = (name: NodeJS.Signals): void => {
    if (running !== null) signal(treeOf(running), name);
  };
  const stop = async (): Promise<void> => {
    if (running !== null) {
      const tree = treeOf(running);
      signal(tree, "SIGCONT");
      signal([running], "SIGTERM");
      if (await ended(tree, 5000)) gone(running);
    }
    await guard.end();
  };
  try {
    await start();
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  const url = `mysql://root@127.0.0.1:${port}/test`;
  return { url, port, kill, start, pause: () => toAll("SIGSTOP"), resume: () => toAll("SIGCONT"), stop };
};
