import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** Starts a script in a new process. */
export const startProcess = (script: string, args: readonly string[]): ChildProcess =>
  fork(script, args, {
    execArgv: ["--conditions=dev-source", "--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });

interface Exit {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
}

export const waitForExit = async (child: ChildProcess): Promise<Exit> => {
  const exitCode = new Promise<number | null>((resolve) => child.once("close", resolve));
  const stderr = child.stderr === null ? "" : await text(child.stderr);
  return { code: await exitCode, stderr };
};

/** Called by a script of `runInProcesses`: waits until all its processes have called it. */
export const waitForOthers = async (): Promise<void> => {
  process.send?.("ready");
  await once(process, "message");
};

/** Runs a script that calls `waitForOthers` in one process for each list of arguments. */
export const runInProcesses = async (
  script: string,
  args: readonly (readonly string[])[],
): Promise<readonly Exit[]> => {
  const children = args.map((each) => startProcess(script, each));
  const exits = Promise.all(children.map(waitForExit));
  await Promise.all(children.map((child) => Promise.race([once(child, "message"), once(child, "exit")])));
  for (const child of children) if (child.connected) child.send("go");
  return exits;
};
