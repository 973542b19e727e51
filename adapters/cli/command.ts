import { readFile } from "node:fs/promises";
import { isOncecodeError } from "oncecode";
import { commandOf, HELP } from "./arguments.ts";
import { demo } from "./demo.ts";
import type { ExitCode } from "./exit-code.ts";
import { manifestPath } from "./shipped.ts";
import { type Line, terminal } from "./terminal.ts";
import { Unusable } from "./unusable.ts";

const versionOf = async (): Promise<string> => {
  const manifest: unknown = JSON.parse(await readFile(manifestPath(), "utf8"));
  return (manifest as { readonly version: string }).version;
};

/** What is at the bottom of it, where a store's own words say more than the engine's. */
const deepest = (error: Error): Error => (error.cause instanceof Error ? deepest(error.cause) : error);

/** One line on what went wrong. The engine's own errors begin with their code, as in logs. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const message = isOncecodeError(error) ? `${error.code}: ${error.message}` : error.message;
  const cause = deepest(error);
  return cause === error ? message : `${message} (${cause.message})`;
};

const plainLines = (text: string): readonly Line[] => text.split("\n").map((line) => ({ style: "plain", text: line }));

/** Fires at Ctrl-C. Once: a second one ends the process the hard way, which the database survives. */
const interruption = (): AbortSignal => {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  return stop.signal;
};

const execute = async (args: readonly string[]): Promise<ExitCode> => {
  const command = commandOf(args);
  switch (command.type) {
    case "help":
      terminal.print(plainLines(HELP));
      return 0;
    case "version":
      terminal.print(plainLines(await versionOf()));
      return 0;
    case "demo":
      return demo(command.options, terminal, interruption());
  }
};

export const main = async (args: readonly string[]): Promise<ExitCode> => {
  try {
    return await execute(args);
  } catch (error) {
    terminal.fail(messageOf(error));
    return error instanceof Unusable ? 2 : 1;
  }
};
