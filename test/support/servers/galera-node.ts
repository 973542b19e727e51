import { execFileSync, spawn } from "node:child_process";
import { chownSync, closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import type { Cleanup } from "./cleanup.ts";
import { killTree, processTree, sendSignal } from "./process-tree.ts";
import type { User } from "./server.ts";

/** A server of a cluster. */
export interface GaleraNode {
  readonly url: string;
  readonly port: number;
  /** Whether it accepts queries, as far as we know. */
  readonly isAvailable: boolean;
  /** Ends it with SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again and waits until it has caught up with the others. */
  start(): Promise<void>;
  /** Pauses all its processes with SIGSTOP. */
  pause(): void;
  /** Lets it continue and waits until it has caught up with the others. */
  resume(): Promise<void>;
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
}

const JOIN_TIMEOUT = 90_000;
const MEMORY_SETTINGS = [
  "--innodb-buffer-pool-size=64M",
  "--innodb-log-file-size=32M",
  "--key-buffer-size=1M",
  "--performance-schema=0",
  "--max-connections=200",
];
const LATIN1_SETTINGS = ["--character-set-server=latin1", "--collation-server=latin1_swedish_ci"];
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

interface StatusRow extends RowDataPacket {
  readonly Variable_name: string;
  readonly Value: string;
}

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

type Status = ReadonlyMap<string, string>;

/** The status of the cluster as a node reports it, or null if the node does not answer. */
const statusOf = async (port: number): Promise<Status | null> => {
  try {
    const connection = await createConnection({ host: "127.0.0.1", port, user: "root", connectTimeout: 1000 });
    connection.on("error", () => undefined);
    try {
      const query = connection.query<StatusRow[]>("show status like 'wsrep_%'");
      const answer = await Promise.race([query, setTimeout(2000, null, { ref: false })]);
      return answer === null ? null : new Map(answer[0].map(({ Variable_name, Value }) => [Variable_name, Value]));
    } finally {
      connection.destroy();
    }
  } catch {
    return null;
  }
};

/** Whether every node reports that all are synced. A paused node reports its old status for a while, so one is not enough. */
const areSynced = async (ports: readonly number[]): Promise<boolean> => {
  const statuses = await Promise.all(ports.map(statusOf));
  const views = new Set(statuses.map((status) => status?.get("wsrep_cluster_conf_id")));
  const isSynced = (status: Status | null): boolean =>
    status?.get("wsrep_local_state_comment") === "Synced" && Number(status.get("wsrep_cluster_size")) >= ports.length;
  return views.size === 1 && statuses.every(isSynced);
};

/** The position of a killed node, from its own log. With the position it requests the missed part and not all data. */
const positionAfterCrash = (program: string, args: readonly string[], run: object): readonly string[] => {
  const output = execFileSync(program, [...args, "--wsrep-recover", "--log-error="], {
    ...run,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [, position] = /Recovered position: (\S+)/.exec(output) ?? [];
  return position === undefined ? [] : [`--wsrep-start-position=${position}`];
};

interface StartableNode extends GaleraNode {
  /** Starts it for the first time. The first node founds the cluster, and the others copy all data from it. */
  bootstrap(isFirst: boolean): Promise<void>;
}

const clientsOf = (ports: readonly Ports[]): readonly number[] => ports.map(({ client }) => client);

export const createNode = (plan: NodeOptions): StartableNode => {
  const { name, folder, program, user, cleanup, ports, allPorts, install } = plan;
  const log = join(folder, "log");
  const args = argumentsOf(plan);
  const path = [process.env.PATH ?? "", "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(delimiter);
  const run = { ...user, cwd: folder, env: { PATH: path, LC_ALL: "C" } };
  let runningPid: number | null = null;
  let isUp = false;

  const catchUp = async (clients: readonly number[], isOver: () => boolean): Promise<void> => {
    for (const deadline = Date.now() + JOIN_TIMEOUT; !(await areSynced(clients)); await setTimeout(50))
      if (isOver() || Date.now() > deadline)
        throw new Error(`${name} does not join: ${readFileSync(log, "utf8").slice(-3000)}`);
    isUp = true;
  };

  const launch = async (clients: readonly number[], more: readonly string[]): Promise<void> => {
    const output = openSync(log, "a");
    const stdio: ["ignore", number, number] = ["ignore", output, output];
    const child = spawn(program, [...args, ...more], { ...run, stdio, detached: true });
    closeSync(output);
    const { pid } = child;
    if (pid === undefined) throw new Error("MariaDB cannot be started here");
    child.unref();
    runningPid = pid;
    cleanup.add("process", pid);
    await catchUp(clients, () => child.exitCode !== null || child.signalCode !== null);
  };

  return {
    url: `mysql://root@127.0.0.1:${ports.client}/test`,
    port: ports.client,
    get isAvailable() {
      return isUp;
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
    start: () => launch(clientsOf(allPorts), positionAfterCrash(program, args, run)),
    kill: async () => {
      isUp = false;
      if (runningPid === null) return;
      await killTree(runningPid);
      cleanup.remove("process", runningPid);
      runningPid = null;
    },
    pause: () => {
      isUp = false;
      if (runningPid !== null) sendSignal(processTree(runningPid), "SIGSTOP");
    },
    resume: async () => {
      if (runningPid !== null) sendSignal(processTree(runningPid), "SIGCONT");
      await catchUp(clientsOf(allPorts), () => runningPid === null);
    },
  };
};
