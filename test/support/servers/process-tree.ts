import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly isDead: boolean;
}

/** After the name, which may have any characters, a process's state and parent follow. */
const processRow = (pid: number): readonly ProcessRow[] => {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return [{ pid, parent: Number(parent), isDead: state === "Z" }];
  } catch {
    return []; // It is gone meanwhile.
  }
};

const fromProc = (): readonly ProcessRow[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => processRow(Number(name)));

const fromPs = (): readonly ProcessRow[] =>
  execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, parent, state = ""] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), isDead: state.startsWith("Z") };
    });

const allProcesses = (): readonly ProcessRow[] => (existsSync("/proc/self/stat") ? fromProc() : fromPs());

/** A process and all that descend from it; a server's children are groups of their own, so a signal to its group misses them. */
export const processTree = (root: number): readonly number[] => {
  const rows = allProcesses();
  const tree = rows.filter(({ pid, isDead }) => pid === root && !isDead).map(({ pid }) => pid);
  for (const pid of tree) tree.push(...rows.filter((row) => row.parent === pid && !row.isDead).map((row) => row.pid));
  return tree;
};

/** Sends a signal to each, but for those that are gone. */
export const sendSignal = (pids: readonly number[], name: NodeJS.Signals): void => {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // It is gone.
    }
};

const isAnyAlive = (pids: readonly number[]): boolean => {
  const left = new Set(pids);
  return allProcesses().some(({ pid, isDead }) => left.has(pid) && !isDead);
};

/** Waits for all of them to end, and says whether they did. */
export const waitUntilEnded = async (pids: readonly number[], timeout: number): Promise<boolean> => {
  for (const deadline = Date.now() + timeout; isAnyAlive(pids); await setTimeout(5))
    if (Date.now() > deadline) return false;
  return true;
};

/** Ends a process with all that descend from it, at once. Stopped first, it starts no more of them. */
export const killTree = async (root: number): Promise<void> => {
  sendSignal([root], "SIGSTOP");
  const tree = processTree(root);
  sendSignal(tree, "SIGKILL");
  await waitUntilEnded(tree, 10_000);
};
