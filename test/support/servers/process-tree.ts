import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly isDead: boolean;
}

/** State and parent of a process follow its name in brackets. The name may contain brackets, so we cut at the last one. */
const processRow = (pid: number): readonly ProcessRow[] => {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return [{ pid, parent: Number(parent), isDead: state === "Z" }];
  } catch {
    return []; // The process has ended meanwhile.
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

/** A process and its descendants. A server's children have their own groups, so a signal to the server's group misses them. */
export const processTree = (root: number): readonly number[] => {
  const rows = allProcesses();
  const tree = rows.filter(({ pid, isDead }) => pid === root && !isDead).map(({ pid }) => pid);
  for (const pid of tree) tree.push(...rows.filter((row) => row.parent === pid && !row.isDead).map((row) => row.pid));
  return tree;
};

/** Sends a signal to each process that still runs. */
export const sendSignal = (pids: readonly number[], name: NodeJS.Signals): void => {
  for (const pid of pids)
    try {
      process.kill(pid, name);
    } catch {
      // The process has ended.
    }
};

const isAnyAlive = (pids: readonly number[]): boolean => {
  const left = new Set(pids);
  return allProcesses().some(({ pid, isDead }) => left.has(pid) && !isDead);
};

/** Waits until all processes have ended. Returns false after the timeout. */
export const waitUntilEnded = async (pids: readonly number[], timeout: number): Promise<boolean> => {
  for (const deadline = Date.now() + timeout; isAnyAlive(pids); await setTimeout(5))
    if (Date.now() > deadline) return false;
  return true;
};

/** Kills a process and its descendants. They are stopped first, so that they start no new ones meanwhile. */
export const killTree = async (root: number): Promise<void> => {
  sendSignal([root], "SIGSTOP");
  const tree = processTree(root);
  sendSignal(tree, "SIGKILL");
  await waitUntilEnded(tree, 10_000);
};
