import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { newFolder } from "../../support/new-folder.ts";

/** The root of the checkout. */
export const ROOT: string = join(import.meta.dirname, "../../..");

/** The path of a file that does not exist, in a new folder. */
export const newPath = async (name: string): Promise<string> => join(await newFolder(), name);

/** Writes a new file and returns its path. */
export const writeNewFile = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = await newPath(name);
  await writeFile(path, content);
  return path;
};

/** How a run of the command ended, and its output. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a process of its own. Sends SIGINT once when its error output matches `interruptAt`. */
export const runOncecode = (args: readonly string[], interruptAt?: RegExp): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--conditions=dev-source", "adapters/cli/main.ts", ...args], { cwd: ROOT });
    const output = { stdout: "", stderr: "" };
    let interrupted = false;
    const onOutput = (stream: "stdout" | "stderr") => (text: string) => {
      output[stream] += text;
      if (interrupted || interruptAt?.test(output.stderr) !== true) return;
      interrupted = child.kill("SIGINT");
    };
    child.stdout.setEncoding("utf8").on("data", onOutput("stdout"));
    child.stderr.setEncoding("utf8").on("data", onOutput("stderr"));
    child.on("error", reject).on("close", (exitCode) => resolve({ exitCode, ...output }));
  });
