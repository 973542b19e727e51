import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export const start = (script: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ["--conditions=dev-source", "--disable-warning=ExperimentalWarning", script, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });

export interface Exit {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
}

export const exitOf = async (child: ChildProcess): Promise<Exit> => {
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const stderr = child.stderr === null ? "" : await text(child.stderr);
  return { code: await ended, stderr };
};

/** Runs a script in as many processes as there are lists of arguments, all at the same time. */
export const inProcesses = (script: string, args: readonly (readonly string[])[]): Promise<readonly Exit[]> =>
  Promise.all(args.map((each) => exitOf(start(script, each))));
