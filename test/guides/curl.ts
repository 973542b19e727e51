import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { blocksOf } from "./guides.ts";

/** The `curl` commands of a guide. A command can have several lines. */
export const curlCommands = (guide: string): readonly string[] =>
  blocksOf(guide, "commands").flatMap((block) =>
    block.split(/\n(?=curl )/).filter((command) => command.startsWith("curl ")),
  );

/** Runs a command in a shell, as a reader would, and parses the JSON that it prints. */
export const runCurl = async (command: string): Promise<unknown> => {
  const { stdout } = await promisify(execFile)("sh", ["-c", command.replace(/^curl/, "curl --silent --show-error")]);
  return JSON.parse(stdout);
};
