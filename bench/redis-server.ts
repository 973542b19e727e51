import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createClient } from "redis";
import { createServerEnvironment, type Server, startServer } from "../test/support/servers/server.ts";

const BINARY_FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin"];

/** The path of the server's program, or null if it is not installed. */
export const redisBinary = (): string | null =>
  BINARY_FOLDERS.map((folder) => join(folder, "redis-server")).find((path) => existsSync(path)) ?? null;

const answersPing = async (url: string): Promise<boolean> => {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 1000 } });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === "PONG";
  } catch {
    return false;
  } finally {
    client.destroy();
  }
};

const redisSettings = (folder: string, port: number): Readonly<Record<string, string>> => ({
  bind: "127.0.0.1",
  port: String(port),
  dir: folder,
  save: "",
  appendonly: "yes",
  appendfsync: "always",
});

/** Starts a server that confirms a command only after its write is on the disk. */
export const startRedis = async (): Promise<Server> => {
  const path = redisBinary();
  if (path === null) throw new Error("Redis is not installed");
  const environment = await createServerEnvironment("redis", "nobody");
  const { folder, port } = environment;
  const url = `redis://127.0.0.1:${port}`;
  return startServer(environment, {
    name: "Redis",
    path,
    args: Object.entries(redisSettings(folder, port)).flatMap(([name, value]) => [`--${name}`, value]),
    url,
    isReady: () => answersPing(url),
    stopSignal: "SIGTERM",
  });
};
