import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createConnection } from "mysql2/promise";
import { startCleanup } from "./cleanup.ts";
import { freePorts } from "./free-ports.ts";
import { createNode, type GaleraNode } from "./galera-node.ts";
import { mariadbBinary } from "./mariadb.ts";
import { unprivileged } from "./server.ts";

export type { GaleraNode } from "./galera-node.ts";

/** Servers on this machine that all accept writes. They end at the latest when this process ends. */
export interface Galera {
  readonly nodes: readonly GaleraNode[];
  /** Ends all servers and deletes their folders. */
  stop(): Promise<void>;
}

const LIBRARIES = [
  "/usr/lib/galera/libgalera_smm.so",
  "/usr/lib64/galera-4/libgalera_smm.so",
  "/usr/lib64/galera/libgalera_smm.so",
];

/** The path of the Galera library, or null where a cluster cannot be started. */
export const galeraBinary = (): string | null =>
  mariadbBinary() === null ? null : (LIBRARIES.find((path) => existsSync(path)) ?? null);

const installer = (program: string): string =>
  [join(dirname(program), "mariadb-install-db"), "/usr/bin/mariadb-install-db"].find((path) => existsSync(path)) ??
  "mariadb-install-db";

const createDatabase = async ({ port }: GaleraNode): Promise<void> => {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root" });
  await connection.query("create database if not exists test").finally(() => connection.end());
};

export const startGalera = async ({ nodes: size }: { readonly nodes: number }): Promise<Galera> => {
  const [program, library] = [mariadbBinary(), galeraBinary()];
  if (program === null || library === null) throw new Error("Galera is not installed");
  const cleanup = startCleanup();
  let isStopping = false;
  const folder = mkdtempSync(join(tmpdir(), "oncecode-galera-"));
  cleanup.add("folder", folder);
  try {
    // A full transfer fails when the server runs as root.
    const user = unprivileged("mysql");
    if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
    chmodSync(folder, 0o700);
    const install = (data: string): void => {
      const installArguments = [
        "--no-defaults",
        `--datadir=${data}`,
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
      ];
      execFileSync(installer(program), installArguments, { ...user, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    };
    const all = await freePorts(4 * size);
    const ports = Array.from({ length: size }, (_, n) => {
      const [client = 0, group = 0, incrementalTransfer = 0, fullTransfer = 0] = all.slice(4 * n);
      return { client, group, incrementalTransfer, fullTransfer };
    });
    const shared = { program, library, user, cleanup, install, allPorts: ports, isStopping: () => isStopping };
    const nodes = ports.map((own, n) =>
      createNode({ ...shared, name: `n${n + 1}`, folder: join(folder, `n${n + 1}`), ports: own }),
    );
    const [first, ...others] = nodes;
    await first?.bootstrap(true);
    // We start one node after another, because at first only one node can bring others up to date.
    for (const node of others) await node.bootstrap(false);
    if (first !== undefined) await createDatabase(first);
    const stop = (): Promise<void> => {
      isStopping = true;
      return cleanup.finish();
    };
    return { nodes, stop };
  } catch (thrown) {
    await cleanup.finish();
    throw thrown;
  }
};
