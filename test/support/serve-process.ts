import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { atEndOfFile } from "./at-end.ts";
import { newFolder } from "./new-folder.ts";

const ROOT = join(import.meta.dirname, "../..");

/** A running `oncecode serve`. */
export interface ServeProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** The lines of its log so far. */
  readonly lines: readonly string[];
  /** Sends SIGTERM and returns the exit code. */
  stop(): Promise<number | null>;
}

/** A new path for an SQLite database. */
export const newDatabasePath = async (): Promise<string> => join(await newFolder(), "codes.db");

/** Starts `oncecode serve` on a free port with the key app/app-token, and returns as soon as it listens. */
export const startServe = async (...args: readonly string[]): Promise<ServeProcess> => {
  const key = ["--app-id", "app", "--app-token", "app-token"];
  const command = [
    "--conditions=dev-source",
    join(ROOT, "adapters/cli/main.ts"),
    "serve",
    "--port",
    "0",
    ...key,
    ...args,
  ];
  const child = spawn(process.execPath, command, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  atEndOfFile(() => child.kill("SIGKILL"));
  const exitCode = once(child, "exit").then(([code]: unknown[]) => (typeof code === "number" ? code : null));
  const lines: string[] = [];
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const listening = new Promise<string>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      const entry: { readonly message?: string; readonly url?: string } = JSON.parse(line);
      if (entry.message === "listening" && entry.url !== undefined) resolve(entry.url);
    });
  });
  const earlyExit = exitCode.then((code) => Promise.reject(new Error(`oncecode serve ended with ${code}: ${stderr}`)));
  earlyExit.catch(() => undefined);
  const stop = (): Promise<number | null> => {
    child.kill("SIGTERM");
    return exitCode;
  };
  return { url: await Promise.race([listening, earlyExit]), process: child, lines, stop };
};
