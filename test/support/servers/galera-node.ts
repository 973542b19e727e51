import { type ExecFileException, execFile, spawn } from "node:child_process";
import { chownSync, closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Cleanup } from "./cleanup.ts";
import { whenSynced } from "./galera-status.ts";
import { killTree, processTree, sendSignal } from "./process-tree.ts";
import type { User } from "./server.ts";

/** A server of a cluster. */
export interface GaleraNode {
  readonly url: string;
  readonly port: number;
  /** Whether the node accepts queries, as far as we know. */
  readonly isAvailable: boolean;
  /** How often the node crashed. The node was started again each time. */
  readonly crashes: number;
  /** Ends the node with SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** Starts the node again and waits until it has caught up with the others. */
  start(): Promise<void>;
  /** Ends the node with SIGKILL. The node is then restarted, as after a crash that no test caused. */
  crash(): void;
  /** Pauses all processes of the node with SIGSTOP. */
  pause(): void;
  /** Lets the node continue and waits until it has caught up with the others. */
  resume(): Promise<void>;
  /** Waits until all nodes are up and have caught up. */
  waitUntilSynced(): Promise<void>;
}

/** The ports of a node: for clients, for the other nodes, and for the incremental and the full transfer of missed data. */
interface Ports {
  readonly client: number;
  readonly group: number;
  readonly incrementalTransfer: number;
  readonly fullTransfer: number;
}

interface NodeOptions {
  readonly name: string;
  readonly folder: string;
  readonly program: string;
  readonly library: string;
  readonly user: User;
  readonly cleanup: Cleanup;
  readonly ports: Ports;
  /** The ports of all nodes, including this one. */
  readonly allPorts: readonly Ports[];
  /** Creates a data directory. */
  readonly install: (data: string) => void;
  /** Whether the cluster is being stopped. */
  readonly isStopping: () => boolean;
}

const JOIN_TIMEOUT = 90_000;
const STARTS_MAX = 5;
const MEMORY_SETTINGS = [
  "--innodb-buffer-pool-size=64M",
  "--innodb-log-file-size=32M",
  "--key-buffer-size=1M",
  "--performance-schema=0",
  "--max-connections=200",
];
const LATIN1_SETTINGS = ["--character-set-server=latin1", "--collation-server=latin1_swedish_ci"];
/** At the default of 2, the log has a line for each of our requests for the status. */
const LOG_SETTINGS = ["--log-warnings=1"];
/** Settings that Galera needs, and settings with which a crash loses no data. */
const DURABILITY_SETTINGS = [
  "--binlog-format=ROW",
  "--innodb-autoinc-lock-mode=2",
  "--innodb-flush-log-at-trx-commit=1",
];
/** A node that is silent for two seconds leaves the cluster, so the nodes have to send each other signs of life often. */
const FAILURE_DETECTION = [
  "evs.keepalive_period=PT0.5S",
  "evs.inactive_check_period=PT0.25S",
  "evs.suspect_timeout=PT2S",
  "evs.inactive_timeout=PT4S",
  "evs.install_timeout=PT4S",
];

const argumentsOf = ({ name, folder, library, ports, allPorts }: NodeOptions): readonly string[] => {
  const provider = [
    `base_port=${ports.group}`,
    `gmcast.listen_addr=tcp://127.0.0.1:${ports.group}`,
    `ist.recv_addr=127.0.0.1:${ports.incrementalTransfer}`,
    "gcache.size=32M",
    ...FAILURE_DETECTION,
  ];
  return [
    "--no-defaults",
    `--datadir=${join(folder, "data")}`,
    `--tmpdir=${join(folder, "tmp")}`,
    `--socket=${join(folder, "socket")}`,
    `--pid-file=${join(folder, "pid")}`,
    "--skip-networking=0",
    "--bind-address=127.0.0.1",
    `--port=${ports.client}`,
    ...MEMORY_SETTINGS,
    ...LATIN1_SETTINGS,
    ...LOG_SETTINGS,
    ...DURABILITY_SETTINGS,
    "--wsrep-on=1",
    "--wsrep-sync-wait=1",
    `--wsrep-provider=${library}`,
    `--wsrep-provider-options=${provider.join(";")}`,
    "--wsrep-cluster-name=oncecode",
    `--wsrep-cluster-address=gcomm://${allPorts.map(({ group }) => `127.0.0.1:${group}`).join()}`,
    `--wsrep-node-name=${name}`,
    `--wsrep-node-address=127.0.0.1:${ports.group}`,
    "--wsrep-sst-method=rsync",
    `--wsrep-sst-receive-address=127.0.0.1:${ports.fullTransfer}`,
  ];
};

/**
 * The position of a killed node, from its own log. With the position it requests the missed part; without it all data, and
 * the node that sends all data accepts no writes until the end. Only an interrupted full transfer leaves no position.
 */
const positionAfterCrash = async (
  program: string,
  args: readonly string[],
  run: { readonly cwd: string },
): Promise<readonly string[]> => {
  const recovery = promisify(execFile)(program, [...args, "--wsrep-recover", "--skip-log-error"], run);
  const { stderr = "" } = await recovery.catch((error: ExecFileException) => error);
  const [, position] = /Recovered position: (\S+)/.exec(stderr) ?? [];
  if (position !== undefined) return [`--wsrep-start-position=${position}`];
  console.warn(`The node needs all data, because its log has no position: ${stderr.slice(-1000)}`);
  return [];
};

interface StartableNode extends GaleraNode {
  /** Starts the node for the first time. The first node founds the cluster, and the others copy all data from it. */
  bootstrap(isFirst: boolean): Promise<void>;
}

const clientsOf = (ports: readonly Ports[]): readonly number[] => ports.map(({ client }) => client);

export const createNode = (plan: NodeOptions): StartableNode => {
  const { name, folder, program, user, cleanup, ports, allPorts, install, isStopping } = plan;
  const log = join(folder, "log");
  const args = argumentsOf(plan);
  const path = [process.env.PATH ?? "", "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(delimiter);
  const run = { ...user, cwd: folder, env: { PATH: path, LC_ALL: "C" } };
  const clients = clientsOf(allPorts);
  let runningPid: number | null = null;
  let isUp = false;
  let crashes = 0;
  /** The running restart after a crash, or null. */
  let restart: Promise<void> | null = null;

  const logTail = (): string => readFileSync(log, "utf8").slice(-3000);

  /** Waits until this node and the others have caught up with each other. */
  const waitUntilSynced = async (nodes: readonly number[] = clients): Promise<void> => {
    const failure = await whenSynced(nodes, JOIN_TIMEOUT);
    if (failure !== null) throw new Error(`${name} does not join (${failure}): ${logTail()}`);
  };

  const launch = async (nodes: readonly number[], more: readonly string[]): Promise<void> => {
    const output = openSync(log, "a");
    const stdio: ["ignore", number, number] = ["ignore", output, output];
    const child = spawn(program, [...args, ...more], { ...run, stdio, detached: true });
    closeSync(output);
    const { pid } = child;
    if (pid === undefined) throw new Error("MariaDB cannot be started here");
    child.unref();
    runningPid = pid;
    cleanup.add("process", pid);
    let hasJoined = false;
    await new Promise<void>((resolve, reject) => {
      child.once("exit", () => {
        cleanup.remove("process", pid);
        if (hasJoined) restartAfterCrash(pid);
        else reject(new Error(`${name} ended before it had joined: ${logTail()}`));
      });
      waitUntilSynced(nodes).then(resolve, reject);
    });
    hasJoined = true;
    isUp = true;
  };

  const killProcess = async (): Promise<void> => {
    const pid = runningPid;
    isUp = false;
    runningPid = null;
    if (pid !== null) await killTree(pid);
  };

  /** Tries several times, because a node cannot join while too few of the others are up. */
  const start = async (): Promise<void> => {
    for (let tryNumber = 1; ; tryNumber++)
      try {
        return await launch(clients, await positionAfterCrash(program, args, run));
      } catch (thrown) {
        await killProcess();
        if (isStopping() || tryNumber === STARTS_MAX) throw thrown;
      }
  };

  /** A service manager would restart the node, too: Debian's unit of MariaDB has `Restart=on-abnormal`. */
  const restartAfterCrash = (pid: number): void => {
    if (isStopping() || runningPid !== pid) return;
    runningPid = null;
    isUp = false;
    crashes += 1;
    console.warn(`${name} crashed and is started again: ${logTail()}`);
    restart = start().finally(() => {
      restart = null;
    });
    restart.catch((error: unknown) => console.warn(error));
  };

  return {
    url: `mysql://root@127.0.0.1:${ports.client}/test`,
    port: ports.client,
    get isAvailable() {
      return isUp;
    },
    get crashes() {
      return crashes;
    },
    bootstrap: (isFirst) => {
      const data = join(folder, "data");
      for (const place of [folder, join(folder, "tmp"), ...(isFirst ? [] : [data])]) {
        mkdirSync(place, { mode: 0o700 });
        if (user.uid !== undefined && user.gid !== undefined) chownSync(place, user.uid, user.gid);
      }
      if (isFirst) install(data);
      return launch([ports.client], isFirst ? ["--wsrep-new-cluster"] : []);
    },
    start,
    kill: async () => {
      await restart;
      await killProcess();
    },
    crash: () => {
      if (runningPid !== null) sendSignal([runningPid], "SIGKILL");
    },
    pause: () => {
      isUp = false;
      if (runningPid !== null) sendSignal(processTree(runningPid), "SIGSTOP");
    },
    resume: async () => {
      if (runningPid !== null) sendSignal(processTree(runningPid), "SIGCONT");
      await waitUntilSynced();
      isUp = true;
    },
    waitUntilSynced: async () => {
      await restart;
      await waitUntilSynced();
    },
  };
};
