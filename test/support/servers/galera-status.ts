import { setTimeout } from "node:timers/promises";
import { createConnection, type RowDataPacket } from "mysql2/promise";

interface StatusRow extends RowDataPacket {
  readonly Variable_name: string;
  readonly Value: string;
}

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
const areSynced = (statuses: readonly (Status | null)[]): boolean => {
  const views = new Set(statuses.map((status) => status?.get("wsrep_cluster_conf_id")));
  const isSynced = (status: Status | null): boolean =>
    status?.get("wsrep_local_state_comment") === "Synced" &&
    Number(status.get("wsrep_cluster_size")) >= statuses.length;
  return views.size === 1 && statuses.every(isSynced);
};

const describe = (status: Status | null): string =>
  status === null
    ? "no answer"
    : `${status.get("wsrep_local_state_comment")}, ${status.get("wsrep_cluster_size")} nodes in its cluster`;

/** Waits until the nodes on these ports have caught up. Returns null then, or what they report after the timeout. */
export const whenSynced = async (ports: readonly number[], timeout: number): Promise<string | null> => {
  for (const deadline = Date.now() + timeout; ; await setTimeout(50)) {
    const statuses = await Promise.all(ports.map(statusOf));
    if (areSynced(statuses)) return null;
    if (Date.now() > deadline) return statuses.map(describe).join("; ");
  }
};
