import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createConnection } from "mysql2/promise";
import { createServerEnvironment, runProgram, type Server, type ServerOptions, startServer } from "./server.ts";

interface MariadbServerOptions extends ServerOptions {
  /** More options of its command line, such as `--sql-mode=ANSI`. The last of a kind counts. */
  readonly settings?: readonly string[];
}

const FAST_SETTINGS = ["--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--sync-binlog=0"];
const MEMORY_SETTINGS = ["--innodb-buffer-pool-size=64M", "--key-buffer-size=1M", "--performance-schema=0"];
/** Settings that a careful host would not choose. A statement that is correct under these is correct under any. */
const LATIN1_SETTINGS = ["--character-set-server=latin1", "--collation-server=latin1_swedish_ci"];

const PROGRAM_FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/usr/libexec"];
const findProgram = (name: string): string | null =>
  PROGRAM_FOLDERS.map((place) => join(place, name)).find((path) => existsSync(path)) ?? null;

/** The path of the server's program, or null where it is not installed. */
export const mariadbBinary = (): string | null => findProgram("mariadbd");

/** Also creates the database if it does not exist yet. */
const isReady = async (port: number): Promise<boolean> => {
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
  const [program, install] = [mariadbBinary(), findProgram("mariadb-install-db")];
  if (program === null || install === null) throw new Error("MariaDB is not installed");
  const environment = await createServerEnvironment("mariadb", "mysql", options.folder);
  const { folder, port } = environment;
  const data = join(folder, "data");
  const installArguments = ["--auth-root-authentication-method=normal", "--skip-test-db"];
  // A server deletes all temporary files when it starts, also those of other servers in the same folder.
  await runProgram(environment, install, [
    "--no-defaults",
    `--datadir=${data}`,
    `--tmpdir=${folder}`,
    ...installArguments,
  ]);

  return startServer(environment, {
    name: "MariaDB",
    path: program,
    args: [
      "--no-defaults",
      `--datadir=${data}`,
      `--tmpdir=${folder}`,
      `--socket=${join(folder, "socket")}`,
      `--pid-file=${join(folder, "pid")}`,
      "--skip-networking=0",
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      "--max-connections=300",
      ...MEMORY_SETTINGS,
      ...LATIN1_SETTINGS,
      ...(durable ? [] : FAST_SETTINGS),
      ...settings,
    ],
    url: `mysql://root@127.0.0.1:${port}/test`,
    isReady: () => isReady(port),
    stopSignal: "SIGTERM",
  });
};
