import { readFile } from "node:fs/promises";
import { type DemoOptions, HELP, type MigrateOptions, parseCommand } from "./arguments.ts";
import { plain } from "./layout.ts";
import { manifestPath } from "./paths.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { ExitCode } from "./terminal.ts";
import { terminal, UsageError } from "./terminal.ts";

const readVersion = async (): Promise<string> => {
  const manifest: unknown = JSON.parse(await readFile(manifestPath(), "utf8"));
  return (manifest as { readonly version: string }).version;
};

/** The last cause of an error. The message of a store often says more than the engine's. */
const rootCause = (error: Error): Error => (error.cause instanceof Error ? rootCause(error.cause) : error);

/** The message of an error in one line. For an error of the engine, it begins with the code. */
const messageOf = async (error: unknown): Promise<string> => {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UsageError) return error.message;
  const { isOncecodeError } = await import("oncecode");
  const message = isOncecodeError(error) ? `${error.code}: ${error.message}` : error.message;
  const cause = rootCause(error);
  return cause === error ? message : `${message} (${cause.message})`;
};

/** Aborts at the first Ctrl-C. A second Ctrl-C kills the process, without harm to the database. */
const interruptSignal = (): AbortSignal => {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  return stop.signal;
};

/** Loads the engine only when a command needs it, so that `--help` is fast. */
const runDemo = async (options: DemoOptions): Promise<ExitCode> => {
  const { demo } = await import("./demo.ts");
  return demo(options, terminal, interruptSignal());
};

const runMigrate = async (options: MigrateOptions): Promise<ExitCode> => {
  const { migrate } = await import("./migrate.ts");
  return migrate(options, terminal);
};

const runServe = async (options: ServeOptions): Promise<ExitCode> => {
  const { serve } = await import("./serve.ts");
  return serve(options);
};

const execute = async (args: readonly string[]): Promise<ExitCode> => {
  const command = parseCommand(args, process.env);
  switch (command.type) {
    case "help":
      terminal.print(HELP.split("\n").map(plain));
      return 0;
    case "version":
      terminal.print([plain(await readVersion())]);
      return 0;
    case "demo":
      return runDemo(command.options);
    case "migrate":
      return runMigrate(command.options);
    case "serve":
      return runServe(command.options);
  }
};

export const main = async (args: readonly string[]): Promise<ExitCode> => {
  try {
    return await execute(args);
  } catch (error) {
    terminal.printError(await messageOf(error));
    return error instanceof UsageError ? 2 : 1;
  }
};
