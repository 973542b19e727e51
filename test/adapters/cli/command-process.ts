import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

/** The root of the checkout. */
export const ROOT: string = join(import.meta.dirname, "../../..");

/** A folder of this test file, deleted at its end. */
export let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "oncecode-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a file into the folder and returns its path. */
export const writeFileInFolder = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
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
